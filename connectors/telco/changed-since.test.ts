import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeRowProof } from '../../gateway/proof/row-proof.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { findEarlier } from '../kit/earlier-results.ts';
import { KitError } from '../kit/kit-error.ts';
import { loadProfile } from '../kit/profile.ts';
import { verifyReceipt } from '../kit/receipt-verify.ts';
import { checkProofText } from '../kit/row-proof-check.ts';
import { makeRowProof } from '../kit/row-proof-make.ts';
import { ALL_AGREE, CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';
import type { VerifyOptions } from './verify.ts';

const HEADER = 'row_id,msisdn,id_number,full_name,date_of_birth';
const ROWS = 700;
/** The register of this gateway is always of one day. */
const CENTURY = 36_500 * 86_400;

let tiny: TinyTelco;
/** Names of the rows that the gateway was asked about. */
let asked: string[];
let second: string;

beforeEach(async () => {
  tiny = await openTinyTelco(({ id, name }) => {
    asked.push(name);
    if (!/^\d{12}$/.test(id)) return { ...ALL_AGREE, verdict: 6, id: 0, name: 0, birthDate: 0, reasons: [10] };
    if (id.endsWith('7')) return { ...ALL_AGREE, verdict: 9 };
    if (id.endsWith('6')) return { ...ALL_AGREE, verdict: 1, notices: [3] };
    return id.endsWith('9') ? { ...ALL_AGREE, verdict: 4, id: 2, name: 3, birthDate: 3 } : ALL_AGREE;
  });
  asked = [];
  second = join(tiny.folder, 'second.csv');
});

afterEach(() => tiny.close());

type Row = [rowId: string, msisdn: string, id: string, name: string, date: string];
/** Numbers that end in 0…5, 8 and 9: every answer is final. */
const rowOf = (i: number): Row => [
  ...([
    `r${i}`,
    `09${10_000_000 + i}`,
    `9${10_850_000_00 + Math.floor(i / 8)}${[0, 1, 2, 3, 4, 5, 8, 9][i % 8]}`,
  ] as const),
  ...([`Nguyễn Văn Ân ${i}`, '1985-03-27'] as const),
];
const people = (count = ROWS): Row[] => Array.from({ length: count }, (_, i) => rowOf(i));
const write = (rows: readonly Row[], header = HEADER): void =>
  writeFileSync(tiny.file, `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`);

const since = (results = tiny.out, rule: Partial<VerifyOptions['since'] & object> = {}) => ({
  since: { results, mostSeconds: CENTURY, askAgain: [], ...rule },
});

/** Runs on the rows, and tells which were asked about. */
async function run(rows: readonly Row[], options: Partial<VerifyOptions> = {}, header?: string) {
  write(rows, header);
  asked = [];
  const summary = await tiny.run({ channels: 1, nameWidth: 0, ...options });
  return { summary, asked: [...asked].sort() };
}

const next = (rows: readonly Row[], options: Partial<VerifyOptions> = {}) =>
  run(rows, { out: second, ...since(), ...options });

function records(path: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, k) => [names[k], cell])));
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(KitError);
  return (error as KitError).reason;
}

const root = async () => (await loadProfile(tiny.gateway.profileFolder)).keySetRoot;
const jobOf = (path: string): string =>
  /"job_id":"([0-9a-f]+)"/.exec(readFileSync(`${path}.receipt`, 'utf8'))?.[1] ?? '';

describe('rows that are the same as in earlier results', () => {
  it('are carried with their own moment; new and changed ones alone are asked about, wherever rows stand now', async () => {
    await run(people());
    const first = records(tiny.out);
    const rows = people();
    const [moved] = rows.splice(10, 1) as [Row];
    rows.push(moved, ['new', '0999', '910850001235', 'Người Mới', '1990-01-01']);
    rows.splice(100, 5);
    (rows[3] as Row)[3] = 'Tên Khác';
    (rows[4] as Row)[1] = '0988888888';
    (rows[5] as Row)[4] = '27/03/1985';
    const { summary, asked: names } = await next(rows);
    // A date that is written otherwise is another text asked about; the same slim form or not, it is not compared as people would.
    expect(names).toEqual(['Nguyễn Văn Ân 4', 'Nguyễn Văn Ân 5', 'Người Mới', 'Tên Khác'].sort());
    expect(summary).toMatchObject({
      rows: 696,
      since: { jobId: jobOf(tiny.out), asked: { rows: 4 }, carried: { rows: 692, jobs: { [jobOf(tiny.out)]: 692 } } },
    });
    expect(Object.values(summary.totals).reduce((a, b) => a + b)).toBe(696);

    const found = records(second);
    expect(found.map(({ line, row_id }) => [line, row_id])).toEqual(rows.map(([id], i) => [String(i + 2), id]));
    const carried = found.filter(({ carried_from }) => carried_from !== '');
    expect(carried.length).toBe(692);
    for (const row of carried) {
      const { line, ...was } = first[Number(row.carried_line) - 2] as Record<string, string>;
      expect(row).toMatchObject({ ...was, carried_from: jobOf(tiny.out), carried_line: line });
    }
    expect(await verifyReceipt(second, await root())).toMatchObject({
      ...{ ok: true, rows: 696, found: 0 },
      carried: { rows: 692, from: [{ jobId: jobOf(tiny.out), rows: 692 }] },
    });
    const left = readdirSync(tiny.folder).filter((name) => name.startsWith('second'));
    expect(left.sort()).toEqual(['second.csv', 'second.csv.asked', 'second.csv.receipt']);
  });

  it('are all there may be: then nobody is asked about, and the receipt is of no row', async () => {
    await run(people());
    const { summary, asked: names } = await next(people());
    expect([names, summary.since?.asked.rows, summary.since?.carried.rows]).toEqual([[], 0, ROWS]);
    expect(await verifyReceipt(second, await root())).toMatchObject({ ok: true, rows: ROWS });
  });

  it('may stand twice, and hold quotes, commas and line breaks', async () => {
    const odd: Row = ['"a,""b""\nc"', "'=1", '910850001235', 'Ân', '1985-03-27'];
    await run([...people(300), odd, odd, rowOf(7)]);
    const { asked: names } = await next([odd, ...people(300), rowOf(7), odd]);
    expect(names).toEqual([]);
    expect(await verifyReceipt(second, await root())).toMatchObject({ ok: true, rows: 303 });
  });

  it('are found under other headers too: what counts is what is asked', async () => {
    await run(people(20));
    const columns = { full_name: 'HO_TEN' };
    const { asked: names } = await run(
      people(20),
      { out: second, columns, ...since() },
      HEADER.replace('full_name', 'HO_TEN'),
    );
    expect(names).toEqual([]);
  });

  it('are carried on from run to run, and each is proven by the job that was asked about it', async () => {
    await run(people());
    const rows = people();
    (rows[3] as Row)[3] = 'Tên Khác';
    await next(rows);
    (rows[600] as Row)[3] = 'Tên Mới';
    const third = join(tiny.folder, 'third.csv');
    const { summary, asked: names } = await run(rows, { out: third, ...since(second) });
    expect(names).toEqual(['Tên Mới']);
    expect(summary.since?.carried.jobs).toEqual({ [jobOf(tiny.out)]: ROWS - 2, [jobOf(second)]: 1 });
    expect(await verifyReceipt(third, await root())).toMatchObject({ ok: true, rows: ROWS });
    for (const [line, job] of [
      [602, third],
      [5, second],
      [500, tiny.out],
    ] as const) {
      const report = checkProofText(writeRowProof(await makeRowProof(third, line)), await root());
      expect(report).toMatchObject({ ok: true, jobId: jobOf(job), cells: { row_id: `r${line - 2}` } });
    }
    // What proves them is named where it is gone.
    rmSync(`${tiny.out}.receipt`);
    expect(await reasonOf(makeRowProof(third, 500))).toBe('CARRIED_SOURCE_MISSING');
    expect(await reasonOf(verifyReceipt(third, await root()))).toBe('CARRIED_SOURCE_MISSING');
  });
});

describe('an earlier answer is asked for again', () => {
  it('where it is none, a limit stood in the way, its state passes, its verdict is named, or it is old', async () => {
    const rows: Row[] = [
      ['limited', '1', '910850000017', 'LIMITED', '1985-03-27'],
      ['investigated', '1', '910850000016', 'NOTICE', '1985-03-27'],
      ['invalid', '1', '12', 'INVALID', '1985-03-27'],
      ['unknown', '1', '910850000019', 'NOT_FOUND', '1985-03-27'],
      ['sound', '1', '910850000011', 'VERIFIED', '1985-03-27'],
    ];
    await run(rows);
    expect((await next(rows)).asked).toEqual(['INVALID', 'LIMITED', 'NOTICE']);
    expect((await next(rows, since(tiny.out, { askAgain: ['NOT_FOUND'] }))).asked).toContain('NOT_FOUND');
    expect((await next(rows, since(tiny.out, { mostSeconds: 86_400 }))).asked.length).toBe(5);
  });

  it('where profile, agreement or how the file is read are others: all are, and why is said', async () => {
    await run(people(20));
    for (const [faults, options, because] of [
      [{ versions: { profile: 'q' } }, {}, 'PROFILE'],
      [{ versions: { agreement: 'b' } }, {}, 'AGREEMENT'],
      [{}, { nameWidth: 20 }, 'TERMS'],
    ] as const) {
      tiny.gateway.faults = faults;
      const { summary, asked: names } = await next(people(20), options);
      expect([names.length, summary.since?.carried]).toMatchObject([20, { rows: 0, nothingBecause: because }]);
      expect(await verifyReceipt(second, await root())).toMatchObject({ ok: true, rows: 20 });
    }
  });
});

describe('an attack', () => {
  beforeEach(async () => {
    await run(people(20));
  });

  const edit = (path: string, change: (text: string) => string): void =>
    writeFileSync(path, change(readFileSync(path, 'latin1')), 'latin1');
  const line = (n: number, change: (text: string) => string) => (text: string) =>
    text
      .split('\n')
      .map((one, i) => (i === n - 1 ? change(one) : one))
      .join('\n');

  it.each<[string, () => void, string]>([
    [
      'an edited verdict',
      () =>
        edit(
          tiny.out,
          line(9, (row) => row.replace('NOT_FOUND,CONTACT', 'VERIFIED,KEEP')),
        ),
      'EARLIER_DIFFERS',
    ],
    [
      'an answer made younger',
      () => edit(tiny.out, (text) => text.replaceAll(/,20\d\d-/g, ',2099-')),
      'EARLIER_DIFFERS',
    ],
    ['a row taken out', () => edit(tiny.out, (text) => text.replace(/^2,.*\n/m, '')), 'EARLIER_DIFFERS'],
    [
      'rows in another order',
      () => edit(tiny.out, (text) => text.replace(/^(2,.*\n)(3,.*\n)/m, '$2$1')),
      'EARLIER_DIFFERS',
    ],
    ['a receipt of another job', () => otherJob('.receipt'), 'ASKED_WRONG'],
    ['tags of another job', () => otherJob('.asked'), 'ASKED_WRONG'],
    ['two tags swapped', () => swapTags(), 'ASKED_WRONG'],
    ['tags cut short', () => edit(`${tiny.out}.asked`, (text) => text.slice(0, -16)), 'ASKED_WRONG'],
    ['no tags', () => rmSync(`${tiny.out}.asked`), 'ASKED_MISSING'],
    ['no receipt', () => rmSync(`${tiny.out}.receipt`), 'FILE_MISSING'],
  ])('by %s carries nothing, and no job is opened', async (_name, attack, reason) => {
    await run(people(20), { out: join(tiny.folder, 'other.csv') });
    attack();
    const { starts } = tiny.gateway;
    expect(await reasonOf(next(people(20)))).toBe(reason);
    expect([tiny.gateway.starts, existsSync(second)]).toEqual([starts, false]);
  });

  function otherJob(ending: string): void {
    renameSync(join(tiny.folder, `other.csv${ending}`), `${tiny.out}${ending}`);
  }

  function swapTags(): void {
    edit(`${tiny.out}.asked`, (text) => {
      const at = text.indexOf('\n') + 1;
      return text.slice(0, at) + text.slice(at + 16, at + 32) + text.slice(at, at + 16) + text.slice(at + 32);
    });
  }

  it('by results that carry a row which is not the one they name is found by their receipt', async () => {
    await next(people(20));
    for (const change of [
      (text: string) => text.replace('VERIFIED,KEEP', 'VERIFIED,STOP'),
      (text: string) => text.replace(/,2$/m, ',3'),
      (text: string) => text.replace(/^2,/m, '1,').replace(/^3,/m, '2,').replace(/^1,/m, '3,'),
      (text: string) => text.replace(/^2,.*\n/m, ''),
      (text: string) => text.replace(/,[0-9a-f]{32},2$/m, ',,'),
    ]) {
      const whole = readFileSync(second, 'utf8');
      writeFileSync(second, change(whole));
      expect(await verifyReceipt(second, await root())).toMatchObject({ ok: false });
      writeFileSync(second, whole);
    }
  });

  it('on the file of tags alone tells nothing: a guess needs the secret of the receipt', () => {
    const tags = readFileSync(`${tiny.out}.asked`);
    const guess = people()[0] as Row;
    for (const text of [guess.join(','), guess.slice(2).join('\0')])
      for (const key of ['', jobOf(tiny.out)])
        expect(tags.includes(createHmac('sha256', key).update(text).digest().subarray(0, 16))).toBe(false);
    expect(tags.toString('latin1')).not.toContain('910850');
  });
});

describe('which earlier results', () => {
  it('is said by a job or by a path; not by the file that is to be written, nor by a run that did not end', async () => {
    await run(people(20));
    const job = jobOf(tiny.out);
    expect(await findEarlier(job, second, [tiny.folder])).toBe(tiny.out);
    expect(await findEarlier(tiny.out, second, [])).toBe(tiny.out);
    expect(await reasonOf(findEarlier(tiny.out, tiny.out, []))).toBe('EARLIER_IS_OUT');
    expect(await reasonOf(findEarlier('0'.repeat(32), second, [tiny.folder]))).toBe('EARLIER_MISSING');
    for (const ending of ['', '.receipt', '.asked'])
      writeFileSync(join(tiny.folder, `copy.csv${ending}`), readFileSync(`${tiny.out}${ending}`));
    expect(await reasonOf(findEarlier(job, second, [tiny.folder]))).toBe('EARLIER_TWICE');
    rmSync(`${tiny.out}.receipt`);
    writeFileSync(`${tiny.out}.job.json`, '{}');
    expect(await reasonOf(findEarlier(tiny.out, second, []))).toBe('EARLIER_UNFINISHED');
  });
});

describe('versions that changed in between', () => {
  it('keep what was carried before from being carried on', async () => {
    await run(people(20));
    // Carried under the old version, and then closed under the new one: its receipt names that alone.
    const close = tiny.gateway.faults;
    write(people(21));
    close.refuse = (method) => {
      if (method.endsWith('CloseJob')) tiny.gateway.faults = { versions: { profile: 'q' } };
      return undefined;
    };
    await tiny.run({ out: second, nameWidth: 0, ...since() });
    const third = join(tiny.folder, 'third.csv');
    const { asked: names } = await run(people(21), { out: third, ...since(second) });
    expect(names).toEqual(
      people(20)
        .map(([, , , name]) => name)
        .sort(),
    );
  });
});

describe('a run that ended in the middle', () => {
  it.each(['interrupted', 'killed'])('goes on where it was and carries the same rows when it was %s', async (how) => {
    await run(people());
    const rows = people();
    for (let i = 0; i < 600; i++) (rows[i] as Row)[3] = `Tên Khác ${i}`;
    write(rows);
    const options = { out: second, channels: 1, inFlight: 1, nameWidth: 0, ...since() };
    const stop = new AbortController();
    const ended = how === 'killed' ? child(options) : { end: () => stop.abort(), gone: Promise.resolve() };
    tiny.gateway.faults.beforeAnswer = (num) => {
      if (num === 1) ended.end();
      return 'go on';
    };
    if (how === 'interrupted')
      expect(await reasonOf(tiny.run({ ...options, signal: stop.signal }))).toBe('INTERRUPTED');
    await ended.gone;
    tiny.gateway.faults = {};
    const { starts } = tiny.gateway;
    const summary = await tiny.run(options);
    expect(tiny.gateway.starts).toBe(starts);
    expect(summary).toMatchObject({ rows: ROWS, since: { asked: { rows: 600 }, carried: { rows: 100 } } });
    if (how === 'interrupted') expect(summary.resumedRows).toBeGreaterThanOrEqual(CHUNK);
    expect(await verifyReceipt(second, await root())).toMatchObject({ ok: true, rows: ROWS, found: 0 });
  });

  /** The same in a process of its own, for an end that nothing can be done about. */
  function child(options: object): { end: () => void; gone: Promise<unknown> } {
    const program = join(tiny.folder, 'child.ts');
    const all = { file: tiny.file, profile: tiny.gateway.profileFolder, chunkRows: CHUNK, ...options };
    writeFileSync(
      program,
      `import { verifySubscribers } from ${JSON.stringify(new URL('./verify.ts', import.meta.url).href)};
       await verifySubscribers(${JSON.stringify(all)});`,
    );
    const forked = fork(program, { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: 'ignore' });
    return { end: () => forked.kill('SIGKILL'), gone: once(forked, 'exit') };
  }

  it('before it was closed, or while its files got their names, is brought to its end', async () => {
    await run(people());
    const rows = people();
    (rows[3] as Row)[3] = 'Tên Khác';
    write(rows);
    const options = { out: second, nameWidth: 0, ...since() };
    tiny.gateway.faults.refuse = (method) =>
      method.endsWith('CloseJob')
        ? { reason: ErrorReason.JOB_STATE as const, signed: true, jobState: JobState.PAUSED }
        : undefined;
    expect(await reasonOf(tiny.run(options))).toBe('JOB_PAUSED');
    tiny.gateway.faults = {};
    mkdirSync(second);
    expect(await reasonOf(tiny.run(options))).toBe('OUTPUT_UNWRITABLE');
    await tiny.gateway.stop();
    rmSync(second, { recursive: true });
    asked = [];
    expect(await tiny.run(options)).toMatchObject({
      ...{ rows: ROWS, totals: { VERIFIED: 613, NOT_FOUND: 87 } },
      since: { asked: { rows: 1 }, carried: { rows: ROWS - 1 } },
    });
    expect(asked).toEqual([]);
    expect(await verifyReceipt(second, await root())).toMatchObject({ ok: true, rows: ROWS });
    const left = readdirSync(tiny.folder).filter((name) => name.startsWith('second'));
    expect(left.sort()).toEqual(['second.csv', 'second.csv.asked', 'second.csv.receipt']);
  });
});
