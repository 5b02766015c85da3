import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** Artefacts, and what officers wrote about people, are evidence: under a key of their own that nobody has to keep beside the others. */
export function artefactKeyOf(evidence: KeyObject): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', evidence, '', 'lienthong consent artefacts', 32)));
}
