import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { generateSigningJwk, loadSigningKey } from '../../gateway/signing/key-store.ts';
import { failure } from '../kit/failure.test-support.ts';
import { loadProfile } from '../kit/profile.ts';
import { verifyReceipt } from '../kit/receipt-verify.ts';
import { RESULT_HEADER } from '../kit/result-lines.ts';
import type { TinyGateway } from '../kit/tiny-gateway.test-support.ts';
import { judgeByNumber, writeSubscribers } from './subscribers.test-support.ts';
import { openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

const ROWS = 600;

let tiny: TinyTelco;
let gateway: TinyGateway;
/** A copy of the results of the one run, for each test to spoil. */
let out: string;

beforeAll(async () => {
  tiny = await openTinyTelco(judgeByNumber);
  ({ gateway } = tiny);
  out = join(tiny.folder, 'copy.csv');
  writeSubscribers(tiny.file, ROWS);
  writeFileSync(tiny.file, readFileSync(tiny.file, 'utf8').replace('r400,', '=1+1,'));
  await tiny.run();
});

afterAll(() => tiny?.close());

describe('a receipt', () => {
  const root = async () => (await loadProfile(gateway.profileFolder)).keySetRoot;
  const lines = () => readFileSync(out, 'utf8').trimEnd().split('\n');
  const put = (changed: readonly string[]) => writeFileSync(out, `${changed.join('\n')}\n`);

  beforeEach(() => {
    for (const ending of ['', '.receipt', '.asked']) copyFileSync(`${tiny.out}${ending}`, `${out}${ending}`);
  });

  it.each(
    RESULT_HEADER.map((name, index) => [name, index] as const),
  )('finds an edited cell of %s and names its line', async (name, index) => {
    const edits: Record<string, string> = {
      verdict: 'MISMATCH',
      action: 'STOP',
      as_of: '2026-01-01T00:00:00Z',
      score: '7',
      name_score: '8',
    };
    const changed = lines();
    const cells = (changed[300] ?? '').split(',');
    cells[index] = edits[name] ?? (cells[index] === 'TRUE' ? 'FALSE' : '99');
    changed[300] = cells.join(',');
    put(changed);
    const report = await verifyReceipt(out, await root());
    expect(report.ok).toBe(false);
    expect(report.found).toBe(1);
    expect(report.problems[0]).toMatchObject({ line: name === 'line' ? 99 : 301 });
  });

  it('finds a formula whose apostrophe was taken away, though it reads the same', async () => {
    const found = lines().findIndex((line) => line.includes(",'=1+1,"));
    put(lines().map((line) => line.replace(",'=1+1,", ',=1+1,')));
    const report = await verifyReceipt(out, await root());
    expect(report).toMatchObject({ ok: false, found: 1, problems: [{ kind: 'ROW_CHANGED', line: found + 1 }] });
  });

  it('proves nothing of columns that somebody added, and names them as a terminal may show them', async () => {
    expect(await verifyReceipt(out, await root())).not.toHaveProperty('unproven');
    put(lines().map((line, i) => (i === 0 ? `Verdict\u200b,${line}, \u001b[2Jnote ` : `VERIFIED,${line},seen`)));
    expect(await verifyReceipt(out, await root())).toMatchObject({
      ...{ ok: true, unproven: ['Verdict\ufffd', '\ufffd[2Jnote'] },
    });
  });

  it.each([
    ['a row taken out', (all: string[]) => all.toSpliced(300, 1)],
    ['a row put in twice', (all: string[]) => all.toSpliced(300, 0, all[300] ?? '')],
    ['two rows exchanged', (all: string[]) => all.toSpliced(300, 2, all[301] ?? '', all[300] ?? '')],
    ['the last row taken off', (all: string[]) => all.slice(0, -1)],
    ['a row added', (all: string[]) => [...all, all.at(-1) ?? '']],
  ])('finds %s', async (_name, edit) => {
    put(edit(lines()));
    expect((await verifyReceipt(out, await root())).ok).toBe(false);
  });

  it.each([
    '2099-01-01T00:00:00Z',
    '2019-01-01',
    'yesterday',
  ])('finds moments that are of no such job: %s', async (moment) => {
    put(lines().map((line) => line.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, moment)));
    const report = await verifyReceipt(out, await root());
    expect(report.ok).toBe(false);
    expect(report.problems[0]).toMatchObject({ kind: 'CELL_CHANGED', column: 'as_of', line: 2 });
  });

  it.each([
    '1970-01-01T00:00:00Z',
    '2019-01-01T00:00:00Z',
  ])('of a register that nobody imports into any more says so, and accuses nobody: %s', async (asOf) => {
    put(lines().map((line) => line.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, asOf)));
    expect(await verifyReceipt(out, await root())).toMatchObject({ ok: true, old: { rows: ROWS, line: 2, asOf } });
    // One that was edited among them is found all the same.
    put(lines().map((line, i) => (i === 300 ? line.replace(asOf, '2026-01-01T00:00:00Z') : line)));
    expect(await verifyReceipt(out, await root())).toMatchObject({
      ok: false,
      problems: [{ kind: 'CELL_CHANGED', column: 'as_of', line: 301 }],
    });
  });

  it('tells what it is of', async () => {
    const report = await verifyReceipt(out, await root(), { logOrigin: 'test-deployment/log/main' });
    expect(report).toMatchObject({ ok: true, rows: ROWS, agency: 'viettel', deployment: 'test-deployment' });
    expect(report.logSize).toBe(gateway.log.length - 1);
    expect(await failure(verifyReceipt(out, await root(), { logOrigin: 'other' }))).toMatchObject({
      ...{ reason: 'RECEIPT_OTHER_LOG', facts: { found: 'test-deployment/log/main', wanted: 'other' } },
    });
  });

  it('of another agency or deployment says whose it is, in both languages', async () => {
    const agency = await failure(verifyReceipt(out, await root(), { agency: 'mobifone' }));
    expect([agency.reason, agency.exitCode]).toEqual(['RECEIPT_OTHER_AGENCY', 2]);
    for (const text of [agency.text('en'), agency.text('vi')]) expect(text).toMatch(/viettel.*mobifone/);
    const other = await failure(verifyReceipt(out, await root(), { agency: 'viettel', deployment: 'live' }));
    expect([other.reason, other.facts]).toMatchObject([
      'RECEIPT_OTHER_DEPLOYMENT',
      { found: 'test-deployment', wanted: 'live' },
    ]);
  });

  it('that was made up is not repeated', async () => {
    const path = `${out}.receipt`;
    const receipt = JSON.parse(readFileSync(path, 'utf8'));
    const [head, body = '', signature] = String(receipt.token).split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, aud: 'x\u001b[2J@test-deployment' })).toString('base64url');
    writeFileSync(path, readFileSync(path, 'utf8').replace(receipt.token, [head, forged, signature].join('.')));
    const wrong = await failure(verifyReceipt(out, await root(), { agency: 'viettel' }));
    expect(wrong.reason).toBe('RECEIPT_WRONG');
  });

  it('of another root, or changed itself, proves nothing', async () => {
    const { publicJwk } = loadSigningKey(await generateSigningJwk());
    expect((await failure(verifyReceipt(out, publicJwk))).reason).toBe('UNTRUSTED_KEY_SET');
    const path = `${out}.receipt`;
    const text = readFileSync(path, 'utf8');
    for (const [from, to] of [
      ['"rows":600', '"rows":601'],
      ['"num":1', '"num":2'],
      ['"job_id":"', '"job_id":"0'],
      ['{"format"', ' {"format"'],
      ['key_set_payload":"', 'key_set_payload":"A'],
    ] as const) {
      writeFileSync(path, text.replace(from, to));
      expect(['RECEIPT_WRONG', 'UNTRUSTED_KEY_SET']).toContain(
        (await failure(verifyReceipt(out, await root()))).reason,
      );
    }
  });
});
