import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { EMPTY_MATCH, MATCH, matchEnd, readBigint, writeBigint } from './match-bytes.ts';
import { createMatchRuns } from './match-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-runs-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Row {
  readonly value: number;
  readonly personNo: number;
  readonly kind: number;
  readonly name: string;
}

function encode(rows: readonly Row[]): Uint8Array {
  return Buffer.concat(
    rows.map(({ value, personNo, kind, name }) => {
      const bytes = Buffer.concat([EMPTY_MATCH, Buffer.from(name)]);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      writeBigint(view, MATCH.value, value);
      writeBigint(view, MATCH.personNo, personNo);
      view.setInt16(MATCH.kind, kind);
      view.setInt32(MATCH.nameLength, bytes.length - MATCH.name);
      return bytes;
    }),
  );
}

function decode(bytes: Buffer): Row[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: Row[] = [];
  for (let at = 0; at < bytes.length; at = matchEnd(view, at)) {
    rows.push({
      value: readBigint(view, at + MATCH.value),
      personNo: readBigint(view, at + MATCH.personNo),
      kind: view.getInt16(at + MATCH.kind),
      name: bytes.toString('utf8', at + MATCH.name, matchEnd(view, at)),
    });
  }
  return rows;
}

const row = fc.record({
  value: fc.oneof(fc.nat(6), fc.integer({ min: 1, max: 999_999_999_999 })),
  kind: fc.constantFrom(1, 2),
  name: fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('Nguyễn', 'x'.repeat(150_000))),
});

test('runs become one, in order, whether they were kept or written out; who repeats a personal ID is named', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(row, { maxLength: 12 }), { maxLength: 8 }),
      fc.constantFrom(0, 300, 2000, 10_000_000),
      (blocks, memory) => {
        let personNo = 0;
        const numbered = blocks.map((rows) => rows.map((one): Row => ({ ...one, personNo: ++personNo })));
        const order = (rows: readonly Row[]) => rows.toSorted((a, b) => a.value - b.value || a.personNo - b.personNo);
        const runs = createMatchRuns(folder, memory);
        for (const rows of numbered) runs.add(encode(order(rows)));
        const sought = new Set([0, 3, 5]);
        const first = new Map<number, Row>();
        for (const one of order(numbered.flat())) {
          if (one.kind === 1 && sought.has(one.value) && !first.has(one.value)) first.set(one.value, one);
        }
        const found = new Map([...runs.find(sought)].map(([value, bytes]) => [value, decode(Buffer.from(bytes))[0]]));
        expect(found).toEqual(first);
        const repeated: number[] = [];
        const merged = [...runs.merged((no) => repeated.push(no))];
        runs.close();
        const all = order(numbered.flat());
        expect(decode(Buffer.concat(merged))).toEqual(all);
        const own = all.filter(({ kind }) => kind === 1);
        expect(repeated).toEqual(own.filter((one, i) => own[i - 1]?.value === one.value).map((one) => one.personNo));
        expect(readdirSync(folder)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});
