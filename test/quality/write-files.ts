/** The population and the file as CSV, so that the same rows can be run through the gateway itself. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createCsvWriter } from '../../gateway/development/synthetic/csv.ts';
import { PERSON_COLUMNS, personCells, recordsOf } from '../../gateway/development/synthetic/population.ts';
import { SUBSCRIBER_COLUMNS } from '../../gateway/development/synthetic/subscribers.ts';
import type { Row } from './generate/row.ts';
import type { World } from './generate/world.ts';

async function write(path: string, header: readonly string[], lines: Iterable<readonly string[]>): Promise<void> {
  const writer = await createCsvWriter(path);
  try {
    await writer.line(header);
    for (const cells of lines) {
      const full = writer.line(cells);
      if (full !== undefined) await full;
    }
  } finally {
    await writer.close();
  }
}

const LABEL_COLUMNS = ['row_id', 'kind', 'label', 'damages', 'subject_id', 'holder_id'] as const;

function* subscriberLines(rows: readonly Row[]): Generator<readonly string[]> {
  for (const { rowId, idNumber, name, birthDate } of rows) {
    yield [`${rowId}`, `84${900_000_000 + (rowId % 100_000_000)}`, idNumber, name, birthDate];
  }
}

function* labelLines({ people }: World, rows: readonly Row[]): Generator<readonly string[]> {
  for (const { rowId, kind, label, damages, subject, holder } of rows) {
    const holderId = holder === undefined ? '' : people[holder]!.personalId;
    yield [`${rowId}`, kind, label, damages.join(' '), people[subject]!.personalId, holderId];
  }
}

function* personLines({ people }: World): Generator<readonly string[]> {
  for (const person of people) for (const record of recordsOf(person)) yield personCells(record);
}

/** Creates or replaces persons.csv, subscribers.csv and labels.csv (personal IDs of the row's person and the number's holder). */
export async function writeFiles(folder: string, world: World, rows: readonly Row[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await write(join(folder, 'persons.csv'), PERSON_COLUMNS, personLines(world));
  await write(join(folder, 'subscribers.csv'), SUBSCRIBER_COLUMNS, subscriberLines(rows));
  await write(join(folder, 'labels.csv'), LABEL_COLUMNS, labelLines(world, rows));
}
