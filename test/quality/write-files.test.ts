import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterAll, expect, test } from 'vitest';
import { createLabelledPopulation } from './generate/population.ts';
import { generateRows } from './generate/rows.ts';
import { createWorld } from './generate/world.ts';
import { writeFiles } from './write-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-quality-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string): readonly Record<string, string>[] =>
  Papa.parse<Record<string, string>>(readFileSync(join(folder, name), 'utf8'), { header: true, skipEmptyLines: true })
    .data;

test('the files hold the rows as they are, with their labels beside them', async () => {
  const world = createWorld(createLabelledPopulation({ seed: 2, persons: 6000 }));
  const rows = [...generateRows(world, 2, 2000)];
  await writeFiles(folder, world, rows);

  const subscribers = read('subscribers.csv');
  expect(subscribers.map((line) => [line.id_number, line.full_name, line.date_of_birth])).toEqual(
    rows.map(({ idNumber, name, birthDate }) => [idNumber, name, birthDate]),
  );
  const labels = read('labels.csv');
  expect(labels.map(({ label }) => label)).toEqual(rows.map(({ label }) => label));

  const ids = new Set(read('persons.csv').map(({ personal_id }) => personal_id));
  expect(ids.size).toBeGreaterThan(6000);
  expect(labels.filter(({ subject_id }) => !ids.has(subject_id))).toEqual([]);
});
