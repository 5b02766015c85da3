/** Seals the sensitive fields of many persons: what is sealed takes few different values, so their messages are kept. */
import type { KeyObject } from 'node:crypto';
import { seal } from '../../sealing/seal.ts';
import { encodeSensitive, type Sensitive, sensitiveContext } from '../sensitive.ts';

const KEPT = 20_000;

/** The sealed record of a person, undefined where nothing sensitive is known. */
export function createPersonSealer(
  key: KeyObject,
  keyId: string,
): (personNo: number, sensitive: Sensitive) => Buffer | undefined {
  const messages = new Map<string, Uint8Array>();
  return (personNo, sensitive) => {
    const { ethnicity, religion, bloodType } = sensitive;
    if (ethnicity === '' && religion === '' && bloodType === '') return undefined;
    const name = `${ethnicity}\x1f${religion}\x1f${bloodType}`;
    let message = messages.get(name);
    if (message === undefined) {
      message = encodeSensitive(sensitive);
      if (messages.size < KEPT) messages.set(name, message);
    }
    return seal(key, sensitiveContext(personNo, keyId), message);
  };
}
