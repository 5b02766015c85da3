/** The appender of a thread that does not append itself: what its calls record in one turn goes over as one message. */
import type { MessagePort } from 'node:worker_threads';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Appender, AppendItem, AppendOutcome, LimitWatch } from '../../exchange/log-port.ts';
import { CallRefused } from '../../exchange/refused.ts';
import { errorOf } from '../../threads/told-error.ts';
import { APPEND_RETRY_MS, type Bounds, bytesOf, shareOf } from '../append-queue.ts';
import type { News, Outcomes, Submission } from './messages.ts';
import { packItems } from './packed-items.ts';

const RECORDED: AppendOutcome = { kind: 'recorded' };

interface Under {
  readonly item: AppendItem;
  readonly bytes: number;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface RemoteAppenderOptions {
  readonly port: MessagePort;
  readonly logRef: string;
  /** What may be under way: this thread's share of what may wait for the log. Beyond, callers are told LIMITED, as by the appender. */
  readonly most: Bounds;
  /** Hears of limits, before the callers hear of their items. */
  readonly limitWatch?: Pick<LimitWatch, 'learn' | 'left'>;
}

export function createRemoteAppender({ port, logRef, most, limitWatch }: RemoteAppenderOptions): Appender {
  const under = new Map<number, Under>();
  let bytesUnder = 0;
  let turn: AppendItem[] = [];
  let ids = 0;

  port.on('message', (message: Outcomes | News) => {
    if ('news' in message) limitWatch?.learn(message.news);
    else settle(message);
  });

  function settle({ ids: settled, outcomes }: Outcomes): void {
    for (const [i, id] of settled.entries()) {
      const asked = under.get(id);
      if (asked === undefined) continue;
      under.delete(id);
      bytesUnder -= asked.bytes;
      const outcome = outcomes[i];
      if (outcome === undefined) asked.resolve(RECORDED);
      else if ('failed' in outcome) asked.reject(errorOf(outcome.failed));
      else {
        const { agency, limits } = asked.item;
        if (outcome.kind === 'recorded' && limits && outcome.quotas)
          limitWatch?.left(agency, limits.purpose, outcome.quotas);
        asked.resolve(outcome.kind === 'repeated' ? withBuffers(outcome) : outcome);
      }
    }
  }

  function send(): void {
    const items = turn;
    turn = [];
    const packed = packItems(items);
    port.postMessage({ first: ids - items.length + 1, ...packed } satisfies Submission, [packed.bytes]);
  }

  return {
    logRef,
    append(item) {
      const bytes = bytesOf(item);
      const share = shareOf(item);
      if (under.size >= most.items * share || bytesUnder + bytes > most.bytes * share) {
        return Promise.reject(
          new CallRefused(ErrorReason.LIMITED, { retryAfterMs: APPEND_RETRY_MS, limits: ['BYTES'] }),
        );
      }
      return new Promise((resolve, reject) => {
        under.set(++ids, { item, bytes, resolve, reject });
        bytesUnder += bytes;
        if (turn.push(item) === 1) setImmediate(send);
      });
    },
  };
}

/** Buffers cross as plain bytes. */
function withBuffers(outcome: Extract<AppendOutcome, { kind: 'repeated' }>): AppendOutcome {
  const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { ...outcome, entryId: asBuffer(outcome.entryId), answer: outcome.answer && asBuffer(outcome.answer) };
}
