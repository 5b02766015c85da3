import { neverBack } from '../acts/never-back.ts';
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

/**
 * Which officers count, and whether anything but their acts does: production believes no table. One for all of a thread that reads
 * them, so that none of its books is of an earlier time than another was.
 */
export function officersTrust({ deployment, officers }: Pick<GatewayConfig, 'deployment' | 'officers'>) {
  return { deployment: deployment.id, pinned: officers, asOf: neverBack(), actsOnly: deployment.kind === 'production' };
}

/** `admin.v1`, and what tells running gateways of its decisions. */
export function openAdmin({
  pools,
  config,
  trust: { actsOnly, ...trust },
  vocabulary,
  module,
  policyData,
  lookup,
  nowSeconds,
  onFailure,
}: {
  readonly pools: Pick<Pools, 'watchers' | 'proofs'>;
  readonly config: Pick<GatewayConfig, 'deployment' | 'officers' | 'tls' | 'keys'>;
  readonly trust: ReturnType<typeof officersTrust>;
  readonly vocabulary: Vocabulary;
  /** The compiled rules in use. */
  readonly module: () => WasmModule;
  readonly policyData: () => PolicyData;
  readonly lookup: AdminDeps['lookup'];
  readonly nowSeconds: () => number;
  readonly onFailure: (error: unknown) => void;
}) {
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
