import { createBundleStore } from '../agreements/bundle-store.ts';
import { openAgreements } from '../agreements/watch.ts';
import { ConfigError } from '../config/config-error.ts';
import type { GatewayConfig } from '../config/read-config.ts';
import { createBundleWatch, openBundle } from '../policy/bundle-watch.ts';
import type { PolicyFault } from '../policy/host.ts';
import type { Vocabulary } from '../policy/policy-data.ts';
import { BundleRefused } from '../policy/signed-bundle.ts';
import { compileModule, isWasmModule, type WasmModule } from '../policy/wasm-module.ts';
import type { Pool } from '../storage/pool.ts';
import type { Log } from '../telemetry/log.ts';
import type { officersTrust } from './open-admin.ts';

export interface PolicyOptions {
  readonly config: Pick<GatewayConfig, 'policy' | 'deployment'>;
  readonly trust: ReturnType<typeof officersTrust>;
  readonly vocabulary: Vocabulary;
  readonly pool: Pool;
  readonly nowSeconds: () => number;
  readonly log: Log;
  readonly onFault: (fault: PolicyFault | 'STALE') => void;
}

/**
 * The rules and the agreements, and what keeps both in step with the disk and the database.
 * @throws {ConfigError} where the rules do not count: a gateway without rules does not start
 */
export async function openPolicy({ config, trust, vocabulary, pool, nowSeconds, log, onFault }: PolicyOptions) {
  const { policy, deployment } = config;
  const source = { ...policy, deployment: deployment.id, nowSeconds, store: createBundleStore(pool) };
  const opened = await openBundle(source).catch((error: unknown) => {
    throw error instanceof BundleRefused ? new ConfigError('policy', error.words, { cause: error }) : error;
  });
  const { host, watch } = await openAgreements({
    pool,
    bundle: opened,
    ...{ log, vocabulary, onFault, nowSeconds, ...trust },
  });
  const bundle = createBundleWatch({ source, host, opened, log });
  watch.start();
  bundle.start();
  return {
    watch,
    bundle,
    /** The compiled rules in use. */
    module(): WasmModule {
      const { wasm } = host.contents;
      return isWasmModule(wasm) ? wasm : compileModule(wasm);
    },
    /** Under which rules and agreements decisions are made now, as it stands in every answer. */
    revision: () => `${host.revision.policy}.${host.revision.agreements}`,
    async stop(): Promise<void> {
      await bundle.stop();
      await watch.stop();
    },
  };
}
