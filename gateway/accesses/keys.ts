import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/**
 * The index's own two keys. Both come of the key that seals who the people of an entry are (HKDF-SHA-256, one label each):
 * whoever holds that one can make the index anyway, and the index is kept nowhere that it could not be made again, so there
 * is nothing more to store, to back up or to lose.
 */
export interface AccessKeys {
  /** Turns a person into the tag that stands for them in the index. */
  readonly tag: KeyObject;
  /** Seals the index's blocks. */
  readonly block: KeyObject;
}

export function accessKeys(evidence: KeyObject): AccessKeys {
  const derive = (label: string) => createSecretKey(Buffer.from(hkdfSync('sha256', evidence, '', label, 32)));
  return { tag: derive('lt-accesses-tag'), block: derive('lt-accesses-block') };
}
