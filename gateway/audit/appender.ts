/**
 * The one appender of a worker: gathers what waits into groups, a transaction each, and tells every caller what became of
 * its item after the commit. Two hundred calls share one flush to disk.
 */
import type { Appender, AppendItem, AppendOutcome } from '../exchange/log-port.ts';
import { type AppendConnection, appendGroup, type NewHead } from './append-group.ts';

export interface AppenderDeps {
  /** A connection for this appender alone. */
  readonly connect: () => Promise<AppendConnection & { close(): void }>;
  readonly workerId: string;
  /** `<log id>:<epoch>`. */
  readonly logRef: string;
  /** Called after each commit, in order of size. */
  readonly onHead: (head: NewHead) => void;
  /** True for errors that say nothing about the items: the connection is gone, the server is stopping. */
  readonly isConnectionFault: (error: unknown) => boolean;
  readonly limits?: { readonly items: number; readonly bytes: number };
}

interface Waiting {
  readonly item: AppendItem;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A group's bytes are capped as well as its items: a bulk load must not make single calls wait. */
const DEFAULT_LIMITS = { items: 256, bytes: 4 * 1024 * 1024 };

export function createAppender(deps: AppenderDeps): Appender & { close(): Promise<void> } {
  const limits = deps.limits ?? DEFAULT_LIMITS;
  let queue: Waiting[] = [];
  let running: Promise<void> | undefined;
  let connection: (AppendConnection & { close(): void }) | undefined;
  let closed = false;

  async function commit(group: readonly Waiting[]): Promise<void> {
    connection ??= await deps.connect();
    const { outcomes, head } = await appendGroup(
      connection,
      deps.workerId,
      group.map(({ item }) => item),
    );
    if (head !== undefined) deps.onHead(head);
    for (const [i, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[i];
      if (outcome === undefined) reject(new Error('an appended item has no outcome'));
      else resolve(outcome);
    }
  }

  async function settle(group: readonly Waiting[]): Promise<void> {
    try {
      await commit(group);
    } catch (error) {
      if (deps.isConnectionFault(error)) {
        connection?.close();
        connection = undefined;
      } else if (group.length > 1) {
        // One item of the group is bad; the others must not suffer for it.
        for (const waiting of group) await settle([waiting]);
        return;
      }
      for (const { reject } of group) reject(error);
    }
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      const { group, rest } = nextGroup(queue, limits);
      queue = rest;
      await settle(group);
    }
    running = undefined;
  }

  return {
    logRef: deps.logRef,
    append(item) {
      if (closed) return Promise.reject(new Error('the appender is closed'));
      return new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        // The turn of the event loop is left first, so that calls which arrived together share a group.
        running ??= new Promise<void>((start) => setImmediate(start)).then(run);
      });
    },
    async close() {
      closed = true;
      await running;
      connection?.close();
    },
  };
}

/** The next group in order of arrival; what repeats a key of the group waits for the one after. */
function nextGroup(queue: readonly Waiting[], limits: { items: number; bytes: number }) {
  const group: Waiting[] = [];
  const rest: Waiting[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  for (const waiting of queue) {
    const own = keysOf(waiting.item);
    const size = bytesOf(waiting.item);
    const full = group.length >= limits.items || (group.length > 0 && bytes + size > limits.bytes);
    if (full || own.some((key) => keys.has(key))) {
      rest.push(waiting);
      continue;
    }
    for (const key of own) keys.add(key);
    bytes += size;
    group.push(waiting);
  }
  return { group, rest };
}

function keysOf({ agency, token, request, chunk }: AppendItem): string[] {
  const keys: string[] = [];
  if (token !== undefined) keys.push(`t${token.issuer}/${token.jti.toString('hex')}`);
  if (request !== undefined) keys.push(`r${agency}/${request.requestId}`);
  if (chunk !== undefined) keys.push(`c${chunk.jobId.toString('hex')}/${chunk.num}`);
  return keys;
}

function bytesOf({ entry, answer, persons, personBodies, personLeaves }: AppendItem): number {
  return [entry, answer, persons, personBodies, personLeaves].reduce((sum, part) => sum + (part?.length ?? 0), 0);
}
