import { ADMINISTRATION, OPERATOR } from '../acts/book.ts';
import type { Agreement } from '../policy/agreement.ts';
import type { Limits } from '../policy/decision.ts';
import { ADMINISTRATION_PURPOSE } from './administration.ts';
import { wrong } from './wrong.ts';

/**
 * Of the next version of the agreement under which officers call, whether they can still call under it: it may give more than the one
 * that counts and never less, at once and for as long. One that does not could be mended by nobody, since whoever would sign the next
 * calls under it; so two are not let end it by a slip of the pen.
 *
 * @param now unix seconds
 * @throws {CallRefused} PROPOSAL_WRONG naming the member that gives less
 */
export function judgeAdministration(agreement: Agreement, current: Agreement | undefined, now: number): void {
  const { id, agency, purpose } = agreement;
  if (id !== ADMINISTRATION) {
    // Of two agreements for one purpose neither would count.
    if (agency === OPERATOR && purpose === ADMINISTRATION_PURPOSE) throw wrong('body.id', 'INCONSISTENT');
    return;
  }
  if (agency !== OPERATOR) throw wrong('body.agency', 'INCONSISTENT');
  if (purpose !== ADMINISTRATION_PURPOSE) throw wrong('body.purpose', 'INCONSISTENT');
  if (agreement.valid_from > now) throw wrong('body.valid_from', 'RANGE');
  if (agreement.valid_to <= now) throw wrong('body.valid_to', 'RANGE');
  if (current === undefined) return;
  if (agreement.valid_to < current.valid_to) throw wrong('body.valid_to', 'RANGE');
  if (!current.methods.every((method) => agreement.methods.includes(method))) throw wrong('body.methods', 'REQUIRED');
  if (!agreement.demands.every((demand) => current.demands.includes(demand)))
    throw wrong('body.demands', 'UNSUPPORTED');
  const limits: Limits = current.limits;
  for (const [name, most] of Object.entries(agreement.limits)) {
    if (most < (limits[name as keyof Limits] ?? Infinity)) throw wrong(`body.limits.${name}`, 'RANGE');
  }
}
