/** A policy host over the rules and the world of the vectors, which keeps what it complained of. */
import type { PolicyEngine } from '../engine.ts';
import { createPolicyHost, type PolicyFault, type PolicyHostOptions } from '../host.ts';
import { POLICY_WASM, worldData } from './vectors.ts';

export const HOST_REVISION = { policy: 1, agreements: 1 };
export const HOST_DATA = worldData();
export const UNAVAILABLE = { allow: false, reason: 'POLICY_UNAVAILABLE', fields: [], obligations: [], limits: {} };

export function testHost(options: Partial<PolicyHostOptions> = {}) {
  const faults: PolicyFault[] = [];
  const made = createPolicyHost({
    wasm: POLICY_WASM,
    data: HOST_DATA,
    revision: HOST_REVISION,
    onFault: (fault) => faults.push(fault),
    ...options,
  });
  return { ...made, faults, decide: made.decide, replace: made.replace, get: made };
}

/** An engine that answers this, whatever it is asked. */
export function answering(answer: () => unknown): Partial<PolicyHostOptions> {
  const engine: PolicyEngine = { evaluate: answer, instances: 1 };
  return { createEngine: () => engine };
}
