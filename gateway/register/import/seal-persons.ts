/** Seals the sensitive fields of many persons: what is sealed takes few different values, so their messages are kept. */
import type { KeyObject } from 'node:crypto';
import { encodeSensitive, type Sensitive } from '../encode-sensitive.ts';
import { createBulkSealer } from './bulk-seal.ts';

const KEPT = 20_000;

export interface PersonSealer {
  /** Id of the key, ASCII. */
  readonly keyId: Uint8Array;
  /** What is sealed of these values; undefined where nothing sensitive is known. */
  messageOf(sensitive: Sensitive): Uint8Array | undefined;
  /** Adds a person to the batch; the sealed record will stand at `at`. */
  add(personNo: number, message: Uint8Array, at: number): void;
  /** Seals the batch into `bytes`. */
  run(bytes: Uint8Array): void;
}

export function createPersonSealer(key: KeyObject, keyId: string): PersonSealer {
  // Together with the person's number this is `sensitiveContext`.
  const id = Buffer.from(keyId, 'latin1');
  const { add, run } = createBulkSealer(key, id);
  const messages = new Map<string, Uint8Array>();
  return {
    keyId: id,
    messageOf: (sensitive) => {
      const { ethnicity, religion, bloodType } = sensitive;
      if (ethnicity === '' && religion === '' && bloodType === '') return undefined;
      const name = `${ethnicity}\x1f${religion}\x1f${bloodType}`;
      let message = messages.get(name);
      if (message === undefined) {
        message = encodeSensitive(sensitive);
        if (messages.size < KEPT) messages.set(name, message);
      }
      return message;
    },
    add,
    run,
  };
}
