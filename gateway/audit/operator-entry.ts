import { randomBytes } from 'node:crypto';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { drawEntryId } from '../sealing/entry-id.ts';
import type { Pool } from '../storage/pool.ts';
import { appendGroup } from './append-group.ts';
import { openAppendConnection } from './connection.ts';
import { registerWriter, removeWriter } from './log-store.ts';

/** What the log keeps of an import into the register. */
export interface ImportFacts {
  /** SHA-256 of the file, 32 bytes. */
  readonly fileDigest: Uint8Array;
  /** Rows that went in or were there already. */
  readonly rows: number;
}

/** Who acts where no agency does. */
const OPERATOR = 'operator';

/** Records an import as an entry of its own. */
export function recordImport(pool: Pool, { fileDigest, rows }: ImportFacts): Promise<void> {
  return recordOperator(pool, { kind: EntryKind.IMPORT, requestDigest: fileDigest, rows });
}

/** Records the ceremony that made the first officers. @param digest SHA-256 of the act, 32 bytes */
export function recordCeremony(pool: Pool, digest: Uint8Array): Promise<void> {
  return recordOperator(pool, { kind: EntryKind.KEY, requestDigest: digest });
}

/** Records that a person was unlinked from the log, and not who. @param caseRef the order that it stands on */
export function recordErasure(pool: Pool, caseRef: string): Promise<void> {
  return recordOperator(pool, { kind: EntryKind.ERASURE, context: { caseRef } });
}

/** What the log keeps of a look at whose data a key was told. */
export interface ExposureFacts {
  /** Thumbprint, 32 bytes. */
  readonly key: Uint8Array;
  /** People whose numbers are written out; 0 where they are counted only. */
  readonly people: number;
}

/** Records that the operator looked whose data a key was told, and not whose: it is a use of the log that nobody is shown. */
export function recordExposure(pool: Pool, { key, people }: ExposureFacts): Promise<void> {
  return recordOperator(pool, { kind: EntryKind.EXPOSURE, requestDigest: key, rows: people });
}

/** By a writer that lives for this one entry. */
async function recordOperator(pool: Pool, facts: MessageInitShape<typeof EntrySchema>): Promise<void> {
  const writer = await registerWriter(pool);
  const connection = await openAppendConnection(pool);
  try {
    const entryId = drawEntryId();
    const entry = toBinary(
      EntrySchema,
      create(EntrySchema, { ...facts, entryId, timeMs: BigInt(Date.now()), agency: OPERATOR } as MessageInitShape<
        typeof EntrySchema
      >),
    );
    await appendGroup(connection, writer.workerId, [
      { agency: OPERATOR, entryId, salt: randomBytes(16), entry, changeRevision: 0n, standsOn: [] },
    ]);
  } finally {
    connection.close();
    await removeWriter(pool, writer.workerId);
  }
}
