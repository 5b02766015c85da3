import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { quote } from './csv-write.ts';
import { cellsOf, openRecords } from './record-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-records-'));
const path = join(folder, 'records.csv');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('single records', () => {
  it('are read in any order, with quotes and line breaks, and longer than a piece', () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('"', '\n', ',', 'ễ', 'a'), maxLength: 8 }),
      fc.constant('x'.repeat(70_000)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        (rows, jumps) => {
          const texts = rows.map((cells) => `${cells.map(quote).join(',')}\n`);
          const places = texts.map((_, i) => Buffer.byteLength(texts.slice(0, i).join(''), 'utf8'));
          writeFileSync(path, texts.join(''));
          const records = openRecords(path);
          try {
            for (const [i, jump] of [...rows.keys(), ...jumps.take(40)].entries()) {
              const at = (i < rows.length ? i : jump) % rows.length;
              expect(cellsOf(records.at(places[at] as number))).toEqual(rows[at]);
              expect(records.next).toBe(places[at + 1] ?? records.size);
            }
          } finally {
            records.close();
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('show that their file was written to', () => {
    writeFileSync(path, '1,a\n');
    const records = openRecords(path);
    expect(records.unchanged()).toBe(true);
    appendFileSync(path, '2,b\n');
    expect(records.unchanged()).toBe(false);
    records.close();
  });
});
