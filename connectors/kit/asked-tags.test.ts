import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTexts } from '../../gateway/proof/packed-texts.ts';
import { createAskedTags, TAG_BYTES } from './asked-tags.ts';
import { CELL_COUNTS, type CsvBatch } from './csv-read.ts';

type Row = { readonly cells: readonly string[]; readonly surplus?: boolean };

function batchOf(rows: readonly Row[]): CsvBatch {
  const cells = Array.from({ length: 5 }, (_, k) => rows.map((row) => row.cells[k] ?? ''));
  return {
    ...{
      count: rows.length,
      lines: new Float64Array(rows.length),
      texts: cells.map((texts) => packTexts(texts)),
      cells,
    },
    cellCounts: Uint8Array.from(rows, ({ surplus }) => (surplus === true ? CELL_COUNTS.TOO_MANY : CELL_COUNTS.EXACT)),
  };
}

const tagsOf = (tags: Uint8Array): string[] =>
  Array.from({ length: tags.length / TAG_BYTES }, (_, i) =>
    Buffer.from(tags.subarray(i * TAG_BYTES, (i + 1) * TAG_BYTES)).toString('hex'),
  );

/** The same by the cipher's own CBC, one row at a time. */
function slowTag(key: Uint8Array, { cells, surplus = false }: Row): string {
  const texts = cells.map((cell, k) => Buffer.from(surplus && k >= 2 ? '' : cell, 'utf8'));
  const head = Buffer.alloc(16);
  head[0] = surplus ? 1 : 0;
  texts.forEach((text, k) => {
    head.writeUInt16BE(text.length & 0xffff, 1 + 3 * k);
    head[3 + 3 * k] = text.length >>> 16;
  });
  const body = Buffer.concat(texts);
  const zeros = Buffer.alloc((16 - (body.length % 16)) % 16);
  const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false);
  return cipher
    .update(Buffer.concat([head, body, zeros]))
    .subarray(-16)
    .toString('hex');
}

const cell = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('ễ', 'a', '\u001f'), maxLength: 12 }),
);
const row = fc.record({ cells: fc.tuple(cell, cell, cell, cell, cell), surplus: fc.boolean() });

describe('tags of what was asked', () => {
  it('are AES in CBC-MAC over lengths and cells, whatever stands beside a row in its batch', () => {
    const key = randomBytes(32);
    const tags = createAskedTags(key);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        expect(tagsOf(tags(batchOf(rows)))).toEqual(rows.map((one) => slowTag(key, one)));
      }),
    );
  });

  it('keep apart rows whose cells run together to the same bytes, and rows of which nothing was sent', () => {
    const rows: Row[] = [
      { cells: ['1', '2', '901085000017', 'An', '1985'] },
      { cells: ['12', '', '901085000017', 'An', '1985'] },
      { cells: ['1', '2', '901085000017', 'An1', '985'] },
      { cells: ['1', '2', '', '', ''] },
      { cells: ['1', '2', '901085000017', 'An', '1985'], surplus: true },
    ];
    expect(new Set(tagsOf(createAskedTags(randomBytes(32))(batchOf(rows)))).size).toBe(rows.length);
  });

  it('differ under another key, and take cells as long as a line may be', () => {
    const long: Row = { cells: ['x'.repeat(1 << 20), '', '', '', ''] };
    const [key, other] = [randomBytes(32), randomBytes(32)];
    const found = tagsOf(createAskedTags(key)(batchOf([long, { cells: ['y'] }, long])));
    expect(found).toEqual([slowTag(key, long), slowTag(key, { cells: ['y', '', '', '', ''] }), slowTag(key, long)]);
    expect(tagsOf(createAskedTags(other)(batchOf([long])))).not.toEqual(found.slice(0, 1));
  });
});
