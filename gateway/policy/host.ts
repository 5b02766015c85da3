/**
 * Asks the policy. Fails closed: whatever goes wrong between a call and one well-formed answer is a denial.
 */
import { type Decision, denied } from './decision.ts';
import { createPolicyEngine, type PolicyEngine } from './engine.ts';
import { createPolicyInput, isPolicyInput, type PolicyInput } from './input.ts';
import { parseDecision } from './parse-decision.ts';
import type { PolicyData } from './policy-data.ts';
import { isRevision, mayFollow, type PolicyRevision } from './revision.ts';
import { compileModule, isWasmModule, type WasmModule } from './wasm-module.ts';

/** What happened, for counters; never what it happened with. */
export type PolicyFault = 'INPUT_REFUSED' | 'ENGINE_THREW' | 'ANSWER_MALFORMED' | 'RULES_ENDED';

export interface PolicyHost {
  /** One decision, 10–50 µs. Never throws; REQUEST_INVALID for an input out of bounds, POLICY_UNAVAILABLE for a fault. */
  decide(input: PolicyInput): Decision;
  /**
   * Takes new agreements (and, with `module`, new rules) into use, all or nothing: every later decision is made under
   * them.
   * @throws RangeError where a part of the revision would fall or none rises; whatever loading throws. The former ones
   *   then stay in use.
   */
  replace(next: PolicyContents): void;
  /** The same agreements at a later moment: a term has begun. @throws whatever loading throws; the former data then stays in use. */
  advance(data: PolicyData): void;
  /** The same rules, signed anew: until when they decide. */
  extend(rulesEnd: number): void;
  /** What decisions are made by now: whoever replaces a part of it takes the rest from here. */
  readonly contents: PolicyContents;
  /** Under which rules and agreements decisions are made now. */
  readonly revision: PolicyRevision;
}

export interface PolicyContents {
  /** The compiled rules: a module, or the bytes of policy.wasm. */
  readonly wasm: WasmModule | Uint8Array<ArrayBuffer>;
  /** From `buildData`: validated, and signed by two officers each. */
  readonly data: PolicyData;
  readonly revision: PolicyRevision;
  /** Unix seconds: the first at which the rules decide no more, and every call is denied. Absent: they have no end. */
  readonly rulesEnd?: number;
}

export interface PolicyHostOptions extends PolicyContents {
  /** Cap of the engine's memory in pages of 64 KiB. */
  readonly maximumPages?: number;
  readonly onFault?: (fault: PolicyFault) => void;
  /** How an engine is made; only tests pass their own. */
  readonly createEngine?: (options: { module: WasmModule; data: PolicyData; maximumPages?: number }) => PolicyEngine;
}

const UTF8 = new TextEncoder();

/** @throws where the first rules or data cannot be loaded: a host without a policy does not come into being. */
export function createPolicyHost(options: PolicyHostOptions): PolicyHost {
  const { onFault = () => {}, createEngine = createPolicyEngine, maximumPages } = options;

  const load = ({ wasm, data }: PolicyContents): PolicyEngine => {
    const module = isWasmModule(wasm) ? wasm : compileModule(wasm);
    return createEngine({ module, data, ...(maximumPages === undefined ? {} : { maximumPages }) });
  };

  if (!isRevision(options.revision)) throw new RangeError('policy revision is no positive whole number');
  const contentsOf = ({ wasm, data, revision, rulesEnd }: PolicyContents): PolicyContents => ({
    ...{ wasm, data, revision },
    ...(rulesEnd === undefined ? {} : { rulesEnd }),
  });
  let engine = load(options);
  let contents = contentsOf(options);
  /** The last question and its decision: within a second an agency's calls ask the same, and the rules know nothing else. */
  let last: { readonly asked: string; readonly decision: Decision } | undefined;

  const fail = (fault: PolicyFault, reason: 'REQUEST_INVALID' | 'POLICY_UNAVAILABLE'): Decision => {
    onFault(fault);
    return denied(reason);
  };

  return {
    decide(input) {
      let question: PolicyInput;
      try {
        if (!isPolicyInput(input)) return fail('INPUT_REFUSED', 'REQUEST_INVALID');
        question = createPolicyInput(input);
      } catch {
        return fail('INPUT_REFUSED', 'REQUEST_INVALID');
      }
      const { rulesEnd } = contents;
      if (rulesEnd !== undefined && question.now >= rulesEnd) return fail('RULES_ENDED', 'POLICY_UNAVAILABLE');
      const asked = JSON.stringify(question);
      if (last?.asked === asked) return last.decision;
      let results: unknown;
      try {
        // The text that was made to compare it, and not a second one of it.
        results = engine.evaluate(UTF8.encode(asked).buffer);
      } catch {
        // The cause is dropped on purpose: the engine's messages quote what it was given.
        return fail('ENGINE_THREW', 'POLICY_UNAVAILABLE');
      }
      const decision = parseDecision(results, question);
      if (decision === undefined) return fail('ANSWER_MALFORMED', 'POLICY_UNAVAILABLE');
      last = { asked, decision };
      return decision;
    },
    replace(next) {
      if (!mayFollow(contents.revision, next.revision)) throw new RangeError('policy revision does not rise');
      const loaded = load(next);
      engine = loaded;
      last = undefined;
      contents = contentsOf(next);
    },
    advance(data) {
      const next = { ...contents, data };
      engine = load(next);
      last = undefined;
      contents = next;
    },
    extend(rulesEnd) {
      contents = { ...contents, rulesEnd };
    },
    get contents() {
      return contents;
    },
    get revision() {
      return contents.revision;
    },
  };
}
