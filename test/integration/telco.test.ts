/** The main job end to end: a telco's file through the connector and the gateway, undisturbed and killed in the middle. */
import { spawn } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { create, fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChunkStream } from '../../connectors/kit/chunk-stream.ts';
import { createSignedClient } from '../../connectors/kit/client.ts';
import { writeLegacy } from '../../connectors/kit/decode/letters.test-support.ts';
import { type FileRow, findFileRow, findResultRow } from '../../connectors/kit/find-row.ts';
import { KitError } from '../../connectors/kit/kit-error.ts';
import { sentProfile } from '../../connectors/kit/learn/finding.ts';
import { firstPass } from '../../connectors/kit/learn/first-pass.ts';
import { loadProfile } from '../../connectors/kit/profile.ts';
import { receiptPathOf } from '../../connectors/kit/receipt-file.ts';
import { verifyReceipt } from '../../connectors/kit/receipt-verify.ts';
import { GatewayError } from '../../connectors/kit/refusal.ts';
import { telco } from '../../connectors/telco/connector.ts';
import { verifySubscribers } from '../../connectors/telco/verify.ts';
import { answerOf, fitsReading } from '../../gateway/cli/row/answer.ts';
import { profileInReceipt } from '../../gateway/cli/row/answered-under.ts';
import { readingOf } from '../../gateway/cli/row/reading.ts';
import { createEnrolment } from '../../gateway/development/enrol.ts';
import { PROFILE } from '../../gateway/matching/index.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { RequestContextSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { DateOrder, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { fingerprintOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { crowdPerson, PEOPLE, printDate } from '../support/gateway-people.ts';
import { chunkPayload, rowOf } from '../support/gateway-stream.ts';
import { someDate } from '../support/runs/file.ts';

const ROWS = 6000;
const CHUNK = 256;

let gateway: TestGateway;
let profile: string;
let file: string;
/** `row_id → verdict` of an undisturbed run. */
let undisturbed: readonly string[];
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 3000 });
  profile = gateway.deployment.profiles.viettel ?? '';
  file = join(gateway.folder, 'subscribers.csv');
  writeFileSync(file, hostileFile());
});
afterAll(() => gateway?.stop());

/** Most rows right, some written as people write them, some wrong, some that attack whoever reads them. */
function hostileFile(): string {
  const { an, deceased, renumbered, yearOnly } = PEOPLE;
  const hostile: readonly (readonly string[])[] = [
    ['x1', '0912345678', String(an.id), 'NGUYỄN  VĂN AN ', '27/03/1985'],
    ['x2', '0912345678', String(an.id), '"Nguyễn ""Văn"" An"', '1985-03-27'],
    ['x3', '=1+2', String(an.id), '=HYPERLINK("http://example.invalid")', '1985-03-27'],
    ['x4', '+84912345678', '901090000045', renumbered.name, '15/02/1990'],
    ['x5', '', String(deceased.id), deceased.name, '1950-06-12'],
    ['x6', '0', String(yearOnly.id), yearOnly.name, '1940'],
    ['x7', '0912', '', '', ''],
    ['x8', '0912', 'ABC', an.name, '1985-03-27'],
    ['x9', '0912', String(an.id), an.name, '1985-02-31'],
    ['x10', '0912', '011000017', an.name, '1985-03-27'],
    ['@cmd', '-1', String(an.id), an.name.normalize('NFD'), '1985-03-27'],
    ['x12', '0912', '999999999999', 'Không Có Ai', '1990-01-02'],
    ['"x\n13"', '0912', String(an.id), '"Nguyễn\nVăn An"', '1985-03-27'],
    ['x14', '0912', String(an.id), 'А'.repeat(1500), '1985-03-27'],
    ['x15', '0912', String(an.id), an.name],
    ['x16', '0912', String(an.id), an.name, '1985-03-27', 'one too many'],
  ];
  const lines = ['row_id,msisdn,id_number,full_name,date_of_birth'];
  for (let n = 0; n < ROWS; n++) {
    const odd = n % 375 === 7 ? hostile[Math.floor(n / 375)] : undefined;
    const { id, name, born } = crowdPerson(n % 3000);
    const wrong = n % 50 === 3;
    lines.push(
      (
        odd ?? [
          String(n),
          `09${String(n).padStart(8, '0')}`,
          String(id),
          wrong ? 'Tên Khác Hẳn' : name,
          wrong ? someDate(id) : printDate(born),
        ]
      ).join(','),
    );
  }
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

/** Records of a CSV file, quotes understood. */
function records(path: string): string[][] {
  const all: string[][] = [[]];
  let cell = '';
  let quoted = false;
  const text = readFileSync(path, 'utf8');
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quoted && c === '"' && text[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (c === '"') quoted = !quoted;
    else if (!quoted && (c === ',' || c === '\n')) {
      all.at(-1)?.push(cell.replace(/\r$/, ''));
      cell = '';
      if (c === '\n') all.push([]);
    } else cell += c;
  }
  all.pop();
  return all;
}

/** What every run must agree on: row by row all cells but the moment of the register. */
function told(path: string): string[] {
  const [header = [], ...rows] = records(path);
  const asOf = header.indexOf('as_of');
  return rows.map((cells) => cells.filter((_, i) => i !== asOf).join('\u001f'));
}

const verify = (out: string, more: object = {}) =>
  verifySubscribers({ file, out, profile, chunkRows: CHUNK, giveUpMs: 30_000, ...more });

async function entriesOf(jobId: string) {
  const { rows } = await gateway.database.pool.query<{ entry: Buffer }>('SELECT entry FROM log_entry');
  return rows
    .map(({ entry }) => fromBinary(EntrySchema, entry))
    .filter((entry) => Buffer.from(entry.jobId).toString('hex') === jobId);
}

/** Exactly one disclosure a chunk, whatever was sent again. */
async function expectOneEntryAChunk(jobId: string): Promise<void> {
  const chunks = (await entriesOf(jobId)).filter(({ kind }) => kind === EntryKind.CHUNK);
  expect(chunks.map(({ chunkNum }) => chunkNum).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: Math.ceil(ROWS / CHUNK) }, (_, i) => i),
  );
  expect(chunks.reduce((sum, { people }) => sum + people, 0)).toBeGreaterThanOrEqual(ROWS);
}

describe('a telco’s file', () => {
  it('in an old encoding gets the answers that it gets in UTF-8, and the job says how it was read', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => {
      const { id, name, born } = crowdPerson(n);
      return `Sổ ${n},09${n},${id},${name},${printDate(born)}`;
    });
    const text = `row_id,msisdn,id_number,full_name,date_of_birth\r\n${rows.join('\r\n')}\r\n`;
    for (const encoding of ['tcvn3', 'vni', 'windows-1258'] as const) {
      const [old, out] = [join(gateway.folder, `${encoding}.csv`), join(gateway.folder, `${encoding}.results.csv`)];
      writeFileSync(old, writeLegacy(text, encoding));
      const { totals, jobId } = await verify(out, { file: old });
      expect(totals, encoding).toEqual({ VERIFIED: 300 });
      expect(records(out)[1]?.[1]?.normalize('NFC')).toBe('Sổ 0');
      const client = createSignedClient(await loadProfile(profile));
      try {
        const { message } = await client.unary(VerificationService.method.getJob, { jobId }, {});
        expect(message.job?.fileProfile).toMatchObject({ encoding, dateOrder: DateOrder.DAY_FIRST, nameWidth: 0 });
        const listed = await client.unary(VerificationService.method.listJobs, {}, {});
        expect(listed.message.jobs.find((job) => job.jobId === jobId)?.fileProfile?.encoding).toBe(encoding);
      } finally {
        client.close();
      }
    }
  });

  it('gets one line for every record, in input order, and a receipt that verifies from the pinned root alone', async () => {
    const out = join(gateway.folder, 'results.csv');
    const summary = await verify(out);
    expect(summary.rows).toBe(ROWS);
    expect(summary.misshapen).toBe(1);
    const [header = [], ...rows] = records(out);
    expect(header.slice(0, 5)).toEqual(['line', 'row_id', 'msisdn', 'verdict', 'action']);
    expect(rows).toHaveLength(ROWS);
    const input = records(file).slice(1);
    const unguarded = (cell = '') => cell.replace(/^'(?=[=+\-@\t\r])/, '');
    expect(rows.map((cells) => unguarded(cells[1]))).toEqual(input.map((cells) => cells[0]));
    expect(rows.map((cells) => unguarded(cells[2]))).toEqual(input.map((cells) => cells[1]));

    const verdictOf = (rowId: string) => rows.find((cells) => unguarded(cells[1]) === rowId)?.slice(3, 5);
    expect(verdictOf('x1')).toEqual(['VERIFIED', 'KEEP']);
    expect(verdictOf('x4')).toEqual(['VERIFIED', 'UPDATE_ID']);
    expect(verdictOf('x5')).toEqual(['VERIFIED', 'STOP']);
    // Without a date, number and whole name are for a person to judge.
    expect(verdictOf('x15')).toEqual(['PROBABLE', 'REVIEW']);
    for (const id of ['x7', 'x8', 'x9', 'x16', 'x14']) expect(verdictOf(id), id).toEqual(['INVALID', 'CONTACT']);
    expect(verdictOf('x12')).toEqual(['NOT_FOUND', 'CONTACT']);
    expect(
      rows.flat().filter((cell) => /^[=@\t\r]/.test(cell)),
      'no cell that a spreadsheet would run',
    ).toEqual([]);

    const { keySetRoot, logOrigin, deployment } = await loadProfile(profile);
    // One JSON value: whoever has no program of ours reads it with any parser.
    expect(JSON.parse(readFileSync(`${out}.receipt`, 'utf8'))).toMatchObject({
      format: 'lienthong-receipt/1',
      rows: expect.any(Number),
    });
    const report = await verifyReceipt(out, keySetRoot, { agency: 'viettel', deployment, logOrigin });
    expect(report).toMatchObject({ ok: true, rows: ROWS, problems: [], jobId: summary.jobId, totals: summary.totals });
    await expectOneEntryAChunk(summary.jobId);
    expect((await entriesOf(summary.jobId)).filter(({ kind }) => kind === EntryKind.REDELIVERY)).toEqual([]);
    undisturbed = told(out);
  });

  it('each row explained fits what the gateway made of it, hostile ones too', async () => {
    const out = join(gateway.folder, 'results.csv');
    const columns = telco.wanted();
    const { learnt } = await firstPass(file, { columns, batchRows: CHUNK, stated: {} });
    const habits = sentProfile(learnt);
    const answered = new Set<string>();
    for (const rowId of [...Array.from({ length: 16 }, (_, i) => `x${i + 1}`), '@cmd', 'x\n13', '3', '5999']) {
      const found = findFileRow({ path: file, columns, encoding: habits.encoding }, { rowId });
      // Two of the hostile rows have another key, and stand in this list by it.
      const row = await found.catch((error: unknown) => error);
      if (row instanceof KitError) {
        expect([rowId, row.reason]).toEqual([expect.stringMatching(/^x1[13]$/), 'ROW_ID_MISSING']);
        continue;
      }
      const { idNumber, fullName: name, dateOfBirth: birthDate, misshapen } = row as FileRow;
      const cells = misshapen ? { idNumber: '', name: '', birthDate: '' } : { idNumber, name, birthDate };
      const reading = readingOf(cells, habits);
      const answer = answerOf(await findResultRow(out, file, row as FileRow), reading, out);
      expect(fitsReading(answer, reading), rowId).toBe(true);
      answered.add(answer.verdict);
    }
    // The receipt names the profile that answered; without one, or for a chunk that it has not, nothing is said.
    const under = `${PROFILE.id}:${PROFILE.version}`;
    expect(await profileInReceipt(receiptPathOf(out), '3:7')).toBe(under);
    for (const [path, ref] of [
      [receiptPathOf(out), '99:0'],
      [out, '0:0'],
      [`${out}.none`, '0:0'],
    ] as const)
      expect(await profileInReceipt(path, ref)).toBeUndefined();
    expect(answered).toEqual(new Set(['VERIFIED', 'PROBABLE', 'MISMATCH', 'NOT_FOUND', 'INVALID']));
  });

  it('one edited cell is found, and its line named', async () => {
    const { keySetRoot } = await loadProfile(profile);
    const [out, edited] = [join(gateway.folder, 'results.csv'), join(gateway.folder, 'edited.csv')];
    const lines = readFileSync(out, 'utf8').split('\n');
    for (const [change, at] of [
      [(line: string) => line.replace('VERIFIED', 'MISMATCH'), 701],
      [(line: string) => line.replace('KEEP', 'STOP'), 702],
      [(line: string) => line.replace(/,09(\d)/, ',08$1'), 1234],
    ] as const) {
      const changed = change(lines[at] ?? '');
      expect(changed).not.toBe(lines[at]);
      writeFileSync(edited, lines.with(at, changed).join('\n'));
      copyFileSync(`${out}.receipt`, `${edited}.receipt`);
      const report = await verifyReceipt(edited, keySetRoot);
      expect(report.ok).toBe(false);
      expect(report.problems.map((problem) => ('line' in problem ? problem.line : undefined))).toContain(
        Number((lines[at] ?? '').split(',')[0]),
      );
    }
    writeFileSync(edited, lines.toSpliced(500, 1).join('\n'));
    expect((await verifyReceipt(edited, keySetRoot)).ok).toBe(false);
    appendFileSync(edited, lines[1] ?? '');
    expect((await verifyReceipt(edited, keySetRoot)).ok).toBe(false);
  });

  it('the gateway killed with -9 in the middle: the run goes on by itself, with the same results', async () => {
    const out = join(gateway.folder, 'results-gateway.csv');
    let killed: Promise<void> | undefined;
    const summary = await verify(out, {
      inFlight: 3,
      onProgress: ({ chunks }: { chunks: number }) => {
        if (chunks >= 6) killed ??= gateway.restart('SIGKILL');
      },
    });
    await killed;
    expect(killed).toBeDefined();
    expect(told(out)).toEqual(undisturbed);
    await expectOneEntryAChunk(summary.jobId);
    expect((await verifyReceipt(out, (await loadProfile(profile)).keySetRoot)).ok).toBe(true);
  });

  it('the client killed with -9 in the middle: the next run goes on where it was, with the same results', async () => {
    const out = join(gateway.folder, 'results-client.csv');
    const program = `import { verifySubscribers } from ${JSON.stringify(join(import.meta.dirname, '../../connectors/telco/verify.ts'))};
      await verifySubscribers({ ...${JSON.stringify({ file, out, profile, chunkRows: CHUNK, inFlight: 3 })}, onProgress: ({ chunks }) => { if (chunks >= 8) process.kill(process.pid, 'SIGKILL'); } });`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: 'ignore' });
    expect(await new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))).toBe('SIGKILL');
    expect(existsSync(out)).toBe(false);
    expect(existsSync(`${out}.part`)).toBe(true);
    const summary = await verify(out);
    expect(summary.rows).toBe(ROWS);
    expect(told(out)).toEqual(undisturbed);
    await expectOneEntryAChunk(summary.jobId);
    expect((await verifyReceipt(out, (await loadProfile(profile)).keySetRoot)).ok).toBe(true);
    expect(existsSync(`${out}.job.json`)).toBe(false);
  });

  it('interrupted in order: the next run goes on behind what was written', async () => {
    const out = join(gateway.folder, 'results-interrupted.csv');
    const stop = new AbortController();
    const first = verify(out, {
      signal: stop.signal,
      inFlight: 2,
      onProgress: ({ chunks }: { chunks: number }) => {
        if (chunks >= 5) stop.abort();
      },
    });
    await expect(first).rejects.toBeInstanceOf(KitError);
    const summary = await verify(out);
    expect(summary.resumedRows).toBeGreaterThanOrEqual(5 * CHUNK);
    expect(told(out)).toEqual(undisturbed);
    await expectOneEntryAChunk(summary.jobId);
  });

  it('revoked between two chunks: the client is told so by a refusal that it can verify, and stops', async () => {
    const client = await gateway.client('vinaphone');
    const started = await client.unary(VerificationService.method.startJob, {
      chunkRows: CHUNK,
      fileDigest: new Uint8Array(32),
    });
    const connection = client.connect();
    const stream = await openChunkStream({
      client,
      connection,
      jobId: started.message.job?.jobId ?? '',
      openingDigest: started.requestDigest,
      openMs: 10_000,
      context: create(RequestContextSchema, { requestId: 'revoked-between', purpose: 'subscriber-verification' }),
    });
    const ended = stream.read(async () => undefined).catch((error: unknown) => error);
    const certificate = readFileSync(join(gateway.deployment.profiles.vinaphone ?? '', 'cert.pem'), 'utf8');
    await createEnrolment({ pool: gateway.database.pool }).barCertificate(fingerprintOf(certificate));
    // Long enough for the gateway's directory to have seen it: the chunk is refused before it is read.
    await sleep(1500);
    await stream.send({ num: 0, rows: 1, payload: chunkPayload(0, [rowOf(crowdPerson(0))]) });
    const error = await ended;
    connection.close();
    expect(error).toBeInstanceOf(GatewayError);
    expect((error as GatewayError).refusal?.reasonName).toBe('REVOKED');
    expect((error as GatewayError).exitCode).toBe(3);
  });

  it('a file with the wrong columns is paused, and the client says so in words', async () => {
    const swapped = join(gateway.folder, 'swapped.csv');
    const lines = ['row_id,msisdn,id_number,full_name,date_of_birth'];
    for (let n = 0; n < 3000; n++)
      lines.push(`${n},09,${crowdPerson((n + 1) % 3000).id},${crowdPerson(n).name},${printDate(crowdPerson(n).born)}`);
    writeFileSync(swapped, lines.join('\n'));
    const error = await verifySubscribers({ file: swapped, out: `${swapped}.out`, profile, chunkRows: CHUNK }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(KitError);
    expect((error as KitError).reason).toBe('JOB_PAUSED');
    expect((error as KitError).exitCode).toBe(4);
  });
});
