/** Later imports, first half: rows checked, known persons found, sensitive fields compared and sealed, all staged. */
import type { Connection, CopyIn } from '../../storage/pool.ts';
import { type ComparedSensitive, compareSensitive, openOrNothing, type Sealed } from './compare-sensitive.ts';
import type { ImportContext } from './context.ts';
import { COPY_HEADER, COPY_TRAILER, CopyWriter } from './copy-writer.ts';
import type { NumberLine } from './numbers.ts';
import { type ReadBlock, readBlock } from './read-block.ts';
import { createRowReader, type PersonRow } from './read-row.ts';
import { createPersonSealer } from './seal-persons.ts';
import {
  createLogKeys,
  IDENTIFIER_COLUMNS,
  personColumns,
  RELATION_COLUMNS,
  writeIdentifiers,
  writePerson,
  writeRelatives,
} from './write-persons.ts';

interface Known extends Sealed {
  readonly value: number;
  readonly person_no: number;
  readonly personal_id: number;
}

interface StagedRow extends ComparedSensitive {
  readonly row: PersonRow;
  readonly line: number;
  readonly isNew: boolean;
  readonly personNo: number;
}

export interface Staged {
  readonly rows: number;
  readonly numbers: readonly NumberLine[];
}

/** Temporary tables of the form of the real ones: `stage_person` has besides line, is_new and the sensitive fields that changed. */
async function createStage(db: Connection): Promise<void> {
  await db.query(`
    CREATE TEMP TABLE stage_person ON COMMIT DROP AS SELECT 0::bigint AS line, false AS is_new, ''::text AS sensitive_changed, p.* FROM person p LIMIT 0;
    CREATE TEMP TABLE stage_identifier ON COMMIT DROP AS SELECT ${IDENTIFIER_COLUMNS.join(', ')} FROM identifier LIMIT 0;
    CREATE TEMP TABLE stage_relation ON COMMIT DROP AS SELECT ${RELATION_COLUMNS.join(', ')} FROM relation LIMIT 0`);
}

async function findKnown(db: Connection, numbers: readonly number[]): Promise<Map<number, Known>> {
  const { rows } = await db.query<Known>(
    `SELECT m.value, m.person_no, p.personal_id, p.sealed, p.sealed_key FROM person_match m JOIN person p USING (person_no)
     WHERE m.kind = 1 AND m.value = ANY ($1::bigint[]) ORDER BY p.personal_id = m.value, m.person_no DESC`,
    [`{${numbers.join(',')}}`],
  );
  // The last of a value wins: a person's own number before an earlier one, then the lowest person number.
  return new Map(rows.map((row) => [row.value, row]));
}

/** New person numbers, the first of `count` in a row. Imports alone take numbers, one import at a time. */
async function reserve(db: Connection, count: number): Promise<number> {
  const { rows } = await db.query<{ last: number }>("SELECT setval('person_no', nextval('person_no') + $1) AS last", [
    count,
  ]);
  return (rows[0]?.last ?? 0) - count;
}

/** Reads the whole file into the staging tables. Sensitive values are sealed before they leave this process. */
export async function stageFile(db: Connection, context: ImportContext): Promise<Staged> {
  const { source, keys, importNo } = context;
  const { plan } = source;
  const readRow = createRowReader(plan, context.deployment, context.today);
  const sealer = createPersonSealer(await keys.key(keys.keyId), keys.keyId);
  const logKey = createLogKeys();
  const columns = ['line', 'is_new', 'sensitive_changed', ...personColumns(plan)];
  await createStage(db);
  const person = new CopyWriter(1024 * 1024);
  const identifier = new CopyWriter(256 * 1024);
  const relation = new CopyWriter(256 * 1024);
  const numbers: NumberLine[] = [];
  let rows = 0;
  let bytes = 0;

  const stageBlock = async (read: ReadBlock) => {
    const known = await findKnown(
      db,
      read.persons.map((row) => row.number),
    );
    let next = await reserve(db, read.persons.length);
    const rows: StagedRow[] = [];
    for (let i = 0; i < read.persons.length; i++) {
      const row = read.persons[i]!;
      const line = read.personLines[i] ?? 0;
      const found = known.get(row.number);
      if (found !== undefined && found.personal_id !== row.number) {
        await context.rejects.add([{ line, column: 'personal_id', reason: 'NUMBER_OF_ANOTHER' }]);
        continue;
      }
      const personNo = found?.person_no ?? next++;
      rows.push({ row, line, isNew: found === undefined, personNo, ...(await settleSensitive(row, personNo, found)) });
    }
    for (const { row, line, isNew, personNo, changed, sensitive } of rows) {
      person.row(columns.length);
      person.int8(line);
      person.bool(isNew);
      person.text(changed.length === 0 ? '' : `{${changed.join(',')}}`);
      writePerson(person, plan, row, { personNo, importNo, logKey, sealer, sensitive });
      writeIdentifiers(identifier, row, personNo);
      writeRelatives(relation, row, personNo);
    }
    sealer.run(person.written);
    for (const [table, names, writer] of [
      ['stage_person', columns, person],
      ['stage_identifier', IDENTIFIER_COLUMNS, identifier],
      ['stage_relation', RELATION_COLUMNS, relation],
    ] as const) {
      if (writer.length > 0)
        await copyBuffer(db.copyIn(`COPY ${table} (${names.join(', ')}) FROM STDIN (FORMAT binary)`), writer.take());
    }
  };

  const settleSensitive = async (row: PersonRow, personNo: number, found: Known | undefined) => {
    if (found === undefined) return { sensitive: row.sensitive, changed: [] };
    return compareSensitive(plan, await openOrNothing(keys, personNo, found), row.sensitive);
  };

  for await (const block of source.blocks()) {
    const read = readBlock(block, plan, readRow);
    await stageBlock(read);
    await context.rejects.add(read.rejects);
    numbers.push(...read.numbers);
    rows += read.rows;
    bytes += block.bytes.length;
    context.onProgress({ rows, bytes, phase: 'reading' });
  }
  await db.query('ANALYZE stage_person; ANALYZE stage_identifier; ANALYZE stage_relation');
  return { rows, numbers };
}

async function copyBuffer(copy: CopyIn, rows: Uint8Array): Promise<void> {
  await copy.write(COPY_HEADER);
  await copy.write(rows);
  await copy.write(COPY_TRAILER);
  await copy.finish();
}
