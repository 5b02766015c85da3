/** The threads that serve calls beside the process's own, which keeps the log: started, listened to, and ended with the process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, type Worker } from 'node:worker_threads';
import { createLogBoard, type LogFacts, writeLogBoard } from '../audit/threads/log-board.ts';
import { serveAppends } from '../audit/threads/serve-appends.ts';
import type { TakenBack } from '../exchange/flights.ts';
import type { GuardNews } from '../exchange/guard-port.ts';
import type { Appender } from '../exchange/log-port.ts';
import type { BundleFiles } from '../policy/signed-bundle.ts';
import type { ThreadFigures } from '../telemetry/metrics.ts';
import { createLink, type Link } from '../threads/link.ts';
import { monotonicMs } from '../threads/monotonic.ts';
import { startThread } from '../threads/start-thread.ts';
import type { IoThreadData, OfProcess, OfThread } from './io-thread.ts';
import type { MatchingThreads } from './matching-threads.ts';
import type { ServingConfig } from './open-serving.ts';
import { figuresOf, type ToldFigures, toldFigures } from './thread-figures.ts';

/** As the process's own heap is bounded. */
const YOUNG_GENERATION_MB = 24;
const NOT_BEGUN = 'a thread that is to serve calls ended at its start';
const BOARD_MS = 250;
/** What a thread has beyond the grace of its calls before it is ended as it is. */
const LATE_MS = 2_000;

export interface IoThreadsOptions {
  /** Threads besides the process's own. */
  readonly count: number;
  /** What each thread is started with besides what is its own. */
  readonly data: Omit<IoThreadData, 'thread' | 'board' | 'appends' | 'matchingThreads'>;
  readonly appender: Appender;
  readonly heads: { checkpoint(on: 'log' | 'proofs'): Promise<string>; checkpointAt(size: number): Promise<string> };
  /** Resolves when a head that covers all that is committed is kept. */
  readonly keepFirst: () => Promise<void>;
  readonly logFacts: () => LogFacts;
  /** Reads the rules as they lie there now. */
  readonly readRules: () => Promise<BundleFiles>;
  readonly readOwn: ServingConfig['readOwn'];
  readonly matching: MatchingThreads;
  /** Told once of each thread that ended by itself; sees the error, and must not log values. */
  readonly onDeath: (error: unknown) => void;
}

export interface IoThreads {
  /** Resolves when all of them could serve: before any listens, so that no call waits for what the others still load. */
  open(): Promise<void>;
  /** Resolves when all of them listen at this port. */
  listen(port: number): Promise<void>;
  /** To be called when the log stands otherwise than a moment ago: they look at it then and not a quarter of a second later. */
  tellLog(): void;
  /** To be called with what an append found of guesses, before whoever waits for the append hears of it. */
  learn(news: GuardNews): void;
  /** Resolves when each has settled. Rejects where one does not answer: it then ends, and the process with it. */
  settle(taken: TakenBack): Promise<void>;
  /** How many run. */
  count(): number;
  /** As each last told them, where one is late. */
  figures(): Promise<ThreadFigures[]>;
  /** What health says in each of them. */
  setServing(serves: boolean): void;
  /** As the edge's: no connection is taken any more, calls have the grace to finish. What they record is still taken. */
  drain(graceMs: number): Promise<void>;
  close(): Promise<void>;
}

interface Running extends ToldFigures {
  readonly worker: Worker;
  readonly link: Link<OfThread>;
  readonly learn: (news: GuardNews) => void;
}

export function openIoThreads(options: IoThreadsOptions): IoThreads {
  const { count, data, appender, heads, matching, onDeath } = options;
  const board = createLogBoard();
  const tellLog = () => writeLogBoard(board, options.logFacts(), monotonicMs());
  const telling = count === 0 ? undefined : setInterval(tellLog, BOARD_MS).unref();
  const running = new Set<Running>();
  let closing = false;

  function start(thread: number): void {
    const { port1, port2 } = new MessageChannel();
    const { learn } = serveAppends(port1, appender);
    const workerData: IoThreadData = { ...data, thread, board, appends: port2, matchingThreads: matching.count };
    const worker = startThread(new URL('./io-thread.ts', import.meta.url), {
      workerData,
      transferList: [port2],
      youngGenerationMb: YOUNG_GENERATION_MB,
    });
    const link = createLink<OfProcess, OfThread>(worker, {
      checkpoint: (on) => heads.checkpoint(on),
      checkpointAt: (size) => heads.checkpointAt(size),
      async keepFirst() {
        await options.keepFirst();
        return undefined;
      },
      rules: options.readRules,
      ownKeys: options.readOwn,
      matching({ at, port }) {
        matching.attach(at, port);
        return undefined;
      },
    });
    const one = { worker, link, learn, ...toldFigures(() => link.ask('figures', undefined)) };
    running.add(one);
    let fault: unknown;
    worker.on('error', (error) => {
      fault = error;
    });
    worker.on('exit', () => {
      running.delete(one);
      link.end();
      if (!closing) onDeath(fault);
    });
  }
  if (count > 0) tellLog();
  for (let thread = 2; thread < count + 2; thread++) start(thread);

  /** All of them, or the start fails. */
  async function askEach(ask: (link: Link<OfThread>) => Promise<undefined>): Promise<void> {
    const begun = [...running];
    if (begun.length < count) throw new Error(NOT_BEGUN);
    await Promise.all(
      begun.map((one) =>
        ask(one.link).catch((error: unknown) => {
          throw running.has(one) ? error : new Error(NOT_BEGUN, { cause: error });
        }),
      ),
    );
  }

  /** Of those that run; one that dies meanwhile has no answer. */
  async function askAll<R>(ask: (link: Link<OfThread>) => Promise<R>, mostMs: number): Promise<R[]> {
    const late = sleep(mostMs, undefined, { ref: false });
    const asked = [...running].map(({ link }) => Promise.race([ask(link), late]).catch(() => undefined));
    return (await Promise.all(asked)).filter((answer) => answer !== undefined);
  }

  return {
    open: () => askEach((link) => link.ask('open', undefined)),
    listen: (port) => askEach((link) => link.ask('listen', port)),
    tellLog,
    learn(news) {
      for (const one of running) one.learn(news);
    },
    async settle(taken) {
      await Promise.all([...running].map(({ link }) => link.ask('settle', taken)));
    },
    count: () => running.size,
    figures: () => figuresOf(running),
    setServing(serves) {
      for (const { link } of running) link.ask('setServing', serves).catch(() => undefined);
    },
    async drain(graceMs) {
      await askAll((link) => link.ask('drain', graceMs), graceMs + LATE_MS);
    },
    async close() {
      closing = true;
      clearInterval(telling);
      await askAll((link) => link.ask('close', undefined), LATE_MS);
      await Promise.all([...running].map(({ worker }) => worker.terminate()));
    },
  };
}
