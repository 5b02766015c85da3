import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeRowProof } from '../../gateway/proof/row-proof.ts';
import { findEarlier } from '../kit/earlier-results.ts';
import { verifyReceipt } from '../kit/receipt-verify.ts';
import { checkProofText } from '../kit/row-proof-check.ts';
import { makeRowProof } from '../kit/row-proof-make.ts';
import {
  type EarlierResults,
  HEADER,
  jobOf,
  openEarlierResults,
  people,
  ROWS,
  type Row,
  reasonOf,
  records,
  rowOf,
} from './earlier-results.test-support.ts';

let at: EarlierResults;
beforeEach(async () => {
  at = await openEarlierResults();
});
afterEach(() => at.tiny.close());

describe('rows that are the same as in earlier results', () => {
  it('are carried with their own moment; new and changed ones alone are asked about, wherever rows stand now', async () => {
    await at.run(people());
    const first = records(at.tiny.out);
    const rows = people();
    const [moved] = rows.splice(10, 1) as [Row];
    rows.push(moved, ['new', '0999', '910850001235', 'Người Mới', '1990-01-01']);
    rows.splice(100, 5);
    (rows[3] as Row)[3] = 'Tên Khác';
    (rows[4] as Row)[1] = '0988888888';
    (rows[5] as Row)[4] = '27/03/1985';
    const { summary, asked: names } = await at.next(rows);
    // A date that is written otherwise is another text asked about; the same slim form or not, it is not compared as people would.
    expect(names).toEqual(['Nguyễn Văn Ân 4', 'Nguyễn Văn Ân 5', 'Người Mới', 'Tên Khác'].sort());
    expect(summary).toMatchObject({
      rows: 696,
      since: {
        jobId: jobOf(at.tiny.out),
        asked: { rows: 4 },
        // Three changed, five taken out.
        gone: 8,
        carried: { rows: 692, jobs: { [jobOf(at.tiny.out)]: 692 } },
      },
    });
    expect(Object.values(summary.totals).reduce((a, b) => a + b)).toBe(696);

    const found = records(at.second);
    expect(found.map(({ line, row_id }) => [line, row_id])).toEqual(rows.map(([id], i) => [String(i + 2), id]));
    const carried = found.filter(({ carried_from }) => carried_from !== '');
    expect(carried.length).toBe(692);
    for (const row of carried) {
      const { line, ...was } = first[Number(row.carried_line) - 2] as Record<string, string>;
      expect(row).toMatchObject({ ...was, carried_from: jobOf(at.tiny.out), carried_line: line });
    }
    expect(await verifyReceipt(at.second, await at.root())).toMatchObject({
      ...{ ok: true, rows: 696, found: 0 },
      carried: { rows: 692, from: [{ jobId: jobOf(at.tiny.out), rows: 692 }] },
    });
    const left = readdirSync(at.tiny.folder).filter((name) => name.startsWith('second'));
    expect(left.sort()).toEqual(['second.csv', 'second.csv.asked', 'second.csv.receipt']);
  });

  it('are all there may be: then nobody is asked about, and the receipt is of no row', async () => {
    await at.run(people());
    const { summary, asked: names } = await at.next(people());
    expect([names, summary.since?.asked.rows, summary.since?.carried.rows]).toEqual([[], 0, ROWS]);
    expect(await verifyReceipt(at.second, await at.root())).toMatchObject({ ok: true, rows: ROWS });
  });

  it('are counted where the file has them no more, also those that are always asked again', async () => {
    const unread: Row = ['r-unread', '09', 'none', 'Không Số', '1985-03-27'];
    await at.run([...people(300), unread, unread]);
    expect((await at.next([...people(200), unread])).summary.since).toMatchObject({ asked: { rows: 1 }, gone: 100 });
    expect((await at.next(people(300))).summary.since).toMatchObject({ asked: { rows: 0 }, gone: 1 });
    expect((await at.next(people(300), { limit: 10 })).summary.since?.gone).toBeUndefined();
    const other = await at.next(people(10), { dateOrder: 'month-first' });
    expect([other.summary.since?.carried.nothingBecause, other.summary.since?.gone]).toEqual(['TERMS', undefined]);
  });

  it('may stand twice, and hold quotes, commas and line breaks', async () => {
    const odd: Row = ['"a,""b""\nc"', "'=1", '910850001235', 'Ân', '1985-03-27'];
    await at.run([...people(300), odd, odd, rowOf(7)]);
    const { asked: names } = await at.next([odd, ...people(300), rowOf(7), odd]);
    expect(names).toEqual([]);
    expect(await verifyReceipt(at.second, await at.root())).toMatchObject({ ok: true, rows: 303 });
  });

  it('are found under other headers too: what counts is what is asked', async () => {
    await at.run(people(20));
    const columns = { full_name: 'HO_TEN' };
    const { asked: names } = await at.run(
      people(20),
      { out: at.second, columns, ...at.since() },
      HEADER.replace('full_name', 'HO_TEN'),
    );
    expect(names).toEqual([]);
  });

  it('are carried on from run to run, and each is proven by the job that was asked about it', async () => {
    await at.run(people());
    const rows = people();
    (rows[3] as Row)[3] = 'Tên Khác';
    await at.next(rows);
    (rows[600] as Row)[3] = 'Tên Mới';
    const third = join(at.tiny.folder, 'third.csv');
    const { summary, asked: names } = await at.run(rows, { out: third, ...at.since(at.second) });
    expect(names).toEqual(['Tên Mới']);
    expect(summary.since?.carried.jobs).toEqual({ [jobOf(at.tiny.out)]: ROWS - 2, [jobOf(at.second)]: 1 });
    expect(await verifyReceipt(third, await at.root())).toMatchObject({ ok: true, rows: ROWS });
    for (const [line, job] of [
      [602, third],
      [5, at.second],
      [500, at.tiny.out],
    ] as const) {
      const report = checkProofText(writeRowProof(await makeRowProof(third, line)), await at.root());
      expect(report).toMatchObject({ ok: true, jobId: jobOf(job), cells: { row_id: `r${line - 2}` } });
    }
    // What proves them is named where it is gone.
    rmSync(`${at.tiny.out}.receipt`);
    expect(await reasonOf(makeRowProof(third, 500))).toBe('CARRIED_SOURCE_MISSING');
    expect(await reasonOf(verifyReceipt(third, await at.root()))).toBe('CARRIED_SOURCE_MISSING');
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
    await at.run(rows);
    expect((await at.next(rows)).asked).toEqual(['INVALID', 'LIMITED', 'NOTICE']);
    expect((await at.next(rows, at.since(at.tiny.out, { askAgain: ['NOT_FOUND'] }))).asked).toContain('NOT_FOUND');
    expect((await at.next(rows, at.since(at.tiny.out, { mostSeconds: 86_400 }))).asked.length).toBe(5);
  });

  it('where profile, agreement or how the file is read are others: all are, and why is said', async () => {
    await at.run(people(20));
    for (const [faults, options, because] of [
      [{ versions: { profile: 'q' } }, {}, 'PROFILE'],
      [{ versions: { agreement: 'b' } }, {}, 'AGREEMENT'],
      [{}, { nameWidth: 20 }, 'TERMS'],
    ] as const) {
      at.tiny.gateway.faults = faults;
      const { summary, asked: names } = await at.next(people(20), options);
      expect([names.length, summary.since?.carried]).toMatchObject([20, { rows: 0, nothingBecause: because }]);
      expect(await verifyReceipt(at.second, await at.root())).toMatchObject({ ok: true, rows: 20 });
    }
  });
});

describe('which earlier results', () => {
  it('is said by a job or by a path; not by the file that is to be written, nor by a run that did not end', async () => {
    await at.run(people(20));
    const job = jobOf(at.tiny.out);
    expect(await findEarlier(job, at.second, [at.tiny.folder])).toBe(at.tiny.out);
    expect(await findEarlier(at.tiny.out, at.second, [])).toBe(at.tiny.out);
    expect(await reasonOf(findEarlier(at.tiny.out, at.tiny.out, []))).toBe('EARLIER_IS_OUT');
    expect(await reasonOf(findEarlier('0'.repeat(32), at.second, [at.tiny.folder]))).toBe('EARLIER_MISSING');
    for (const ending of ['', '.receipt', '.asked'])
      writeFileSync(join(at.tiny.folder, `copy.csv${ending}`), readFileSync(`${at.tiny.out}${ending}`));
    expect(await reasonOf(findEarlier(job, at.second, [at.tiny.folder]))).toBe('EARLIER_TWICE');
    rmSync(`${at.tiny.out}.receipt`);
    writeFileSync(`${at.tiny.out}.job.json`, '{}');
    expect(await reasonOf(findEarlier(at.tiny.out, at.second, []))).toBe('EARLIER_UNFINISHED');
  });
});

describe('versions that changed in between', () => {
  it('keep what was carried before from being carried on', async () => {
    await at.run(people(20));
    // Carried under the old version, and then closed under the new one: its receipt names that alone.
    const close = at.tiny.gateway.faults;
    at.write(people(21));
    close.refuse = (method) => {
      if (method.endsWith('CloseJob')) at.tiny.gateway.faults = { versions: { profile: 'q' } };
      return undefined;
    };
    await at.tiny.run({ out: at.second, nameWidth: 0, ...at.since() });
    const third = join(at.tiny.folder, 'third.csv');
    const { asked: names } = await at.run(people(21), { out: third, ...at.since(at.second) });
    expect(names).toEqual(
      people(20)
        .map(([, , , name]) => name)
        .sort(),
    );
  });
});
