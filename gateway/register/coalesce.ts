/** Single look-ups that arrive together share one statement, as appends share one commit. */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { MatchSet, RegisterLookup } from '../exchange/lookup-port.ts';
import { CallRefused } from '../exchange/refused.ts';

interface Waiting {
  readonly values: readonly number[];
  readonly resolve: (found: MatchSet) => void;
  readonly reject: (error: unknown) => void;
}

/** More values than this are a chunk, which has a statement of its own. */
const SINGLE_UP_TO = 16;
const VALUES_A_STATEMENT = 512;
/** Statements at the same time: while one is under way the next group gathers. */
const STATEMENTS = 2;
/** Look-ups that may wait: beyond, whoever asks is told to come again. */
const MOST_WAITING = 20_000;
const RETRY_AFTER_MS = 500;

/** The rows of `set` from `from` to `to` as a set of their own; candidates are shared, not copied. */
function rowsOf(set: MatchSet, from: number, to: number): MatchSet {
  const first = set.starts[from] ?? 0;
  const last = set.starts[to] ?? first;
  return {
    asOf: set.asOf,
    position: set.position,
    starts: set.starts.subarray(from, to + 1).map((start) => start - first),
    personNo: set.personNo.subarray(first, last),
    idKind: set.idKind.subarray(first, last),
    idStatus: set.idStatus.subarray(first, last),
    currentId: set.currentId.subarray(first, last),
    names: set.names.slice(first, last),
    birthDate: set.birthDate.subarray(first, last),
    sex: set.sex.subarray(first, last),
    personStatus: set.personStatus.subarray(first, last),
    logKeys: set.logKeys.subarray(first * 16, last * 16),
  };
}

/** The same look-up with its small questions put together. What one asks is answered from one snapshot, as before. */
export function coalesceLookups(lookup: RegisterLookup): RegisterLookup & { waiting(): number } {
  let queue: Waiting[] = [];
  let underWay = 0;
  let scheduled = false;

  async function run(): Promise<void> {
    scheduled = false;
    while (queue.length > 0 && underWay < STATEMENTS) {
      const group: Waiting[] = [];
      let count = 0;
      while (queue[group.length] !== undefined && count < VALUES_A_STATEMENT) {
        const next = queue[group.length] as Waiting;
        group.push(next);
        count += next.values.length;
      }
      queue = queue.slice(group.length);
      underWay += 1;
      void ask(group).finally(() => {
        underWay -= 1;
        void run();
      });
    }
  }

  async function ask(group: readonly Waiting[]): Promise<void> {
    try {
      const found = await lookup.matchByIdentifier(group.flatMap(({ values }) => values));
      let from = 0;
      for (const { values, resolve } of group) {
        resolve(rowsOf(found, from, from + values.length));
        from += values.length;
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  return {
    ...lookup,
    waiting: () => queue.length,
    matchByIdentifier(values) {
      if (values.length > SINGLE_UP_TO) return lookup.matchByIdentifier(values);
      if (queue.length >= MOST_WAITING) {
        return Promise.reject(
          new CallRefused(ErrorReason.LIMITED, { retryAfterMs: RETRY_AFTER_MS, limits: ['BYTES'] }),
        );
      }
      return new Promise((resolve, reject) => {
        queue.push({ values, resolve, reject });
        if (scheduled) return;
        scheduled = true;
        // The turn of the event loop is left first, so that what arrived together is asked together.
        setImmediate(() => void run());
      });
    },
  };
}
