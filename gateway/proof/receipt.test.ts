import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkAgainstClaims,
  parseReceipt,
  type Receipt,
  receiptChunkText,
  receiptHeadText,
  receiptTailText,
} from './receipt.ts';
import { hex } from './reference.test-support.ts';
import { buildReceipt, sampleReceipt, sampleRows } from './samples.test-support.ts';
import { NODE_TAGS, treeRoot } from './tree.ts';
import { chunkLeaves } from './verify-rows.ts';

const rows = sampleRows(700);
const receipt = sampleReceipt(rows);
const text = buildReceipt(receipt);

function edited(change: (json: Record<string, unknown>) => void): string {
  const json: Record<string, unknown> = JSON.parse(text);
  change(json);
  return JSON.stringify(json);
}

describe('receipt', () => {
  it('comes back from its text', () => {
    const parsed = parseReceipt(text);
    expect(buildReceipt(parsed)).toBe(text);
    expect(parsed.columns).toEqual(receipt.columns);
    expect(parsed.chunks.map((chunk) => chunk.rows)).toEqual([256, 256, 188]);
    expect(hex(parsed.rowRoot)).toBe(hex(receipt.rowRoot));
  });

  it('names what other receipts prove, and adds it up', () => {
    const from = (job: string, count: number) => ({ jobId: job, receipt: new Uint8Array(32).fill(count), rows: count });
    const carried = { since: 'b', rows: 5, from: [from('b', 3), from('a', 2)] };
    const parsed = parseReceipt(buildReceipt({ ...receipt, carried }));
    expect(parsed.carried?.from.map(({ jobId, rows: count }) => [jobId, count])).toEqual([
      ['b', 3],
      ['a', 2],
    ]);
    expect(parsed.rows).toBe(700);
    for (const wrong of [
      { ...carried, rows: 6 },
      { ...carried, from: [from('b', 3), from('b', 2)] },
      { ...carried, from: [{ ...from('b', 5), receipt: new Uint8Array(31) }] },
    ]) {
      expect(() => buildReceipt({ ...receipt, carried: wrong })).toThrow();
    }
    expect(() => buildReceipt({ ...receipt, limit: 704, carried })).toThrow();
    expect(parseReceipt(buildReceipt({ ...receipt, limit: 705, carried })).limit).toBe(705);
  });

  it('has the row root of all rows taken as one tree', () => {
    const leaves = receipt.chunks.map((chunk, num) =>
      chunkLeaves(receipt.jobKey, chunk.seed, rows.slice(num * 256, num * 256 + 256)),
    );
    expect(hex(treeRoot(Buffer.concat(leaves), NODE_TAGS.row))).toBe(hex(receipt.rowRoot));
  });

  it('can be written piece by piece, a chunk a line', () => {
    const pieces = [receiptHeadText(receipt), ...receipt.chunks.map(receiptChunkText), receiptTailText(receipt)];
    expect(pieces.join('')).toBe(text);
    expect(text.split('\n').length).toBe(receipt.chunks.length + 3);
  });

  it('holds a job without rows', () => {
    const empty = sampleReceipt([]);
    expect(parseReceipt(buildReceipt(empty)).rows).toBe(0);
    expect(hex(empty.rowRoot)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('is refused or unchanged in meaning after any change of a character: never silently something else', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0aZ-_"{},: \n'), (at, character) => {
        fc.pre(text[at] !== character);
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        let parsed: Receipt;
        try {
          parsed = parseReceipt(changed);
        } catch (error) {
          expect((error as Error).name).toBe('ProofError');
          return;
        }
        expect(buildReceipt(parsed)).toBe(changed);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, (json: Record<string, unknown>) => void, string]>([
    ['a member more', (json) => Object.assign(json, { extra: 1 }), 'SHAPE'],
    ['a member less', (json) => delete json.token, 'SHAPE'],
    ['a later format', (json) => Object.assign(json, { format: 'lienthong-receipt/2' }), 'VERSION'],
    ['a token that is none', (json) => Object.assign(json, { token: 'aaaa.bbbb' }), 'SHAPE'],
    ['a number as text', (json) => Object.assign(json, { rows: '700' }), 'SHAPE'],
    ['rows that do not add up', (json) => Object.assign(json, { rows: 701 }), 'INCONSISTENT'],
    ['a short job key', (json) => Object.assign(json, { job_key: 'AAAA' }), 'LENGTH'],
    ['chunks that are none', (json) => Object.assign(json, { chunks: {} }), 'SHAPE'],
    ['a chunk size that is no power of two', (json) => Object.assign(json, { chunk_rows: 257 }), 'RANGE'],
    ['another chunk size', (json) => Object.assign(json, { chunk_rows: 512 }), 'INCONSISTENT'],
    ['a chunk left out', (json) => (json.chunks as unknown[]).splice(1, 1), 'INCONSISTENT'],
    ['a chunk misnumbered', (json) => Object.assign((json.chunks as object[])[1]!, { num: 2 }), 'INCONSISTENT'],
    ['two chunks exchanged', (json) => (json.chunks as unknown[]).reverse(), 'INCONSISTENT'],
    [
      'another row root',
      (json) => Object.assign(json, { row_root: Buffer.alloc(32).toString('base64url') }),
      'INCONSISTENT',
    ],
    ['a column that is none', (json) => Object.assign(json, { columns: { phone: 'X' } }), 'SHAPE'],
    ['a log head that is none', (json) => Object.assign(json, { log_head: 'head' }), 'SHAPE'],
  ])('is refused with %s', (_name, change, reason) => {
    expect(() => parseReceipt(edited(change))).toThrow(reason);
  });

  it('is refused in any other layout, and with repeated members', () => {
    expect(() => parseReceipt(edited(() => {}))).toThrow('NOT_CANONICAL');
    expect(() => parseReceipt(text.replace('{', '{"rows":1,'))).toThrow('NOT_CANONICAL');
    expect(() => parseReceipt(text.replaceAll('\n', '\r\n'))).toThrow('NOT_CANONICAL');
    expect(() => parseReceipt('')).toThrow('SHAPE');
    expect(() => parseReceipt('null')).toThrow('SHAPE');
  });

  it('is not built from what it would not parse', () => {
    expect(() => buildReceipt({ ...receipt, rows: 5 })).toThrow('INCONSISTENT');
    expect(() => buildReceipt({ ...receipt, jobId: '' })).toThrow('SHAPE');
  });

  it('counts only where its token says the same', () => {
    const { jobId, opening, rowRoot } = receipt;
    const claims = { jobId, opening, rows: 700, rowRoot };
    checkAgainstClaims(receipt, claims);
    for (const change of [{ jobId: 'x' }, { rows: 699 }, { opening: rowRoot }, { rowRoot: opening }]) {
      expect(() => checkAgainstClaims(receipt, { ...claims, ...change })).toThrow('INCONSISTENT');
    }
  });
});
