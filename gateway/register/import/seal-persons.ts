/** Seals the sensitive fields of many persons: what is sealed takes few different values, so their messages are kept. */
import type { KeyObject } from 'node:crypto';
import { encodeSensitive, type Sensitive } from '../sensitive.ts';
import { createBulkSealer } from './bulk-seal.ts';

const KEPT = 20_000;

export interface PersonSealer {
  /** Adds a person to the batch; -1 where nothing sensitive is known. */
  add(personNo: number, sensitive: Sensitive): number;
  /** Seals the batch; the record of a place, undefined for -1. */
  run(): (place: number) => Uint8Array | undefined;
}

export function createPersonSealer(key: KeyObject, keyId: string): PersonSealer {
  const sealer = createBulkSealer(key);
  const messages = new Map<string, Uint8Array>();
  const idBytes = Buffer.from(keyId, 'latin1');
  /** As `sensitiveContext`, for many. */
  const contextOf = (personNo: number): Uint8Array => {
    const context = new Uint8Array(8 + idBytes.length);
    let rest = personNo;
    for (let i = 7; i >= 0; i--) {
      context[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    context.set(idBytes, 8);
    return context;
  };
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
      return sealer.add(contextOf(personNo), message);
    },
    run: () => {
      const { bytes, ends } = sealer.run();
      return (place) => (place < 0 ? undefined : bytes.subarray(place === 0 ? 0 : ends[place - 1], ends[place]));
    },
  };
}
