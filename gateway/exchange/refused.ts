import type { SentReason } from '../errors/catalogue.ts';
import type { RefusalFacts } from '../errors/refuse.ts';
import type { Decision } from '../policy/decision.ts';

/**
 * Thrown by a stage that refuses. Carries the closed reason and facts without personal data; the composed pipeline logs
 * and signs the refusal. Not an Error: nothing of it is unexpected, and no stack is wanted.
 */
export class CallRefused {
  readonly reason: SentReason;
  readonly facts: RefusalFacts;
  /** The decision that refused, to be sealed beside the log entry. */
  readonly decision: Decision | undefined;

  constructor(reason: SentReason, facts: RefusalFacts = {}, decision?: Decision) {
    this.reason = reason;
    this.facts = facts;
    this.decision = decision;
  }
}
