import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { type RunEnd, runOnDone } from './on-done.ts';

const folder = mkdtempSync(join(tmpdir(), 'lt-done-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function terminal(signal = new AbortController().signal): Terminal & { said(): string } {
  const pieces: string[] = [];
  const into = () =>
    new Writable({
      write(piece, _encoding, done) {
        pieces.push(String(piece));
        done();
      },
    });
  const env = { PATH: process.env.PATH };
  return { stdin: Readable.from([]), stdout: into(), stderr: into(), env, signal, said: () => pieces.join('') };
}

const summary = { jobId: 'ab12', rows: 6, totals: { VERIFIED: 4, NOT_FOUND: 2 }, actions: { KEEP: 4, CONTACT: 2 } };
const END: RunEnd = { status: 'complete', exitCode: 0, summary };

describe('a command after the end', () => {
  test('has the counts in its variables and on its input, and nothing else of the run', async () => {
    const out = join(folder, 'told.json');
    const shown =
      '$LIENTHONG_STATUS $LIENTHONG_EXIT_CODE $LIENTHONG_ROWS $LIENTHONG_ROWS_NOT_FOUND $LIENTHONG_ACTION_KEEP';
    const at = terminal();
    expect(await runOnDone(`cat > ${out}; echo "${shown} $LIENTHONG_JOB"`, END, at)).toEqual({ exitCode: 0 });
    expect(at.said()).toBe('complete 0 6 2 4 ab12\n');
    const { jobId: job_id, ...counts } = summary;
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({ status: 'complete', exit_code: 0, job_id, ...counts });
  });

  test('is told apart what was asked and what was carried, where earlier results were given', async () => {
    const totals = {};
    const since = {
      jobId: 'cd',
      asked: { rows: 1, totals },
      carried: { rows: 5, totals, jobs: { cd: 5 }, oldest: '' },
    };
    const at = terminal();
    await runOnDone('cat; echo "$LIENTHONG_ASKED $LIENTHONG_CARRIED"', { ...END, summary: { ...summary, since } }, at);
    expect(at.said()).toMatch(/"rows":6,"asked":1,"carried":5,"totals".*\n1 5\n$/);
    const less = terminal();
    const gone = { ...END, summary: { ...summary, since: { ...since, gone: 3 } } };
    await runOnDone('cat; echo "$LIENTHONG_GONE"', gone, less);
    expect(less.said()).toMatch(/"asked":1,"carried":5,"gone":3,.*\n3\n$/);
  });

  test('is told why a run failed', async () => {
    const at = terminal();
    await runOnDone(
      'echo "$LIENTHONG_STATUS $LIENTHONG_REASON $LIENTHONG_ROWS."',
      { status: 'failed', exitCode: 5, reason: 'UNAVAILABLE' },
      at,
    );
    expect(at.said()).toBe('failed UNAVAILABLE .\n');
  });

  test('may fail, read nothing, or not be there: that is told, not thrown', async () => {
    expect(await runOnDone('exit 3', END, terminal())).toEqual({ exitCode: 3 });
    expect((await runOnDone('no-such-command-here', END, terminal())).exitCode).toBe(127);
  });

  test('is not waited for by what it leaves in the background', async () => {
    const at = terminal();
    expect(await runOnDone('sleep 600 & echo $!; exit 4', END, at)).toEqual({ exitCode: 4 });
    const left = Number(at.said());
    expect(left).toBeGreaterThan(1);
    // It is left alone: the signal finds it.
    expect(process.kill(left, 'SIGKILL')).toBe(true);
  });

  test('ends with the run that is interrupted', async () => {
    const stop = new AbortController();
    const ended = runOnDone('exec sleep 60', END, terminal(stop.signal));
    stop.abort();
    expect(await ended).toEqual({ exitCode: undefined });
  });
});
