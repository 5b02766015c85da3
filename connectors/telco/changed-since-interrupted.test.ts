import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { failure } from '../kit/failure.test-support.ts';
import { verifyReceipt } from '../kit/receipt-verify.ts';
import {
  type EarlierResults,
  openEarlierResults,
  people,
  ROWS,
  type Row,
  reasonOf,
  records,
} from './earlier-results.test-support.ts';
import { CHUNK } from './tiny-telco.test-support.ts';

let at: EarlierResults;
beforeEach(async () => {
  at = await openEarlierResults();
});
afterEach(() => at.tiny.close());

describe('a run that ended in the middle', () => {
  it.each(['interrupted', 'killed'])('goes on where it was and carries the same rows when it was %s', async (how) => {
    await at.run(people());
    const rows = people();
    for (let i = 0; i < 600; i++) (rows[i] as Row)[3] = `Tên Khác ${i}`;
    at.write(rows);
    const options = { out: at.second, channels: 1, inFlight: 1, nameWidth: 0, ...at.since() };
    const stop = new AbortController();
    const ended = how === 'killed' ? child(options) : { end: () => stop.abort(), gone: Promise.resolve() };
    at.tiny.gateway.faults.beforeAnswer = (num) => {
      if (num === 1) ended.end();
      return 'go on';
    };
    if (how === 'interrupted')
      expect(await reasonOf(at.tiny.run({ ...options, signal: stop.signal }))).toBe('INTERRUPTED');
    await ended.gone;
    at.tiny.gateway.faults = {};
    const { starts } = at.tiny.gateway;
    const summary = await at.tiny.run(options);
    expect(at.tiny.gateway.starts).toBe(starts);
    expect(summary).toMatchObject({ rows: ROWS, since: { asked: { rows: 600 }, carried: { rows: 100 } } });
    if (how === 'interrupted') expect(summary.resumedRows).toBeGreaterThanOrEqual(CHUNK);
    expect(await verifyReceipt(at.second, await at.root())).toMatchObject({ ok: true, rows: ROWS, found: 0 });
  });

  /** The same in a process of its own, for an end that nothing can be done about. */
  function child(options: object): { end: () => void; gone: Promise<unknown> } {
    const program = join(at.tiny.folder, 'child.ts');
    const all = { file: at.tiny.file, profile: at.tiny.gateway.profileFolder, chunkRows: CHUNK, ...options };
    writeFileSync(
      program,
      `import { verifySubscribers } from ${JSON.stringify(new URL('./verify.ts', import.meta.url).href)};
       await verifySubscribers(${JSON.stringify(all)});`,
    );
    const forked = fork(program, { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: 'ignore' });
    return { end: () => forked.kill('SIGKILL'), gone: once(forked, 'exit') };
  }

  /** Every second row of the first 512 is another, and all behind them; its gateway goes away when some chunks are kept. */
  async function leftWithChunks(chunks: number): Promise<{ rows: Row[]; options: Parameters<typeof at.tiny.run>[0] }> {
    await at.run(people());
    const rows = people();
    for (let i = 0; i < ROWS; i++) if (i % 2 === 1 || i > 512) (rows[i] as Row)[3] = `Tên Khác ${i}`;
    at.write(rows);
    const options = { out: at.second, channels: 1, inFlight: 1, nameWidth: 0, ...at.since() };
    at.tiny.gateway.faults = {
      beforeAnswer: (num) => (num >= chunks ? 'break' : 'go on'),
      refuse: (method) =>
        method.endsWith('CloseJob')
          ? { reason: ErrorReason.JOB_STATE as const, signed: true, jobState: JobState.PAUSED }
          : undefined,
    };
    expect(await reasonOf(at.tiny.run(options))).toBe(chunks === 2 ? 'JOB_PAUSED' : 'UNAVAILABLE');
    at.tiny.gateway.faults = {};
    return { rows, options };
  }

  it('is not continued by another office, for which other rows are carried', async () => {
    const { rows, options } = await leftWithChunks(1);
    const config = join(at.tiny.gateway.profileFolder, 'config.json');
    const profile = JSON.parse(readFileSync(config, 'utf8')) as { context: object };
    writeFileSync(config, JSON.stringify({ ...profile, context: { ...profile.context, unit_code: 'HN-2' } }));
    expect(await failure(at.tiny.run(options))).toMatchObject({ facts: { differs: 'unit' } });
    rmSync(`${at.second}.job.json`);
    expect(await at.tiny.run(options)).toMatchObject({ resumedRows: 0, since: { carried: { rows: 0 } } });
    expect(records(at.second).map(({ row_id }) => row_id)).toEqual(rows.map(([id]) => id));
    expect(await verifyReceipt(at.second, await at.root())).toMatchObject({ ok: true, rows: ROWS, found: 0 });
  });

  it.each([
    ['rows twice', 1],
    ['fewer rows than the file', 2],
  ])('is damaged, and its job not closed, where its rows and the carried ones are %s', async (_, chunks) => {
    const { options } = await leftWithChunks(chunks);
    // As if other rows were to be carried than those that were left out of the chunks that are kept.
    const path = `${at.second}.job.json`;
    const state = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...state, notBefore: Number.MAX_SAFE_INTEGER }));
    let closed = false;
    at.tiny.gateway.faults.refuse = (method) => {
      closed ||= method.endsWith('CloseJob');
      return undefined;
    };
    expect(await reasonOf(at.tiny.run(options))).toBe('STATE_DAMAGED');
    expect([closed, existsSync(at.second)]).toEqual([false, false]);
  });

  it('before it was closed, or while its files got their names, is brought to its end', async () => {
    await at.run(people());
    const rows = people();
    (rows[3] as Row)[3] = 'Tên Khác';
    at.write(rows);
    const options = { out: at.second, nameWidth: 0, ...at.since() };
    at.tiny.gateway.faults.refuse = (method) =>
      method.endsWith('CloseJob')
        ? { reason: ErrorReason.JOB_STATE as const, signed: true, jobState: JobState.PAUSED }
        : undefined;
    expect(await reasonOf(at.tiny.run(options))).toBe('JOB_PAUSED');
    at.tiny.gateway.faults = {};
    mkdirSync(at.second);
    expect(await reasonOf(at.tiny.run(options))).toBe('OUTPUT_UNWRITABLE');
    await at.tiny.gateway.stop();
    rmSync(at.second, { recursive: true });
    // Results of an earlier run under the name, in place of those that were put together.
    renameSync(`${at.second}.part`, `${at.second}.away`);
    writeFileSync(at.second, 'of an earlier run');
    expect(await reasonOf(at.tiny.run(options))).toBe('STATE_DAMAGED');
    renameSync(`${at.second}.away`, `${at.second}.part`);
    at.asked.length = 0;
    expect(await at.tiny.run(options)).toMatchObject({
      ...{ rows: ROWS, totals: { VERIFIED: 613, NOT_FOUND: 87 } },
      since: { asked: { rows: 1 }, carried: { rows: ROWS - 1 } },
    });
    expect(at.asked).toEqual([]);
    expect(await verifyReceipt(at.second, await at.root())).toMatchObject({ ok: true, rows: ROWS });
    const left = readdirSync(at.tiny.folder).filter((name) => name.startsWith('second'));
    expect(left.sort()).toEqual(['second.csv', 'second.csv.asked', 'second.csv.receipt']);
  });
});
