/**
 * When the log had what an officer did about a matter. What is signed says when by the officer's own clock, and who has been barred may
 * still sign, and date it as they like; what stands in the log stands there since.
 */
import { hash, type KeyObject } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { AdminService, DecideMatterRequestSchema } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { OPERATOR } from '../acts/book.ts';
import { entryLeaf } from '../proof/leaf.ts';
import { seal, unseal } from '../sealing/seal.ts';
import { digestOf } from '../signing/digest.ts';
import type { Database } from '../storage/pool.ts';

const METHOD = `/${AdminService.typeName}/${AdminService.method.decideMatter.name}`;
const LOGGED = `SELECT a.digest, a.signature, a.request, e.salt, e.entry, i.leaf
  FROM matter_act a JOIN log_entry e USING (entry_id) JOIN log_index i USING (entry_id)
  WHERE a.digest = ANY ($1::text[]) AND a.request IS NOT NULL`;

interface LoggedRow {
  readonly digest: string;
  readonly signature: string;
  readonly request: Buffer;
  readonly salt: Buffer;
  readonly entry: Buffer;
  readonly leaf: Buffer;
}

const nameOf = (digest: string) => Buffer.from(`${digest}:request`);

/** The request as it is kept beside the act that it brought. */
export const sealRequest = (key: KeyObject, digest: string, request: Uint8Array): Buffer =>
  seal(key, nameOf(digest), request);

/**
 * Unix seconds by the digests of acts; of those alone whose entry in the log is that of the call that brought exactly this act.
 * @throws {StorageError}
 */
export async function loggedAt(
  db: Database,
  artefactKey: KeyObject,
  digests: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<LoggedRow>(LOGGED, [digests]);
  return new Map(
    rows.flatMap((row) => {
      const request = unseal(artefactKey, nameOf(row.digest), row.request);
      const at = request === undefined ? undefined : timeOf(row, request);
      return at === undefined ? [] : [[row.digest, at] as const];
    }),
  );
}

/** Undefined where the entry is another's: one of an earlier decision, say, that somebody named beside a later one. */
function timeOf({ digest, signature, salt, entry: bytes, leaf }: LoggedRow, request: Uint8Array): number | undefined {
  if (!leaf.equals(entryLeaf(salt, bytes))) return undefined;
  const { kind, agency, method, requestDigest, timeMs } = fromBinary(EntrySchema, bytes);
  if (kind !== EntryKind.UNARY || agency !== OPERATOR || method !== METHOD) return undefined;
  if (!hash('sha256', request, 'buffer').equals(requestDigest)) return undefined;
  const asked = fromBinary(DecideMatterRequestSchema, request);
  return digestOf(asked.body) === digest && asked.signature === signature ? Number(timeMs) / 1000 : undefined;
}
