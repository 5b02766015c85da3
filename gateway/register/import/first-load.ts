/**
 * The first load of an empty register: rows go straight into their tables, indexes are built afterwards.
 *
 * Three connections copy at once, so this is not one transaction. What makes it all or nothing is `register_head`: look-ups
 * read `person_match` alone, which is filled in the last transaction, the one that moves the position from 0. A load that
 * died before that left rows which nothing leads to, and the next one begins by removing them.
 */
import type { Connection, CopyIn } from '../../storage/pool.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { GENEROUS, type ImportContext, type ImportCounts } from './context.ts';
import { COPY_HEADER, COPY_TRAILER } from './copy-writer.ts';
import { createLoadPool } from './load-pool.ts';
import type { LoadedBlock } from './load-worker.ts';
import { copyAllMatches, resolveRelatives } from './match-rows.ts';
import { type NumberLine, resolveNumbers, stageNumbers } from './numbers.ts';
import { IDENTIFIER_COLUMNS, personColumns, RELATION_COLUMNS } from './write-persons.ts';

interface Target {
  write(rows: Uint8Array): Promise<void>;
  commit(): Promise<void>;
  /** Rolls back; for errors. */
  abandon(): void;
}

/** Takes a table's indexes away and gives the statements that make them again (those of constraints stay). */
async function dropIndexes(db: Connection, table: string): Promise<string[]> {
  const { rows } = await db.query<{ name: string; definition: string }>(
    `SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)`,
    [table],
  );
  for (const { name } of rows) await db.query(`DROP INDEX "${name}"`);
  return rows.map((row) => row.definition);
}

async function openTarget(context: ImportContext, table: string, columns: readonly string[]): Promise<Target> {
  const connection = await context.pool.connect();
  try {
    await connection.query(`BEGIN; ${GENEROUS}; TRUNCATE ${table}`);
    const indexes = await dropIndexes(connection, table);
    // Frozen at once: nobody has to come back to these rows to say that they are committed.
    const copy: CopyIn = connection.copyIn(`COPY ${table} (${columns.join(', ')}) FROM STDIN (FORMAT binary, FREEZE)`);
    await copy.write(COPY_HEADER);
    let held = true;
    const give = (broken: boolean) => {
      if (held) connection.release(broken);
      held = false;
    };
    return {
      write: (rows) => copy.write(rows),
      commit: async () => {
        await copy.write(COPY_TRAILER);
        await copy.finish();
        for (const definition of indexes) await connection.query(definition);
        await connection.query('COMMIT');
        give(false);
      },
      abandon: () => give(true),
    };
  } catch (error) {
    connection.release(true);
    throw error;
  }
}

/** The line of a person whose number is the place of its record, from the marks of the blocks. */
function lineFinder(marks: readonly (readonly [number, number])[]): (personNo: number) => number {
  return (personNo) => {
    let low = 0;
    let high = marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((marks[middle]?.[0] ?? 0) <= personNo) low = middle;
      else high = middle - 1;
    }
    const [record, line] = marks[low] ?? [0, 0];
    return line + personNo - record;
  };
}

interface Read {
  rows: number;
  persons: number;
  hasRelations: boolean;
  readonly numbers: NumberLine[];
  readonly marks: (readonly [number, number])[];
}

async function copyAll(
  context: ImportContext,
  targets: Record<'person' | 'identifier' | 'relation', Target>,
): Promise<Read> {
  const { source, keys, rejects } = context;
  const key = await keys.key(keys.keyId);
  const { plan } = source;
  const workers = createLoadPool({
    plan,
    key,
    keyId: keys.keyId,
    deployment: context.deployment,
    today: context.today,
    importNo: context.importNo,
  });
  const read: Read = { rows: 0, persons: 0, hasRelations: false, numbers: [], marks: [] };
  let bytes = 0;
  const store = async (loaded: LoadedBlock, size: number) => {
    await Promise.all([
      targets.person.write(loaded.person),
      targets.identifier.write(loaded.identifier),
      loaded.relation.length > 0 ? targets.relation.write(loaded.relation) : undefined,
      rejects.add(loaded.rejects),
    ]);
    read.rows += loaded.rows;
    read.persons += loaded.persons;
    read.hasRelations ||= loaded.relation.length > 0;
    for (const number of loaded.numbers) read.numbers.push(number);
    for (const mark of loaded.marks) {
      const before = read.marks.at(-1);
      if (before === undefined || mark[1] - mark[0] !== before[1] - before[0]) read.marks.push(mark);
    }
    bytes += size;
    context.onProgress({ rows: read.rows, bytes, phase: 'reading' });
  };
  try {
    const flight: { size: number; loaded: Promise<LoadedBlock> }[] = [];
    const settle = async () => {
      const first = flight.shift();
      if (first !== undefined) await store(await first.loaded, first.size);
    };
    for await (const block of source.blocks()) {
      const loaded = workers.run(block);
      loaded.catch(() => {});
      flight.push({ size: block.bytes.length, loaded });
      if (flight.length >= workers.width) await settle();
    }
    while (flight.length > 0) await settle();
    return read;
  } finally {
    await workers.close();
  }
}

/** Persons whose number stood in an earlier line go again. Returns how many. */
async function removeRepeated(
  db: Connection,
  context: ImportContext,
  lineOf: (personNo: number) => number,
): Promise<number> {
  const { rows } = await db.query<{ person_no: number }>(
    `SELECT i.person_no FROM identifier i
       JOIN (SELECT value, min(person_no) AS first FROM identifier WHERE kind = 1 GROUP BY value HAVING count(*) > 1) d USING (value)
     WHERE i.kind = 1 AND i.person_no > d.first ORDER BY i.person_no`,
  );
  if (rows.length === 0) return 0;
  const numbers = rows.map((row) => row.person_no);
  for (const table of ['person', 'identifier', 'relation']) {
    await db.query(`DELETE FROM ${table} WHERE person_no = ANY ($1::bigint[])`, [numbers]);
  }
  await context.rejects.add(
    numbers.map((personNo) => ({ line: lineOf(personNo), column: 'personal_id', reason: 'DUPLICATE' as const })),
  );
  return numbers.length;
}

/** Loads a register whose position is 0; the caller holds the lock of imports. `finish` runs in the last transaction. */
export async function firstLoad(
  context: ImportContext,
  finish: (db: Connection, counts: ImportCounts) => Promise<void>,
): Promise<ImportCounts> {
  const open: Target[] = [];
  let read: Read;
  try {
    for (const [table, columns] of [
      ['person', personColumns(context.source.plan)],
      ['identifier', IDENTIFIER_COLUMNS],
      ['relation', RELATION_COLUMNS],
    ] as const) {
      open.push(await openTarget(context, table, columns));
    }
    const [person, identifier, relation] = open as [Target, Target, Target];
    read = await copyAll(context, { person, identifier, relation });
    await Promise.all(open.map((target) => target.commit()));
  } catch (error) {
    for (const target of open) target.abandon();
    throw error;
  }
  context.onProgress({ rows: read.rows, bytes: 0, phase: 'merging' });
  const { created, moved } = await settleNumbers(context, read);
  const counts = { rows: read.rows, created, changed: created + moved };
  const reader = await context.pool.connect();
  try {
    await inTransaction(context.pool, async (db) => {
      await db.query(`${GENEROUS}; TRUNCATE person_match`);
      const indexes = await dropIndexes(db, 'person_match');
      // Each process sorts a part; handing rows over costs little beside that, whatever the planner's default says.
      await reader.query(
        `${GENEROUS.replaceAll('LOCAL ', '')}; SET parallel_tuple_cost = 0.001; SET parallel_setup_cost = 0`,
      );
      await copyAllMatches(reader, db);
      for (const definition of indexes) await db.query(definition);
      if (read.hasRelations) await db.query(resolveRelatives('true'));
      await finish(db, counts);
    });
  } finally {
    // Its settings were for this one statement.
    reader.release(true);
  }
  return counts;
}

/** Repeated numbers go, former numbers are led to their persons: all that the last transaction reads. */
async function settleNumbers(context: ImportContext, read: Read): Promise<{ created: number; moved: number }> {
  return inTransaction(context.pool, async (db) => {
    await db.query(`${GENEROUS}; TRUNCATE value_history`);
    const repeated = await removeRepeated(db, context, lineFinder(read.marks));
    let moved = 0;
    if (read.numbers.length > 0) {
      await stageNumbers(db, read.numbers);
      const owner = 'SELECT value, person_no FROM identifier WHERE kind = 1 AND value IN (SELECT at FROM number_end)';
      const own = 'SELECT value FROM identifier WHERE kind = 1 AND value IN (SELECT value FROM stage_number)';
      await context.rejects.add(await resolveNumbers(db, owner, own));
      const added = await db.query(
        'INSERT INTO identifier (value, person_no, kind, status) SELECT value, person_no, 1, id_status FROM number_target',
      );
      moved = added.rowCount;
    }
    await db.query("SELECT setval('person_no', (SELECT coalesce(max(person_no), 0) + 1 FROM person))");
    return { created: read.persons - repeated, moved };
  });
}
