import {
  AddCosignatureRequestSchema,
  AddCosignatureResponseSchema,
  GetConsistencyProofRequestSchema,
  GetConsistencyProofResponseSchema,
  GetInclusionProofRequestSchema,
  GetInclusionProofResponseSchema,
  GetTreeHeadRequestSchema,
  GetTreeHeadResponseSchema,
} from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { Transaction } from '../exchange/log-port.ts';
import type { OpenMethod } from '../exchange/open-exchange.ts';
import { CallRefused } from '../exchange/refused.ts';
import { decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { Heads } from './heads.ts';
import { proveConsistency, proveInclusion, readHead } from './log-store.ts';
import type { Witnesses } from './witnesses.ts';

const SERVICE = '/lienthong.audit.v1.AuditService';

export interface AuditDeps {
  readonly db: Transaction;
  readonly heads: Pick<Heads, 'checkpoint' | 'checkpointAt'>;
  readonly witnesses: Witnesses;
}

const unknownPosition = () => new CallRefused(ErrorReason.LOG_POSITION_UNKNOWN);

/** A size of the tree that exists; 0 asks for the newest. @throws {CallRefused} LOG_POSITION_UNKNOWN */
async function sizeOf(db: Transaction, asked: bigint): Promise<number> {
  const { size } = await readHead(db);
  if (asked > BigInt(size)) throw unknownPosition();
  return asked === 0n ? size : Number(asked);
}

/** Heads and proofs of the log. An agency is shown the entries that concern it, and no other's. */
export function createAuditMethods({ db, heads, witnesses }: AuditDeps): readonly OpenMethod[] {
  return [
    {
      path: `${SERVICE}/GetTreeHead`,
      async answer(_caller, message) {
        decodeRequest(GetTreeHeadRequestSchema, message);
        return encodeMessage(GetTreeHeadResponseSchema, {
          checkpoint: await heads.checkpoint(db),
          offered: (await witnesses.offered()) ?? '',
          witnessed: (await witnesses.witnessed()) ?? '',
          witnessesNeeded: witnesses.needed,
        });
      },
    },
    {
      path: `${SERVICE}/GetInclusionProof`,
      async answer(caller, message) {
        const request = decodeRequest(GetInclusionProofRequestSchema, message);
        const { rows } = await db.query(
          `SELECT i.idx::float8 AS idx, e.salt, e.entry FROM log_entry e JOIN log_index i USING (entry_id)
           WHERE e.entry_id = $1 AND e.agency = $2`,
          [Buffer.from(request.entryId), caller.agency],
        );
        const [row] = rows;
        const size = await sizeOf(db, request.treeSize);
        if (row === undefined || (row.idx as number) >= size) throw unknownPosition();
        const index = row.idx as number;
        return encodeMessage(GetInclusionProofResponseSchema, {
          index: BigInt(index),
          treeSize: BigInt(size),
          path: await proveInclusion(db, index, size),
          salt: row.salt as Buffer,
          entry: row.entry as Buffer,
          checkpoint: await heads.checkpointAt(size, db),
        });
      },
    },
    {
      path: `${SERVICE}/AddCosignature`,
      async answer(caller, message) {
        const { treeSize, line, kid } = decodeRequest(AddCosignatureRequestSchema, message);
        // The store knows no number of this size, and would say that it fails.
        if (treeSize > BigInt(Number.MAX_SAFE_INTEGER)) throw unknownPosition();
        const { note, witnesses: count } = await witnesses.add(caller, Number(treeSize), line, kid);
        return encodeMessage(AddCosignatureResponseSchema, {
          ...{ checkpoint: note, witnesses: count, witnessesNeeded: witnesses.needed },
        });
      },
    },
    {
      path: `${SERVICE}/GetConsistencyProof`,
      async answer(_caller, message) {
        const request = decodeRequest(GetConsistencyProofRequestSchema, message);
        const second = await sizeOf(db, request.secondSize);
        const first = Number(request.firstSize);
        if (first < 1 || first > second) throw unknownPosition();
        return encodeMessage(GetConsistencyProofResponseSchema, {
          secondSize: BigInt(second),
          path: await proveConsistency(db, first, second),
          checkpoint: await heads.checkpointAt(second, db),
        });
      },
    },
  ];
}
