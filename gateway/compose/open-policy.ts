import { createBundleStore } from '../agreements/bundle-store.ts';
import { openAgreements } from '../agreements/watch.ts';
import { ConfigError } from '../config/config-error.ts';
import type { GatewayConfig } from '../config/read-config.ts';
import { VOCABULARY, VOCABULARY_VERSION } from '../fields/vocabulary.ts';
import { createBundleWatch, openBundle } from '../policy/bundle-watch.ts';
import type { PolicyFault } from '../policy/host.ts';
import { BundleRefused } from '../policy/signed-bundle.ts';
import { policyVocabulary } from '../policy/vocabulary.ts';
import type { Pool } from '../storage/pool.ts';
import type { Log } from '../telemetry/log.ts';

export interface PolicyOptions {
  readonly config: Pick<GatewayConfig, 'policy' | 'deployment' | 'officers'>;
  readonly pool: Pool;
  readonly nowSeconds: () => number;
  readonly log: Log;
  readonly onFault: (fault: PolicyFault | 'STALE') => void;
}

/**
 * The rules and the agreements, and what keeps both in step with the disk and the database.
 * @throws {ConfigError} where the rules do not count: a gateway without rules does not start
 */
export async function openPolicy({ config, pool, nowSeconds, log, onFault }: PolicyOptions) {
  const { policy, deployment, officers } = config;
  const source = { ...policy, deployment: deployment.id, nowSeconds, store: createBundleStore(pool) };
  const opened = await openBundle(source).catch((error: unknown) => {
    throw error instanceof BundleRefused ? new ConfigError('policy', error.message, { cause: error }) : error;
  });
  const { host, watch } = await openAgreements({
    pool,
    bundle: opened,
    log,
    vocabulary: policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION),
    deployment: deployment.id,
    pinned: officers,
    onFault,
  });
  const bundle = createBundleWatch({ source, host, opened, log });
  watch.start();
  bundle.start();
  return {
    watch,
    bundle,
    /** Under which rules and agreements decisions are made now, as it stands in every answer. */
    revision: () => `${host.revision.policy}.${host.revision.agreements}`,
    async stop(): Promise<void> {
      await bundle.stop();
      await watch.stop();
    },
  };
}
