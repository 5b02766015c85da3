import { faultPoint } from '../../gateway/faults/point.ts';
import type { RequestContext } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { BuiltChunk } from './chunk-build.ts';
import { type ChunkStream, type IncomingAnswer, openChunkStream } from './chunk-stream.ts';
import type { SignedClient } from './client.ts';
import { KitError } from './kit-error.ts';
import type { Patience } from './patience.ts';
import { newRequestId } from './request.ts';
import { pause } from './retry.ts';
import type { SendGate } from './send-window.ts';

export type LaneOptions = {
  /** Streams at once, each on a connection of its own. */
  readonly channels: number;
  /** Unanswered chunks a stream, at most; the gateway may allow fewer. */
  readonly inFlight: number;
  readonly patience: Patience;
  /** How long a stream with chunks in flight may be silent before it counts as broken. */
  readonly stallMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Rows are sent only while it is open. */
  readonly gate?: SendGate | undefined;
};

/** What gives out chunks and takes their answers; all of its calls come one at a time. */
export type ChunkDesk = {
  /** The next chunk; undefined after the last. */
  next(): Promise<BuiltChunk | undefined>;
  /** Whether this chunk may be sent now; asked again after every answer. */
  maySend(num: number): boolean;
  /** Called just before a chunk is sent, also when it is sent again. */
  beforeSend(num: number): Promise<void>;
  answered(chunk: BuiltChunk, answer: IncomingAnswer): Promise<void>;
};

/**
 * Carries all chunks of a job to the gateway over one or several streams, each answered exactly once to the desk.
 *
 * A stream that breaks in passing is opened again and its unanswered chunks are sent again, byte for byte, as long as
 * there is patience for. Anything else ends all streams and is thrown.
 */
export async function runLanes(
  {
    client,
    jobId,
    openingDigest,
    context,
  }: { client: SignedClient; jobId: string; openingDigest: string; context: RequestContext },
  desk: ChunkDesk,
  options: LaneOptions,
): Promise<void> {
  const changed = createSignal();
  const again: BuiltChunk[] = [];
  let ready: BuiltChunk | undefined;
  let exhausted = false;
  let filling = false;
  let fatal: unknown;
  let answers = 0;
  const mayBegin = (): boolean => options.gate?.isOpen() ?? true;

  function fill(): void {
    if (ready !== undefined || exhausted || filling || fatal !== undefined) return;
    filling = true;
    desk
      .next()
      .then((chunk) => {
        ready = chunk;
        exhausted = chunk === undefined;
      })
      .catch((error: unknown) => {
        fatal ??= error;
      })
      .finally(() => {
        filling = false;
        changed.notify();
      });
  }

  /** A chunk that may be sent now. Those that were sent before come first: the oldest of them holds up all others. */
  function take(): BuiltChunk | undefined {
    const repeated = again.shift();
    if (repeated !== undefined) return repeated;
    if (ready === undefined || !desk.maySend(ready.num)) return undefined;
    const chunk = ready;
    ready = undefined;
    fill();
    return chunk;
  }

  /** Waits until there is. No stream is opened for nothing: a job that is closed already takes none. */
  async function somethingToSend(): Promise<boolean> {
    while (fatal === undefined && again.length === 0 && ready === undefined) {
      if (exhausted) return false;
      fill();
      await changed.wait(1000);
    }
    if (fatal !== undefined) throw fatal;
    return true;
  }

  /** Everything over one stream, until nothing is left for it; or until no more may be sent, and all that was is answered. */
  async function carry(stream: ChunkStream): Promise<void> {
    const mine = new Map<number, BuiltChunk>();
    let broken: unknown;
    let heard = performance.now();
    const reading = stream
      .read(async (incoming) => {
        const chunk = mine.get(incoming.answer.num);
        if (chunk === undefined) throw new KitError('UNTRUSTED_ANSWER', { problem: 'CHUNK_NOT_ASKED' });
        await desk.answered(chunk, incoming);
        mine.delete(chunk.num);
        heard = performance.now();
        answers++;
        options.patience.moved();
        changed.notify();
      })
      .catch((error: unknown) => {
        broken = error ?? new KitError('INCOMPLETE', { problem: 'STREAM' });
      })
      .finally(() => changed.notify());
    const most = Math.min(options.inFlight, stream.maxInFlight);
    try {
      for (;;) {
        if (options.signal?.aborted === true) throw new KitError('INTERRUPTED');
        if (fatal !== undefined) throw fatal;
        if (broken !== undefined) throw broken;
        fill();
        const open = mayBegin();
        const chunk = open && mine.size < most ? take() : undefined;
        if (chunk !== undefined) {
          mine.set(chunk.num, chunk);
          if (mine.size === 1) heard = performance.now();
          await desk.beforeSend(chunk.num);
          faultPoint('client-send');
          await stream.send(chunk);
          faultPoint('client-sent');
          continue;
        }
        if (mine.size === 0 && (!open || (exhausted && again.length === 0))) break;
        if (mine.size > 0 && performance.now() - heard > options.stallMs) {
          throw new KitError('UNAVAILABLE', { address: client.profile.address });
        }
        await changed.wait(Math.min(1000, options.stallMs));
      }
      await stream.end();
      await reading;
      if (broken !== undefined) throw broken;
    } catch (error) {
      stream.cancel();
      await reading;
      again.push(...mine.values());
      again.sort((a, b) => a.num - b.num);
      changed.notify();
      throw error;
    }
  }

  async function lane(): Promise<void> {
    let connection = client.connect();
    try {
      for (let attempt = 0; ; attempt++) {
        if (!(await somethingToSend())) return;
        if (!mayBegin()) {
          await options.gate?.opened(options.signal);
          options.patience.rest();
          // Idle for hours: what stands on the way has forgotten it by now.
          connection.close();
          connection = client.connect();
        }
        const before = answers;
        try {
          const request = { ...context, requestId: newRequestId() };
          const { stallMs: openMs, signal } = options;
          const where = { client, connection, jobId, openingDigest };
          await carry(await openChunkStream({ ...where, context: request, openMs, signal }));
        } catch (error) {
          if (answers > before) attempt = 0;
          const waitMs = options.patience.afterFailure(error, attempt);
          // A connection may be dead and not show it (a way that swallows everything, a socket whose end nobody was told of):
          // whatever broke, the next attempt does not depend on it.
          connection.close();
          await pause(waitMs, options.signal);
          connection = client.connect();
        }
      }
    } catch (error) {
      fatal ??= error;
      changed.notify();
      throw error;
    } finally {
      connection.close();
    }
  }

  options.signal?.addEventListener('abort', changed.notify);
  try {
    const lanes = Array.from({ length: Math.max(1, options.channels) }, lane);
    await Promise.allSettled(lanes);
    if (fatal !== undefined) throw fatal;
  } finally {
    options.signal?.removeEventListener('abort', changed.notify);
  }
}

/** Wakes all who wait; a wait also ends by itself. */
function createSignal(): { notify: () => void; wait(ms: number): Promise<void> } {
  let waiting: (() => void)[] = [];
  return {
    notify() {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    wait(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}
