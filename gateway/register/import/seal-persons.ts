/** Seals the sensitive fields of many persons: what is sealed takes few different values, so their messages are kept. */
import type { KeyObject } from 'node:crypto';
import { encodeSensitive, type Sensitive } from '../sensitive.ts';
import { createBulkSealer } from './bulk-seal.ts';

const KEPT = 20_000;

/** Sealed records one after the other; that of place i ends at `ends[i]`. */
export interface SealedBatch {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
}

export interface PersonSealer {
  /** Adds a person to the batch; -1 where nothing sensitive is known. */
  add(personNo: number, sensitive: Sensitive): number;
  /** Seals the batch. */
  run(): SealedBatch;
}

export function createPersonSealer(key: KeyObject, keyId: string): PersonSealer {
  // Together with the person's number this is `sensitiveContext`.
  const sealer = createBulkSealer(key, Buffer.from(keyId, 'latin1'));
  const messages = new Map<string, Uint8Array>();
  return {
    add: (personNo, sensitive) => {
      const { ethnicity, religion, bloodType } = sensitive;
      if (ethnicity === '' && religion === '' && bloodType === '') return -1;
      const name = `${ethnicity}\x1f${religion}\x1f${bloodType}`;
      let message = messages.get(name);
      if (message === undefined) {
        message = encodeSensitive(sensitive);
        if (messages.size < KEPT) messages.set(name, message);
      }
      return sealer.add(personNo, message);
    },
    run: sealer.run,
  };
}
