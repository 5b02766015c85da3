import { type Head, parseCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { type Cosigned, cosignersOf, type Witness } from '../../gateway/proof/cosignature.ts';
import { ProofError } from '../../gateway/proof/errors.ts';
import { NODE_TAGS, verifyConsistency } from '../../gateway/proof/tree.ts';
import type { KeySet } from '../../gateway/signing/key-set.ts';
import { readPublicJwk, verificationKeyOf } from '../../gateway/signing/public-key.ts';
import { AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { KitError } from './kit-error.ts';
import { type Open, verifyHead } from './log-heads.ts';

/**
 * That witnesses saw the log of a receipt or a proof: a later head with their cosignatures, and the proof that it continues the
 * receipt's own. Fetched once, kept in a file beside what it is about, checked offline from then on.
 */

export const WITNESSED_FORMAT = 'lienthong-witnessed/1';

/** What the file of a receipt or a proof is called. */
export const witnessedPathOf = (path: string) => `${path}.witnessed`;

const HASH = /^[A-Za-z0-9+/]{43}=$/;
const missing = (problem: string, needed: number): KitError => new KitError('WITNESSES_MISSING', { problem, needed });

/** The witnesses that a file lists: `{ "witnesses": [{ "name": …, "key": public JWK }] }`. Throws KitError WITNESSES_WRONG. */
export function parseWitnesses(text: string, file: string): Witness[] {
  try {
    const { witnesses } = JSON.parse(text) as { witnesses: { name: unknown; key: unknown }[] };
    return witnesses.map(({ name, key }) => {
      const jwk = readPublicJwk(key);
      if (typeof name !== 'string' || jwk === undefined) throw new TypeError();
      return { name, key: verificationKeyOf(jwk, name).key };
    });
  } catch {
    throw new KitError('WITNESSES_WRONG', { file });
  }
}

/**
 * Asks for the newest witnessed head and the proof that it continues `head`. Gives the file's text.
 * Throws KitError WITNESSES_MISSING where none is as large yet; GatewayError.
 */
export async function fetchWitnessed(open: Open, head: Head): Promise<string> {
  const { witnessed, witnessesNeeded } = await open(AuditService.method.getTreeHead, {});
  const later = witnessed === '' ? undefined : parseCheckpoint(witnessed).head;
  if (later === undefined || later.size < head.size) throw missing('NOT_YET', witnessesNeeded);
  const path =
    later.size === head.size
      ? []
      : (
          await open(AuditService.method.getConsistencyProof, {
            firstSize: BigInt(head.size),
            secondSize: BigInt(later.size),
          })
        ).path;
  const hashes = path.map((hash) => Buffer.from(hash).toString('base64'));
  return `${JSON.stringify({ format: WITNESSED_FORMAT, checkpoint: witnessed, path: hashes }, undefined, 1)}\n`;
}

/** What a witnessed head is held against. */
export type WitnessedTrust = {
  readonly head: Head;
  /** The log's keys. */
  readonly set: KeySet;
  readonly witnesses: readonly Witness[];
  readonly needed: number;
};

/**
 * The later head and who of `witnesses` cosigned it. Throws KitError WITNESSES_MISSING where the text is no such file, its head is
 * not signed by the log or does not continue `head`, or fewer than `needed` cosigned it.
 */
export function checkWitnessed(
  text: string,
  { head, set, witnesses, needed }: WitnessedTrust,
): { readonly size: number; readonly cosigners: readonly Cosigned[] } {
  const { checkpoint, path } = readWitnessed(text, needed);
  const later = verifyHead(checkpoint, head.origin, set);
  if (later === undefined) throw missing('HEAD_NOT_SIGNED', needed);
  if (!verifyConsistency(head.size, head.root, later.size, later.root, path, NODE_TAGS.log)) {
    throw missing('NOT_A_CONTINUATION', needed);
  }
  const cosigners = cosignersOf(parseCheckpoint(checkpoint), witnesses);
  if (cosigners === undefined) throw missing('COSIGNATURE_WRONG', needed);
  if (cosigners.length < needed) throw missing(`${cosigners.length}/${needed}`, needed);
  return { size: later.size, cosigners };
}

function readWitnessed(text: string, needed: number): { checkpoint: string; path: Uint8Array } {
  try {
    const { format, checkpoint, path } = JSON.parse(text) as Record<string, unknown>;
    const hashes =
      Array.isArray(path) && path.every((hash) => HASH.test(String(hash))) ? (path as string[]) : undefined;
    if (format === WITNESSED_FORMAT && typeof checkpoint === 'string' && hashes !== undefined) {
      parseCheckpoint(checkpoint);
      return { checkpoint, path: Buffer.concat(hashes.map((hash) => Buffer.from(hash, 'base64'))) };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof ProofError)) throw error;
  }
  throw missing('FORMAT', needed);
}
