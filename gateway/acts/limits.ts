/** Limits of agreements as officers change them: raised by two for a time, lowered by one at once. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ChangedLimitSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { DEFAULT_BOUNDS } from '../exchange/guard-port.ts';
import { LIMITS, type Limit, type Limits } from '../policy/decision.ts';
import type { ActOf } from './act.ts';
import type { OpenBook } from './apply-act.ts';
import { type ActBook, type ActProblem, ADMINISTRATION, isBarred } from './book.ts';

export interface LimitChange {
  readonly limit: Limit;
  readonly to: number;
  /** First second at which a raise is over; undefined of what was lowered, which lasts as long as the version. */
  readonly until: number | undefined;
  /** When the later of its officers signed, unix seconds. */
  readonly at: number;
}

/** How a limit stands that officers changed. */
export interface ChangedLimit {
  readonly limit: Limit;
  /** Undefined where the agreement has no such limit. */
  readonly agreed: number | undefined;
  readonly most: number;
  /** As in {@link LimitChange}. */
  readonly until: number | undefined;
}

/** The version of an agreement whose limits are asked for. */
export interface LimitedVersion<Stated extends Limits = Limits> {
  readonly id: string;
  readonly version: number;
  readonly limits: Stated;
}

/** A raise is for the time that its cause lasts. What is to last longer is for the agreement to say. */
export const RAISE_DAYS = 92;
const RAISE_SECONDS = RAISE_DAYS * 86_400;

/** What counts where an agreement says nothing. */
const UNSAID: Limits = {
  wrong_values_per_field: DEFAULT_BOUNDS.perField,
  wrong_numbers_per_name: DEFAULT_BOUNDS.perName,
};

const keyOf = (id: string, version: number) => `${id}:${version}`;

/** Changes the book, or says what is wrong and changes nothing. @param at unix seconds of the later signature */
export function applyLimitAct(
  book: OpenBook,
  act: ActOf<'limit.raise'> | ActOf<'limit.lower'>,
  at: number,
): ActProblem | undefined {
  const { agreement, version, limit, to } = act;
  // Lowered to nothing, it would be barred.
  if (agreement === ADMINISTRATION || isBarred(book, 'agreement', agreement)) return 'STATE_WRONG';
  const until = act.kind === 'limit.raise' ? act.until : undefined;
  if (until !== undefined && !(at < until && until - at <= RAISE_SECONDS)) return 'STATE_WRONG';
  const key = keyOf(agreement, version);
  book.limits.set(key, [...(book.limits.get(key) ?? []), { limit, to, until, at }]);
  return undefined;
}

/**
 * The limits of a version that are other than it says, in the order of {@link LIMITS}. What was lowered bounds all that was signed
 * before, in whatever order the rows stand; of several raises the highest that is not over counts. An act's own `from` decides
 * nothing: it is what its officers saw.
 *
 * @param now unix seconds
 */
export function changedLimits(
  { limits: changes }: Pick<ActBook, 'limits'>,
  { id, version, limits }: LimitedVersion,
  now: number,
): ChangedLimit[] {
  const all = changes.get(keyOf(id, version));
  if (all === undefined) return [];
  return LIMITS.flatMap((limit): ChangedLimit[] => {
    const own = all.filter((change) => change.limit === limit);
    const loweredSince = (at: number) =>
      Math.min(...own.filter((change) => change.until === undefined && change.at >= at).map(({ to }) => to));
    const agreed = limitOf(limits, limit);
    const base = Math.min(agreed ?? Infinity, loweredSince(0));
    let counts: { most: number; until: number | undefined } = { most: base, until: undefined };
    for (const { to, until, at } of own) {
      const most = Math.min(to, loweredSince(at));
      if (until === undefined || now >= until) continue;
      if (most > counts.most || (most === counts.most && until > (counts.until ?? Infinity))) counts = { most, until };
    }
    return counts.most === (agreed ?? Infinity) ? [] : [{ limit, agreed, ...counts }];
  });
}

/** All limits of a version as they count now. @param now unix seconds */
export function limitsNow<Stated extends Limits>(
  book: Pick<ActBook, 'limits'>,
  agreement: LimitedVersion<Stated>,
  now: number,
): Stated {
  const changed = changedLimits(book, agreement, now).map(({ limit, most }) => [limit, most] as const);
  return changed.length === 0 ? agreement.limits : { ...agreement.limits, ...Object.fromEntries(changed) };
}

/** One of an agreement's limits, or what counts where it says nothing; undefined where there is no such limit then. */
export function limitOf(limits: Limits, limit: Limit): number | undefined {
  return limits[limit] ?? UNSAID[limit];
}

/** For whoever is told of the agreement. @param now unix seconds */
export function changedLimitMessages(
  book: Pick<ActBook, 'limits'>,
  agreement: LimitedVersion,
  now: number,
): MessageInitShape<typeof ChangedLimitSchema>[] {
  return changedLimits(book, agreement, now).map(({ limit, agreed, most, until = 0 }) => ({
    ...(agreed === undefined ? {} : { agreed: BigInt(agreed) }),
    ...{ limit, most: BigInt(most), until: BigInt(until) },
  }));
}
