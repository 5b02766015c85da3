/**
 * One instance of the compiled policy with its data, replaced after every fault.
 *
 * An abort inside the WASM leaks its stack, and after a few hundred the instance is dead; so none survives a throw. The
 * compiled module is kept, and a fresh instance costs about 0.1 ms plus the parsing of the data.
 * Not guaranteed: an end of the evaluation. There is no time limit, so only the project's own rules run here.
 */
import * as opaWasm from '@open-policy-agent/opa-wasm';
import type { WasmModule } from './wasm-module.ts';

export interface PolicyEngine {
  /**
   * The result set of the entry point for `input`, or for the JSON in UTF-8 that an ArrayBuffer holds.
   * @throws whatever the WASM or its glue throws (a text, an object, a RangeError); the instance is then gone.
   */
  evaluate(input: unknown): unknown;
  /** Instances made so far, the first included. */
  readonly instances: number;
}

/** Memory of one instance in pages of 64 KiB: 5 to start, 1,024 (64 MiB) at most unless told otherwise. */
export const MEMORY_PAGES = { initial: 5, maximum: 1024 } as const;

/** The part of opa-wasm used here. Its types name its exports one by one, its ES module has them in `default` only. */
interface OpaWasm {
  loadPolicySync(module: WasmModule, memory: { initial: number; maximum: number }): LoadedPolicy;
}

interface LoadedPolicy {
  /** Parses all of it and resets the heap. */
  setData(data: object): void;
  evaluate(input: unknown, entryPoint: string): unknown;
}

const { loadPolicySync } = (opaWasm as unknown as { readonly default: OpaWasm }).default;
const ENTRY_POINT = 'lienthong/exchange/decision';

/**
 * @param data parsed, validated policy data; it is never part of the compiled module.
 * @throws when the module or the data cannot be loaded (data beyond the memory cap: RangeError).
 */
export function createPolicyEngine(options: {
  readonly module: WasmModule;
  readonly data: object;
  readonly maximumPages?: number;
}): PolicyEngine {
  const { module, data, maximumPages = MEMORY_PAGES.maximum } = options;
  let instances = 0;
  const instantiate = (): LoadedPolicy => {
    instances += 1;
    const policy = loadPolicySync(module, { initial: MEMORY_PAGES.initial, maximum: maximumPages });
    policy.setData(data);
    return policy;
  };
  let policy: LoadedPolicy | undefined = instantiate();
  return {
    evaluate(input) {
      const current = policy ?? instantiate();
      // Empty while it runs: whichever way this call ends early, the instance is not used again.
      policy = undefined;
      const results: unknown = current.evaluate(input, ENTRY_POINT);
      policy = current;
      return results;
    },
    get instances() {
      return instances;
    },
  };
}
