import { isOfficersNumber, personMark } from '../acts/person-mark.ts';
import { createAdminMethods } from '../admin/admin-methods.ts';
import { createAnnouncer } from '../admin/announce.ts';
import type { AdminDeps } from '../admin/officer-call.ts';
import { loadAgreements } from '../agreements/store.ts';
import type { GatewayConfig } from '../config/read-config.ts';
import { artefactKeyOf } from '../consent/artefact-key.ts';
import { pathOf } from '../fields/vocabulary.ts';
import type { PolicyData, Vocabulary } from '../policy/policy-data.ts';
import type { WasmModule } from '../policy/wasm-module.ts';
import type { Pools } from './open-database.ts';

/** Which officers count, and whether anything but their acts does: production believes no table. */
export function officersTrust({ deployment, officers }: Pick<GatewayConfig, 'deployment' | 'officers'>) {
  return { deployment: deployment.id, pinned: officers, actsOnly: deployment.kind === 'production' };
}

/** `admin.v1`, and what tells running gateways of its decisions. */
export function openAdmin({
  pools,
  config,
  vocabulary,
  module,
  policyData,
  lookup,
  nowSeconds,
  onFailure,
}: {
  readonly pools: Pick<Pools, 'watchers' | 'proofs'>;
  readonly config: Pick<GatewayConfig, 'deployment' | 'officers' | 'tls' | 'keys'>;
  readonly vocabulary: Vocabulary;
  /** The compiled rules in use. */
  readonly module: () => WasmModule;
  readonly policyData: () => PolicyData;
  readonly lookup: AdminDeps['lookup'];
  readonly nowSeconds: () => number;
  readonly onFailure: (error: unknown) => void;
}) {
  const { actsOnly, ...trust } = officersTrust(config);
  const announcer = createAnnouncer({ pool: pools.watchers, onFailure });
  const methods = createAdminMethods({
    ...{ db: pools.proofs, trust, actsOnly, ca: config.tls.ca, lookup, nowSeconds },
    markPerson: (id) =>
      isOfficersNumber(id, config.deployment.kind) ? personMark(config.keys.pseudonym, id) : undefined,
    rehearsal: {
      module,
      decisionKey: config.keys.decision,
      pathOf,
    },
    matters: { key: artefactKeyOf(config.keys.evidence), policyData },
    loadAgreements: () => loadAgreements({ pool: pools.proofs, vocabulary, ...trust, actsOnly }),
    onDecided: announcer.soon,
  });
  return { methods, announcer };
}
