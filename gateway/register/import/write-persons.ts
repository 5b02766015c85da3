/** Checked persons as rows of COPY: for `person`, for `identifier`, for `relation`. */
import { randomFillSync } from 'node:crypto';
import { ID_KIND } from '../columns.ts';
import type { Sensitive } from '../encode-sensitive.ts';
import { sealedLength } from './bulk-seal.ts';
import type { CopyWriter } from './copy-writer.ts';
import type { ImportPlan } from './plan.ts';
import type { PersonRow, Value } from './read-row.ts';
import type { PersonSealer } from './seal-persons.ts';

const LOG_KEY = 16;

/** Columns of `person` that every import writes, before those of the file. */
const FIXED = [
  'person_no',
  'personal_id',
  'import_no',
  'id_status',
  'life_status',
  'log_key',
  'sealed',
  'sealed_key',
] as const;

/** The columns of `writePerson`, in its order. */
export function personColumns(plan: ImportPlan): string[] {
  return [...FIXED, ...plan.columns.map(({ field }) => field.column)];
}

export const IDENTIFIER_COLUMNS = ['value', 'person_no', 'kind', 'status'] as const;
export const RELATION_COLUMNS = ['person_no', 'relative_id', 'kind', 'ordinal', 'name'] as const;

/** Where the values of the fixed columns stand in a row of binary COPY; `sealed` is the first of those without a fixed length. */
export const PERSON_ROW = {
  personNo: 6,
  personalId: 18,
  idStatus: 38,
  lifeStatus: 44,
  logKey: 50,
  sealed: 66,
} as const;
/** The same for a row of `identifier`, all of whose columns have a fixed length. */
export const IDENTIFIER_ROW = { value: 6, personNo: 18, kind: 30, status: 36, size: 38 } as const;

/** Random log keys, drawn for many persons at once. A wrapped key of a uniformly random key is uniformly random itself. */
export function createLogKeys(): (into: CopyWriter) => void {
  const pool = Buffer.allocUnsafeSlow(LOG_KEY * 4096);
  let at = pool.length;
  return (into) => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    into.bytes(pool, at, at + LOG_KEY);
    at += LOG_KEY;
  };
}

function writeValue(into: CopyWriter, shape: string, value: Value): void {
  if (value === undefined) into.null();
  else if (shape === 'date') into.int4(value as number);
  else if (shape === 'code') into.int2(value as number);
  else if (typeof value === 'string') into.text(value);
  else into.texts(value as readonly string[]);
}

/**
 * Writes the columns of `personColumns`; the caller has begun the row. The sealed bytes are filled in when the sealer runs over
 * what `into` has written.
 */
export function writePerson(
  into: CopyWriter,
  plan: ImportPlan,
  row: PersonRow,
  facts: {
    readonly personNo: number;
    readonly importNo: number;
    readonly logKey: (into: CopyWriter) => void;
    readonly sealer: PersonSealer;
    /** What is sealed; undefined writes no sealed record. */
    readonly sensitive: Sensitive | undefined;
  },
): void {
  into.int8(facts.personNo);
  into.int8(row.number);
  into.int4(facts.importNo);
  into.int2(row.idStatus);
  into.int2(row.lifeStatus);
  facts.logKey(into);
  writeSealed(into, facts.sealer, facts.personNo, facts.sensitive && facts.sealer.messageOf(facts.sensitive));
  for (let i = 0; i < plan.columns.length; i++) writeValue(into, plan.columns[i]!.field.shape, row.values[i]);
}

/** The columns `sealed` and `sealed_key`. */
export function writeSealed(
  into: CopyWriter,
  sealer: PersonSealer,
  personNo: number,
  message: Uint8Array | undefined,
): void {
  if (message === undefined) {
    into.null();
    into.null();
    return;
  }
  sealer.add(personNo, message, into.reserve(sealedLength(message.length)));
  into.bytes(sealer.keyId, 0, sealer.keyId.length);
}

/** The numbers of a person: the own one, and those of old cards. */
export function writeIdentifiers(into: CopyWriter, row: PersonRow, personNo: number): void {
  writeIdentifier(into, row.number, personNo, ID_KIND.personal, row.idStatus);
  for (const old of row.oldNumbers) writeIdentifier(into, old, personNo, ID_KIND.oldCard, 1);
}

export function writeIdentifier(into: CopyWriter, value: number, personNo: number, kind: number, status: number): void {
  into.row(IDENTIFIER_COLUMNS.length);
  into.int8(value);
  into.int8(personNo);
  into.int2(kind);
  into.int2(status);
}

export function writeRelatives(into: CopyWriter, row: PersonRow, personNo: number): void {
  for (const { number, kind, ordinal, name } of row.relatives) {
    writeRelative(into, personNo, number, kind, ordinal);
    if (name === undefined) into.null();
    else into.text(name);
  }
}

/** All columns of a relative but the name, which comes next. */
export function writeRelative(
  into: CopyWriter,
  personNo: number,
  number: number | undefined,
  kind: number,
  ordinal: number,
): void {
  into.row(RELATION_COLUMNS.length);
  into.int8(personNo);
  if (number === undefined) into.null();
  else into.int8(number);
  into.int2(kind);
  into.int2(ordinal);
}
