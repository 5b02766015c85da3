/** The appending thread's side: its one queue takes the items, and its turns by legal entity are those of all threads. */
import type { MessagePort } from 'node:worker_threads';
import type { GuardNews } from '../../exchange/guard-port.ts';
import type { Appender, AppendOutcome } from '../../exchange/log-port.ts';
import { told } from '../../threads/told-error.ts';
import type { News, Outcomes, Submission } from './messages.ts';
import { unpackItems } from './packed-items.ts';

/** Answers each item once, whatever becomes of it; a thread that has died meanwhile hears nothing, and what it sent is recorded all the same. */
export function serveAppends(port: MessagePort, appender: Pick<Appender, 'append'>): { learn(news: GuardNews): void } {
  let ids: number[] = [];
  let outcomes: Outcomes['outcomes'][number][] = [];

  function settled(id: number, outcome: Outcomes['outcomes'][number]): void {
    // Items of a group are told of in one turn: those to come of it stand in the queue of microtasks already.
    if (ids.push(id) === 1) queueMicrotask(answer);
    outcomes.push(outcome);
  }

  function answer(): void {
    port.postMessage({ ids, outcomes } satisfies Outcomes);
    ids = [];
    outcomes = [];
  }

  port.on('message', (submission: Submission) => {
    for (const [i, item] of unpackItems(submission).entries()) {
      const id = submission.first + i;
      appender.append(item).then(
        (outcome) => settled(id, ownBytes(outcome)),
        (error: unknown) => settled(id, { failed: told(error) }),
      );
    }
  });
  return { learn: (news) => port.postMessage({ news } satisfies News) };
}

/** What the database's driver gives are parts of larger buffers, which would cross whole. */
function ownBytes(outcome: AppendOutcome): AppendOutcome | undefined {
  if (outcome.kind === 'recorded' && outcome.quotas === undefined) return undefined;
  if (outcome.kind !== 'repeated') return outcome;
  const { entryId, answer } = outcome;
  return {
    ...outcome,
    entryId: Buffer.from(new Uint8Array(entryId).buffer),
    answer: answer && Buffer.from(new Uint8Array(answer).buffer),
  };
}
