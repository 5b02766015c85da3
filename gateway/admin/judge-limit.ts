import type { Act } from '../acts/act.ts';
import { ADMINISTRATION } from '../acts/book.ts';
import { changedLimits, limitOf, limitsNow, RAISE_DAYS } from '../acts/limits.ts';
import type { AdminDeps } from './officer-call.ts';
import { wrong } from './wrong.ts';

/**
 * Of an act on a limit, whether the limit is as the act says, in the version that counts, and would be otherwise after it.
 *
 * @throws {CallRefused} PROPOSAL_WRONG naming the member that is wrong
 */
export async function judgeLimit(
  act: Act,
  { loadAgreements, nowSeconds }: Pick<AdminDeps, 'loadAgreements' | 'nowSeconds'>,
): Promise<void> {
  if (act.kind !== 'limit.raise' && act.kind !== 'limit.lower') return;
  const { data, book } = await loadAgreements();
  const now = nowSeconds();
  const all = Object.values(data.agreements).flatMap((byPurpose) => Object.values(byPurpose));
  const agreement = all.find(({ id }) => id === act.agreement);
  if (agreement === undefined) throw wrong('body.agreement', 'UNKNOWN_VALUE');
  if (agreement.id === ADMINISTRATION) throw wrong('body.agreement', 'UNSUPPORTED');
  if (agreement.version !== act.version) throw wrong('body.version', 'INCONSISTENT');
  const { limit } = act;
  const most = limitOf(limitsNow(book, agreement, now), limit);
  if (act.from !== most) throw wrong('body.from', 'INCONSISTENT');
  if (act.kind === 'limit.lower') return;
  if (!(now < act.until && act.until <= now + RAISE_DAYS * 86_400)) throw wrong('body.until', 'RANGE');
  const changed = changedLimits(book, agreement, now).find((one) => one.limit === limit);
  if (act.to === most && act.until <= (changed?.until ?? Infinity)) throw wrong('body.to', 'RANGE');
}
