/** Questions and answers between two threads, either way. */
import type { Transferable } from 'node:worker_threads';
import { errorOf, type ToldError, threadEnded, told } from './told-error.ts';

/** What may be asked: by name, the value that is sent and the one that comes back. */
export type Questions = Readonly<Record<string, { readonly value: unknown; readonly result: unknown }>>;

export type Handlers<Q extends Questions> = {
  readonly [K in keyof Q]: (value: Q[K]['value']) => Q[K]['result'] | Promise<Q[K]['result']>;
};

/** The narrow part of a worker, or of its port, that a link needs. */
export interface LinkPort {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

export interface Link<Q extends Questions> {
  /** Rejects with what the other side threw, and as `unavailable` once it has ended. */
  ask<K extends keyof Q & string>(
    what: K,
    value: Q[K]['value'],
    transfer?: readonly Transferable[],
  ): Promise<Q[K]['result']>;
  /** The other side is gone: whatever waits for it fails. */
  end(): void;
}

type Message =
  | { readonly ask: string; readonly id: number; readonly value: unknown }
  | { readonly answer: number; readonly value: unknown }
  | { readonly failed: number; readonly error: ToldError };

/** Asks what is in `Theirs`, answers what is in `Mine`. */
export function createLink<Mine extends Questions, Theirs extends Questions>(
  port: LinkPort,
  handlers: Handlers<Mine>,
): Link<Theirs> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const post = (message: Message) => port.postMessage(message);
  let ids = 0;
  let ended = false;

  port.on('message', (message) => {
    const said = message as Message;
    if ('ask' in said) {
      const { ask, id, value } = said;
      Promise.resolve()
        .then(() => handlers[ask as keyof Mine](value))
        .then(
          (result) => post({ answer: id, value: result }),
          (error: unknown) => post({ failed: id, error: told(error) }),
        );
      return;
    }
    const id = 'answer' in said ? said.answer : said.failed;
    const asked = waiting.get(id);
    waiting.delete(id);
    if ('answer' in said) asked?.resolve(said.value);
    else asked?.reject(errorOf(said.error));
  });

  return {
    ask(what, value, transfer = []) {
      return new Promise((resolve, reject) => {
        if (ended) return reject(threadEnded());
        const id = ++ids;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        port.postMessage({ ask: what, id, value } satisfies Message, transfer);
      });
    },
    end() {
      ended = true;
      for (const { reject } of waiting.values()) reject(threadEnded());
      waiting.clear();
    },
  };
}
