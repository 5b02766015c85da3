/** Whether rules answer at all, asked before they are taken into use. */
import { createPolicyEngine } from './engine.ts';
import { parseDecision } from './parse-decision.ts';
import type { PolicyData } from './policy-data.ts';
import type { WasmModule } from './wasm-module.ts';

const NOBODY: PolicyData = { agencies: {}, agreements: {}, vocabulary: { version: 1, fields: {} } };
const QUESTION = {
  now: 1,
  caller: { agency: 'nobody', legal_entity: 'nobody', certificate: '00'.repeat(32) },
  context: { purpose: 'none' },
  method: '/a.v1.S/M',
  release: [1],
  match: [2],
  allow_partial: true,
};

/**
 * True where the rules give one well-formed denial in a world in which nobody has an agreement. Not a test of the rules: it
 * finds an entry point that is missing, a trap, an answer of another shape, and rules that allow anybody.
 */
export function deniesTheUnknown(module: WasmModule): boolean {
  try {
    const answer = createPolicyEngine({ module, data: NOBODY }).evaluate(QUESTION);
    return parseDecision(answer, QUESTION)?.allow === false;
  } catch {
    return false;
  }
}
