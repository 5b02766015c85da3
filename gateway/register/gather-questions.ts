/** Small questions to the database that arrive together share one statement, as appends share one commit. */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { CallRefused } from '../exchange/refused.ts';

interface Waiting<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/** More values than this are a chunk, which has a statement of its own. */
export const SINGLE_UP_TO = 16;
const VALUES_A_STATEMENT = 512;
/** Statements at the same time: while one is under way the next group gathers. */
const STATEMENTS = 2;
/** Questions that may wait: beyond, whoever asks is told to come again. */
const MOST_WAITING = 20_000;
const RETRY_AFTER_MS = 500;

export interface Gathered<Q, A> {
  /** @throws {CallRefused} LIMITED where too many wait; what asking the group threw */
  ask(question: Q): Promise<A>;
  waiting(): number;
}

/** @param together asks a group, and answers each of it in its order: from a statement that began after all of them had asked */
export function gatherQuestions<Q, A>(
  sizeOf: (question: Q) => number,
  together: (questions: readonly Q[]) => Promise<readonly A[]>,
): Gathered<Q, A> {
  let queue: Waiting<Q, A>[] = [];
  let underWay = 0;
  let scheduled = false;

  function run(): void {
    scheduled = false;
    while (queue.length > 0 && underWay < STATEMENTS) {
      let [length, values] = [0, 0];
      for (let next = queue[0]; next !== undefined && values < VALUES_A_STATEMENT; next = queue[length]) {
        values += sizeOf(next.question);
        length += 1;
      }
      const group = queue.slice(0, length);
      queue = queue.slice(length);
      underWay += 1;
      void settle(group).finally(() => {
        underWay -= 1;
        run();
      });
    }
  }

  async function settle(group: readonly Waiting<Q, A>[]): Promise<void> {
    try {
      const answers = await together(group.map(({ question }) => question));
      for (const [i, { resolve }] of group.entries()) resolve(answers[i] as A);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  return {
    waiting: () => queue.length,
    ask(question) {
      if (queue.length >= MOST_WAITING) {
        return Promise.reject(
          new CallRefused(ErrorReason.LIMITED, { retryAfterMs: RETRY_AFTER_MS, limits: ['BYTES'] }),
        );
      }
      return new Promise((resolve, reject) => {
        queue.push({ question, resolve, reject });
        if (scheduled) return;
        scheduled = true;
        // The turn of the event loop is left first, so that what arrived together is asked together.
        setImmediate(run);
      });
    },
  };
}
