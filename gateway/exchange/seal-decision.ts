import { hash, type KeyObject } from 'node:crypto';
import type { Decision } from '../policy/decision.ts';
import { drawRandom } from '../sealing/random.ts';
import { seal, unseal } from '../sealing/seal.ts';
import { readDecision, writeDecision } from './decision-message.ts';

/** A decision as the log keeps it. */
export interface SealedDecision {
  /** SHA-256 of salt and decision: stands in the entry's hashed bytes, and so binds the sealed text to it. */
  readonly digest: Buffer;
  /** Sealed: 16 bytes of salt, then the decision as a message. */
  readonly sealed: Buffer;
  /** What was granted, hashed: a stored answer is given again only while this is the same. */
  readonly fingerprint: Buffer;
}

const CONTEXT = Buffer.from('decision');
const SALT_BYTES = 16;
/** What the first entries were written with: `{`, with which no message begins (a group, which the contract has none of). */
const JSON_BEGINS = 0x7b;
/** Far more than the decisions that a deployment's agreements can give in an hour. */
const KEPT = 1000;

const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');

function fingerprintOf({ fields, grants, strictness, agreement }: Decision): Buffer {
  return sha256(Buffer.from(JSON.stringify([fields, grants, strictness, agreement])));
}

/**
 * Seals each different decision once: thousands of calls are decided alike. Salted, because an entry is shown to its agency and
 * few decisions are possible; equal decisions show as equal, which the agreement in the entry tells as well.
 */
export function createDecisionSealer(key: KeyObject): (decision: Decision) => SealedDecision {
  const known = new Map<string, SealedDecision>();
  return (decision) => {
    const text = JSON.stringify(decision);
    let sealed = known.get(text);
    if (sealed === undefined) {
      const plain = Buffer.concat([drawRandom(SALT_BYTES), writeDecision(decision)]);
      sealed = { digest: sha256(plain), sealed: seal(key, CONTEXT, plain), fingerprint: fingerprintOf(decision) };
      if (known.size >= KEPT) known.clear();
      known.set(text, sealed);
    }
    return sealed;
  };
}

/** A decision as it was sealed beside an entry; undefined where it is not the one that the entry's digest binds. */
export function openDecision(key: KeyObject, sealed: Uint8Array, digest: Uint8Array): Decision | undefined {
  const plain = unseal(key, CONTEXT, sealed);
  if (plain === undefined || !sha256(plain).equals(digest)) return undefined;
  const written = plain.subarray(SALT_BYTES);
  return written[0] === JSON_BEGINS ? (JSON.parse(written.toString('utf8')) as Decision) : readDecision(written);
}
