/**
 * The first load of an empty register: rows go straight into their tables, indexes are built afterwards.
 *
 * Three connections copy at once, so this is not one transaction. What makes it all or nothing is `register_head`: look-ups
 * read `person_match` alone, which is filled in the last transaction, the one that moves the position from 0. A load that
 * died before that left rows which nothing leads to, and the next one begins by removing them.
 *
 * The rows of `person_match` are sorted here and not by the server: they need not be read back from it, and who repeats a
 * number comes to light on the way.
 */
import type { Connection } from '../../storage/pool.ts';
import type { ImportContext, ImportCounts } from './context.ts';
import { findFormerNumbers } from './former-numbers.ts';
import { type Loaded, lineOf, loadFile, startWorkers } from './load-file.ts';
import { openTarget, type Target } from './load-target.ts';
import { MATCH_COLUMNS } from './match-bytes.ts';
import { resolveRelatives } from './match-rows.ts';
import { createMatchRuns, type MatchRuns } from './match-runs.ts';
import { IDENTIFIER_COLUMNS, personColumns, RELATION_COLUMNS } from './write-persons.ts';

/** Copies the sorted rows and makes their index; returns the persons whose personal ID stood in an earlier line. */
async function copyMatches(target: Target, runs: MatchRuns): Promise<number[]> {
  const repeated: number[] = [];
  for (const piece of runs.merged((personNo) => repeated.push(personNo))) await target.write(piece);
  await target.finish();
  await target.index();
  return repeated.sort((a, b) => a - b);
}

/** Persons who go again, because another line has their number already. */
async function removeRepeated(
  db: Connection,
  context: ImportContext,
  read: Loaded,
  repeated: readonly number[],
): Promise<void> {
  if (repeated.length === 0) return;
  for (const table of ['person', 'identifier', 'relation', 'person_match']) {
    await db.query(`DELETE FROM ${table} WHERE person_no = ANY ($1::bigint[])`, [repeated]);
  }
  await context.rejects.add(
    repeated.map((personNo) => ({
      line: lineOf(read, personNo),
      column: 'personal_id',
      reason: 'DUPLICATE' as const,
    })),
  );
}

/** Loads a register whose position is 0; the caller holds the lock of imports. `finish` runs in the last transaction. */
export async function firstLoad(
  context: ImportContext,
  finish: (db: Connection, counts: ImportCounts) => Promise<void>,
): Promise<ImportCounts> {
  const open: Target[] = [];
  const begin = async (table: string, columns: string, emptied?: readonly string[]) => {
    const target = await openTarget(context, table, columns, emptied);
    open.push(target);
    return target;
  };
  const runs = createMatchRuns(context.scratch);
  const workers = await startWorkers(context);
  try {
    const person = await begin('person', personColumns(context.source.plan).join(', '));
    const identifier = await begin('identifier', IDENTIFIER_COLUMNS.join(', '));
    const relation = await begin('relation', RELATION_COLUMNS.join(', '));
    const read = await loadFile(context, workers, { person, identifier, relation }, runs);
    await workers.close();
    context.onProgress({ rows: read.rows, bytes: 0, phase: 'merging' });
    const settle = async (target: Target) => {
      await target.finish();
      await target.index();
      await target.commit();
    };
    const early = Promise.all([settle(person), settle(relation)]);
    early.catch(() => {});
    const former = await findFormerNumbers(context, runs, read.numbers);
    await identifier.write(former.identifier);
    runs.add(former.match);
    const match = await begin('person_match', MATCH_COLUMNS, ['value_history']);
    const [repeated] = await Promise.all([copyMatches(match, runs), settle(identifier), early]);
    await removeRepeated(match.db, context, read, repeated);
    await match.db.query("SELECT setval('person_no', (SELECT coalesce(max(person_no), 0) + 1 FROM person))");
    if (read.hasRelations) await match.db.query(resolveRelatives('true'));
    const created = read.persons - repeated.length;
    const counts = { rows: read.rows, created, changed: created + former.count };
    await finish(match.db, counts);
    await match.commit();
    return counts;
  } catch (error) {
    for (const target of open) target.abandon();
    throw error;
  } finally {
    await workers.close();
    runs.close();
  }
}
