import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { COPY_HEADER, COPY_TRAILER, CopyWriter } from './copy-writer.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ empty: true });
  await db.pool.query(
    'CREATE TABLE t (n serial, a bigint, b integer, c smallint, d text, e bytea, f text[], g boolean, h text, i text[], j bytea)',
  );
});
afterAll(() => db.drop());

const text = fc
  .oneof(anyText(), fc.string(), fc.constantFrom('', 'Nguyễn', 'a'.repeat(50)))
  .map((s) => s.replaceAll('\0', ''));

test('what is written comes back from the server', async () => {
  const row = fc.record({
    a: fc.maxSafeNat(),
    b: fc.integer(),
    c: fc.integer({ min: -32768, max: 32767 }),
    d: fc.option(text),
    e: fc.uint8Array(),
    f: fc.array(text, { maxLength: 3 }),
    g: fc.boolean(),
    h: fc.tuple(text, text, text),
    i: text,
    j: fc.uint8Array({ maxLength: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 5 }), async (rows) => {
      const writer = new CopyWriter(16);
      const places: [number, Uint8Array][] = [];
      for (const { a, b, c, d, e, f, g, h, i, j } of rows) {
        writer.row(10);
        writer.int8(a);
        writer.int4(b);
        writer.int2(c);
        if (d === null) writer.null();
        else writer.text(d);
        writer.bytes(Buffer.concat([Buffer.from('xx'), e, Buffer.from('y')]), 2, 2 + e.length);
        writer.texts(f);
        writer.bool(g);
        const [prefix, middle, suffix] = h.map((part) => Buffer.from(part)) as [Buffer, Buffer, Buffer];
        writer.joined(prefix, middle, 0, middle.length, suffix);
        const one = Buffer.from(`x${i}y`);
        writer.textOfOne(one, 1, one.length - 1);
        places.push([writer.reserve(j.length), j]);
        const whole = writer.length;
        writer.row(10);
        writer.int8(1);
        writer.rewind(whole);
      }
      for (const [place, j] of places) writer.written.set(j, place);
      const connection = await db.pool.connect();
      await connection.query('TRUNCATE t');
      const copy = connection.copyIn('COPY t (a, b, c, d, e, f, g, h, i, j) FROM STDIN (FORMAT binary)');
      for (const part of [COPY_HEADER, writer.take(), COPY_TRAILER]) await copy.write(part);
      expect(await copy.finish()).toBe(rows.length);
      expect(writer.length).toBe(0);
      const found = await connection.query('SELECT a, b, c, d, e, f, g, h, i, j FROM t ORDER BY n');
      connection.release();
      expect(found.rows).toEqual(
        rows.map((one) => ({ ...one, e: Buffer.from(one.e), h: one.h.join(''), i: [one.i], j: Buffer.from(one.j) })),
      );
    }),
    { numRuns: 60 },
  );
});
