import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RowProof, writeRowProof } from '../../gateway/proof/row-proof.ts';
import type { KeyState } from '../../gateway/signing/key-set.ts';
import type { PublicJwk } from '../../gateway/signing/public-key.ts';
import { KitError } from './kit-error.ts';
import { verifyReceipt } from './receipt-verify.ts';
import {
  checkProofText,
  MOST_PROOF_CHARS,
  PROOF_PROBLEMS,
  ROW_MEMBERS,
  type RowProofReport,
} from './row-proof-check.ts';
import { makeRowProof } from './row-proof-make.ts';
import { PROFILE_CLOSED, SIGNED_AT, writeSignedResults } from './signed-receipt.test-support.ts';

let folder: string;
let results: string;
let root: PublicJwk;
let jobId: string;
/** Of line 302: the second chunk, neither its first row nor its last. */
let text: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lt-row-proof-'));
  const rows = Array.from({ length: 700 }, (_, i) => ({
    ...{ rowId: i === 5 ? '=cmd|x' : i === 6 ? 'a"b\nc' : `S${i}`, msisdn: `09${String(i).padStart(8, '0')}` },
    result: i === 300 ? { verdict: 2, name: 2 as const, nameScore: 80, score: 81, reasons: [3, 9] } : {},
  }));
  const made = await writeSignedResults(folder, rows);
  ({ results, root, jobId } = made);
  text = writeRowProof(await makeRowProof(results, 302));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const check = (changed: string, expected = {}): RowProofReport => checkProofText(changed, root, expected);
const members = (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
const withMember = (name: string, value: unknown): string => `${JSON.stringify({ ...members(), [name]: value })}\n`;

describe('the proof of one row', () => {
  it('holds from the pinned root alone and says what of', () => {
    expect(check(text)).toMatchObject({
      ...{ ok: true, agency: 'viettel', deployment: 'test-deployment', jobId, signedAt: SIGNED_AT, index: 300 },
      ...{ rows: 700, log: { origin: 'test-deployment/log/main', size: 7 } },
      cells: { line: '302', row_id: 'S300', msisdn: '0900000300', verdict: 'PROBABLE', score: '81' },
    });
    const expected = { agency: 'viettel', deployment: 'test-deployment', logOrigin: 'test-deployment/log/main' };
    expect(check(text, expected).ok).toBe(true);
  });

  it('holds for any row, rows whose cells are guarded or quoted included, and tells of no other', async () => {
    for (const line of [2, 7, 8, 257, 258, 701]) {
      const proof = writeRowProof(await makeRowProof(results, line));
      expect(check(proof)).toMatchObject({ ok: true, cells: { line: String(line) } });
      expect(proof).not.toContain('0900000301');
    }
    expect((await makeRowProof(results, 7)).cells.row_id).toBe('=cmd|x');
    expect(await verifyReceipt(results, root)).toMatchObject({ ok: true, rows: 700 });
  });

  it.each([
    [{ agency: 'mobifone' }, 'agency'],
    [{ deployment: 'another' }, 'deployment'],
  ])('of somebody else is refused: %j', (expected, where) => {
    expect(check(text, expected)).toEqual({ ok: false, problem: 'OTHER_PARTY', where });
    expect(check(text, { logOrigin: 'another/log' })).toMatchObject({ problem: 'LOG_HEAD' });
  });
});

describe('what the row was judged under', () => {
  const judged = { policy: 'p', agreement: 'a:1' };
  /** Of a job of three chunks, in whose midst another profile came. */
  const crossed = async (name: string, answerKey?: KeyState) => {
    const own = mkdtempSync(join(folder, name));
    const rows = Array.from({ length: 700 }, (_, i) => ({ rowId: `S${i}`, msisdn: '09', result: {} }));
    const profileOf = (num: number) => (num === 0 ? 'lt-vn-2:1.9.0' : PROFILE_CLOSED);
    const made = await writeSignedResults(own, rows, { profileOf, ...(answerKey && { answerKey }) });
    const proofs = await Promise.all([2, 257, 258, 701].map((line) => makeRowProof(made.results, line)));
    return { root: made.root, proofs };
  };

  it('is what its chunk was, not what the job was closed under', async () => {
    const { root, proofs } = await crossed('crossed-');
    const reports = proofs.map((proof) => checkProofText(writeRowProof(proof), root));
    expect(reports.map((report) => report.ok && [report.judged, report.versions.profile])).toEqual([
      [{ ...judged, profile: 'lt-vn-2:1.9.0' }, PROFILE_CLOSED],
      [{ ...judged, profile: 'lt-vn-2:1.9.0' }, PROFILE_CLOSED],
      [{ ...judged, profile: PROFILE_CLOSED }, PROFILE_CLOSED],
      [{ ...judged, profile: PROFILE_CLOSED }, PROFILE_CLOSED],
    ]);
  });

  it('is not said by the answer of another chunk, nor of another job', async () => {
    const { root, proofs } = await crossed('others-');
    const [first, , second] = proofs;
    const swapped = { ...first, answer: second?.answer } as RowProof;
    expect(checkProofText(writeRowProof(swapped), root)).toEqual({ ok: false, problem: 'ANSWER', where: 'answer' });
    expect(check(withMember('answer', second?.answer))).toEqual({ ok: false, problem: 'ANSWER', where: 'answer' });
  });

  it('is not proven by a key that is in other hands, nor by a proof of format 1; the row still is', async () => {
    const { root, proofs } = await crossed('lost-', { state: 'compromised', compromisedFrom: SIGNED_AT });
    const [first] = proofs as [RowProof];
    expect(checkProofText(writeRowProof(first), root)).toMatchObject({ ok: true, judged: undefined });
    const { answer: _, ...old } = JSON.parse(text) as Record<string, unknown>;
    const format1 = `${JSON.stringify({ ...old, format: 'lienthong-row-proof/1' })}\n`;
    expect(check(format1)).toMatchObject({ ok: true, judged: undefined, versions: { profile: PROFILE_CLOSED } });
    expect(check(withMember('format', 'lienthong-row-proof/1'))).toMatchObject({ problem: 'FORMAT' });
  });

  it('stands in the receipt as an answer to that chunk, or no proof is made', async () => {
    const own = mkdtempSync(join(folder, 'wrong-'));
    const made = await writeSignedResults(own, [{ rowId: 'a', msisdn: 'b', result: {} }]);
    const path = `${made.results}.receipt`;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"answer":"[^"]+"/, '"answer":"aaaa.bbbb.cccc"'));
    await expect(makeRowProof(made.results, 2)).rejects.toMatchObject({ reason: 'RECEIPT_WRONG' });
  });
});

describe('a changed proof is refused', () => {
  it('at whatever character, with a name for what is wrong', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'0aZ-_"{},: \n\u0000é'), (at, character) => {
        fc.pre(text[at] !== character);
        const report = check(text.slice(0, at) + character + text.slice(at + 1));
        expect(report.ok).toBe(false);
        if (report.ok) return;
        expect(PROOF_PROBLEMS).toContain(report.problem);
        expect(report.where).not.toBe('');
      }),
      { numRuns: 600 },
    );
  });

  it('in every bit of what it holds as bytes, by the member that holds them', () => {
    const places: Readonly<Record<string, readonly string[]>> = {
      opening: ['opening'],
      job_key: [ROW_MEMBERS],
      salt: [ROW_MEMBERS],
      path: [ROW_MEMBERS],
      key_set_payload: ['key_set_payload'],
    };
    for (const [name, wheres] of Object.entries(places)) {
      const bytes = Buffer.from(String(members()[name]), 'base64url');
      fc.assert(
        fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ mask;
          const report = check(withMember(name, changed.toString('base64url')));
          expect(report).toMatchObject({ ok: false, where: expect.toSatisfy((where) => wheres.includes(where)) });
        }),
        { numRuns: 60 },
      );
    }
  });

  it('in every character of a token, by its name', () => {
    for (const [name, problem] of [
      ['token', 'TOKEN'],
      ['answer', 'ANSWER'],
      ['key_set', 'KEY_SET'],
    ] as const) {
      const jws = String(members()[name]);
      fc.assert(
        fc.property(fc.nat(jws.length - 1), fc.constantFrom(...'AZaz09-_'), (at, character) => {
          fc.pre(jws[at] !== character);
          const report = check(withMember(name, jws.slice(0, at) + character + jws.slice(at + 1)));
          // Another dot would make it no token; a token that names another party is refused for that.
          expect(report).toMatchObject({ ok: false });
          if (!report.ok) expect([problem, 'FORMAT', 'OTHER_PARTY', 'KEY_SET']).toContain(report.problem);
        }),
        { numRuns: 200 },
      );
    }
  });

  it.each<[string, unknown, string, string]>([
    ['format', 'lienthong-row-proof/3', 'FORMAT', 'format'],
    ['job_id', 'f'.repeat(32), 'NOT_IN_TOKEN', 'job_id'],
    ['rows', 701, 'NOT_IN_TOKEN', 'rows'],
    ['rows', '700', 'FORMAT', 'rows'],
    ['index', 301, 'ROW', ROW_MEMBERS],
    ['index', 700, 'NOT_IN_TOKEN', 'index'],
    ['salt', 'AAAA', 'FORMAT', 'salt'],
    ['path', '', 'ROW', ROW_MEMBERS],
    ['token', 'aaaa.bbbb.cccc', 'TOKEN', 'token'],
    ['answer', 'aaaa.bbbb.cccc', 'ANSWER', 'answer'],
    ['answer', undefined, 'FORMAT', 'row proof'],
    ['cells', {}, 'FORMAT', 'cells'],
  ])('%s as %j', (name, value, problem, where) => {
    expect(check(withMember(name, value))).toEqual({ ok: false, problem, where });
  });

  it.each<[string, string, string, string]>([
    ['verdict', 'VERIFIED', 'ROW', ROW_MEMBERS],
    ['verdict', 'MAYBE', 'CELLS', 'cells: verdict'],
    ['score', '082', 'CELLS', 'cells: score'],
    ['line', '303', 'ROW', ROW_MEMBERS],
    ['line', '0302', 'CELLS', 'cells: line'],
    ['row_id', 'S301', 'ROW', ROW_MEMBERS],
    ['msisdn', '0900000301', 'ROW', ROW_MEMBERS],
    ['reasons', '', 'ROW', ROW_MEMBERS],
    ['notices', 'DECEASED', 'ROW', ROW_MEMBERS],
    ['current_id', '901085000017', 'ROW', ROW_MEMBERS],
  ])('the cell %s as %s', (name, value, problem, where) => {
    const cells = members().cells as Record<string, string>;
    expect(check(withMember('cells', { ...cells, [name]: value }))).toEqual({ ok: false, problem, where });
  });

  it('under another root, cut short, with a member more or repeated, or far too long', async () => {
    const other = mkdtempSync(join(folder, 'other-'));
    const { root: another } = await writeSignedResults(other, [{ rowId: 'a', msisdn: 'b', result: {} }]);
    expect(checkProofText(text, another)).toMatchObject({ ok: false, problem: 'KEY_SET' });
    for (const changed of [
      ...['', '{}', 'null', text.trim(), text.replace('{', '{"rows":700,'), text.replace('{', '{"extra":1,')],
      ' '.repeat(MOST_PROOF_CHARS + 1),
    ])
      expect(check(changed)).toMatchObject({ ok: false, problem: 'FORMAT' });
  });
});

describe('a proof is not made', () => {
  it('of a row that the results do not have, or from rows or a receipt that were changed', async () => {
    const reason = (path: string, line: number) =>
      makeRowProof(path, line, { receiptPath: `${results}.receipt` }).then(
        () => 'made',
        (error: unknown) => (error as KitError).reason,
      );
    expect(await reason(results, 702)).toBe('ROW_NOT_IN_RESULTS');
    expect(await reason(results, 1)).toBe('ROW_NOT_IN_RESULTS');
    const edited = join(folder, 'edited.csv');
    const lines = readFileSync(results, 'utf8').split('\n');
    writeFileSync(edited, lines.join('\n').replace('S310,', 'S311,'));
    expect(await reason(edited, 302)).toBe('ROW_UNPROVABLE');
    expect(await reason(edited, 10)).toBe('made');
    const receipt = readFileSync(`${results}.receipt`, 'utf8');
    writeFileSync(`${edited}.receipt`, receipt.replace(jobId, 'f'.repeat(32)));
    const failed = await makeRowProof(edited, 10).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(KitError);
    expect((failed as KitError).reason).toBe('RECEIPT_WRONG');
  });
});
