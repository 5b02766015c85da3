/** Items on their way to the thread that appends: one piece of memory, given away, that all their bytes lie in, and the rest beside it. */
import type { GuardFindings } from '../../exchange/guard-port.ts';
import type { AppendItem, ChunkUse, Effect, LimitUse } from '../../exchange/log-port.ts';

/** All of an item that is not bytes. */
interface ItemFacts {
  readonly agency: string;
  readonly legalEntity: string | undefined;
  readonly changeRevision: bigint;
  readonly standsOn: readonly string[];
  readonly token: { readonly issuer: string; readonly iat: number } | undefined;
  readonly requestId: string | undefined;
  readonly chunk: Omit<ChunkUse, 'jobId' | 'digest' | 'rowRoot'> | undefined;
  readonly limits: LimitFacts | undefined;
  /** Revision of the consents. */
  readonly consents: bigint | undefined;
  readonly exclusive: boolean | undefined;
  readonly urgent: boolean | undefined;
  readonly effects: readonly Effect[] | undefined;
}

interface LimitFacts extends Omit<LimitUse, 'subjects' | 'guard'> {
  readonly guard: Pick<GuardFindings, 'legalEntity' | 'bounds' | 'revision'> | undefined;
}

export interface PackedItems {
  readonly facts: readonly ItemFacts[];
  /** Of each item's parts in turn; -1 where it has none. */
  readonly lengths: Int32Array;
  readonly bytes: ArrayBuffer;
}

const PARTS = 23;

/** In the order in which {@link unpackItems} takes them. */
function partsOf(item: AppendItem): (Uint8Array | undefined)[] {
  const { token, request, chunk, limits } = item;
  const guard = limits?.guard;
  return [
    ...[item.entryId, item.salt, item.entry, item.decision, item.persons, item.personBodies, item.personLeaves],
    ...[token?.jti, request?.digest, chunk?.jobId, chunk?.digest, chunk?.rowRoot, item.answer],
    ...[limits?.subjects, guard?.units, guard?.tags, guard?.missUnits, guard?.missValues, guard?.missFields],
    ...[guard?.missCounts, guard?.missCrossings, item.consents?.scopes, item.consents?.counted],
  ];
}

function factsOf({
  agency,
  legalEntity,
  changeRevision,
  standsOn,
  token,
  request,
  chunk,
  limits,
  consents,
  exclusive,
  urgent,
  effects,
}: AppendItem): ItemFacts {
  return {
    ...{ agency, legalEntity, changeRevision, standsOn },
    token: token && { issuer: token.issuer, iat: token.iat },
    requestId: request?.requestId,
    chunk: chunk && {
      ...{ num: chunk.num, rows: chunk.rows, totals: chunk.totals, misses: chunk.misses, judged: chunk.judged },
      ...{ ackedThrough: chunk.ackedThrough, rowsPerJob: chunk.rowsPerJob },
    },
    limits: limits && limitFactsOf(limits),
    consents: consents?.revision,
    exclusive,
    urgent,
    effects: effects?.map((effect) => ({ ...effect, values: effect.values.map(ownBytes) })),
  };
}

function limitFactsOf({ purpose, calls, rows, most, always, guard }: LimitUse): LimitFacts {
  return {
    ...{ purpose, calls, rows, most, always },
    guard: guard && { legalEntity: guard.legalEntity, bounds: guard.bounds, revision: guard.revision },
  };
}

/** Small buffers lie in one that others lie in as well: as they are, all of it would cross. */
function ownBytes(value: unknown): unknown {
  return value instanceof Uint8Array ? new Uint8Array(value) : value;
}

export function packItems(items: readonly AppendItem[]): PackedItems {
  const parts = items.flatMap(partsOf);
  const lengths = Int32Array.from(parts, (part) => part?.length ?? -1);
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
  let at = 0;
  for (const part of parts) {
    if (part === undefined) continue;
    bytes.set(part, at);
    at += part.length;
  }
  return { facts: items.map(factsOf), lengths, bytes: bytes.buffer as ArrayBuffer };
}

/** The items again; their bytes are views of the one piece. */
export function unpackItems({ facts, lengths, bytes }: PackedItems): AppendItem[] {
  let part = 0;
  let at = 0;
  const next = (): Buffer | undefined => {
    const length = lengths[part++] ?? -1;
    if (length < 0) return undefined;
    at += length;
    return Buffer.from(bytes, at - length, length);
  };
  const must = (): Buffer => next() ?? Buffer.alloc(0);
  return facts.map((fact, i) => {
    const { agency, legalEntity, changeRevision, standsOn, token, requestId, chunk, limits, effects } = fact;
    part = i * PARTS;
    const [entryId, salt, entry] = [must(), must(), must()];
    const [decision, persons, personBodies, personLeaves] = [next(), next(), next(), next()];
    const [jti, requestDigest, jobId, chunkDigest, rowRoot, answer] = [next(), next(), next(), next(), next(), next()];
    const subjects = next();
    const [units, tags, missUnits, missValues] = [must(), must(), must(), must()];
    const [missFields, missCounts, missCrossings] = [must(), must(), must()];
    const [scopes, counted] = [next(), next()];
    const found = { units, tags, missUnits, missValues, missFields, missCounts, missCrossings };
    return {
      ...{ agency, entryId, salt, entry, changeRevision, standsOn },
      ...(legalEntity !== undefined && { legalEntity }),
      ...(decision && { decision }),
      ...(persons && { persons }),
      ...(personBodies && { personBodies }),
      ...(personLeaves && { personLeaves }),
      ...(token && jti && { token: { ...token, jti } }),
      ...(requestId !== undefined && requestDigest && { request: { requestId, digest: requestDigest } }),
      ...(chunk && jobId && chunkDigest && rowRoot && { chunk: { ...chunk, jobId, digest: chunkDigest, rowRoot } }),
      ...(limits && { limits: limitsWith(limits, subjects, found) }),
      ...(fact.consents !== undefined &&
        scopes &&
        counted && { consents: { revision: fact.consents, scopes, counted } }),
      ...(fact.exclusive !== undefined && { exclusive: fact.exclusive }),
      ...(fact.urgent !== undefined && { urgent: fact.urgent }),
      ...(effects && { effects }),
      ...(answer && { answer }),
    };
  });
}

function limitsWith(
  { guard, ...facts }: LimitFacts,
  subjects: Buffer | undefined,
  found: Omit<GuardFindings, 'legalEntity' | 'bounds' | 'revision' | 'subjects'>,
): LimitUse {
  return { ...facts, ...(subjects && { subjects }), ...(guard && { guard: { ...guard, ...found } }) };
}
