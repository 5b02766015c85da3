import type { SentReason } from '../errors/catalogue.ts';
import type { RefusalFacts } from '../errors/refuse.ts';
import type { Decision } from '../policy/decision.ts';
import type { People } from './people.ts';

/**
 * Thrown by a stage that refuses. Carries the closed reason and facts without personal data; the composed pipeline logs
 * and signs the refusal. Not an Error: nothing of it is unexpected, and no stack is wanted.
 */
export class CallRefused {
  readonly reason: SentReason;
  readonly facts: RefusalFacts;
  /** The decision that refused, to be sealed beside the log entry. */
  readonly decision: Decision | undefined;
  /** Those whose data was looked at before the refusal: each has a leaf below its entry. */
  readonly people: People | undefined;

  constructor(reason: SentReason, facts: RefusalFacts = {}, decision?: Decision, people?: People) {
    this.reason = reason;
    this.facts = facts;
    this.decision = decision;
    this.people = people;
  }
}
