import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTcpProxy } from '../../test/support/faults/tcp-proxy.ts';
import { failure } from '../kit/failure.test-support.ts';
import type { KitError } from '../kit/kit-error.ts';
import type { Fate, TinyGateway } from '../kit/tiny-gateway.test-support.ts';
import { expectComplete, judgeByNumber, writeSubscribers } from './subscribers.test-support.ts';
import { CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

let tiny: TinyTelco;
let folder: string;
let gateway: TinyGateway;
let port: number;
let file: string;
let out: string;

beforeEach(async () => {
  tiny = await openTinyTelco(judgeByNumber);
  ({ folder, gateway, port, file, out } = tiny);
});

afterEach(async () => {
  await tiny.close();
});

const run = (options?: Parameters<TinyTelco['run']>[0]) => tiny.run(options);

describe('an interruption', () => {
  const ROWS = CHUNK * 30 + 17;
  /** Enough chunks for acknowledgements to begin. */
  const MANY = CHUNK * 75 + 17;

  /** Runs the same in a process of its own; resolves when it is gone. */
  function child(): { kill: () => void; gone: Promise<number | null> } {
    const program = join(folder, 'child.ts');
    const verify = new URL('./verify.ts', import.meta.url).href;
    writeFileSync(
      program,
      `import { verifySubscribers } from ${JSON.stringify(verify)};
       await verifySubscribers({ file: ${JSON.stringify(file)}, out: ${JSON.stringify(out)}, profile: ${JSON.stringify(gateway.profileFolder)}, chunkRows: ${CHUNK} });`,
    );
    const process_ = fork(program, { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: 'ignore' });
    const gone = new Promise<number | null>((resolve) => process_.on('exit', (code) => resolve(code)));
    return { kill: () => process_.kill('SIGKILL'), gone };
  }

  /** A run whose gateway went away at a chunk; it is there again when this resolves to what the run ended with. */
  async function leftInTheMiddle(): Promise<KitError> {
    writeSubscribers(file, ROWS);
    gateway.faults.beforeAnswer = async (num): Promise<Fate> => {
      if (num === 20) await gateway.stop();
      return 'go on';
    };
    const error = await failure(run());
    gateway.faults = {};
    await gateway.start(port);
    return error;
  }

  it('by kill -9 at any point loses no answer, repeats no row, and sends the same bytes again', async () => {
    writeSubscribers(file, MANY);
    // The server takes no chunk with other bytes, none that was acknowledged, and no token twice.
    for (const at of [2, 68]) {
      const killed = child();
      gateway.faults.beforeAnswer = (num) => {
        if (num === at) killed.kill();
        return 'go on';
      };
      expect(await killed.gone).toBe(null);
    }
    const closing = child();
    gateway.faults = {
      refuse(method) {
        if (method.endsWith('CloseJob')) closing.kill();
        return undefined;
      },
    };
    expect(await closing.gone).toBe(null);
    gateway.faults = {};
    rmSync(join(folder, 'child.ts'));
    const summary = await run();
    expect(summary).toMatchObject({ rows: MANY, chunks: 76, totals: { VERIFIED: expect.any(Number) } });
    expect(Object.values(summary.totals).reduce((a, b) => a + b)).toBe(MANY);
    expect(summary.resumedRows).toBeGreaterThan(0);
    expect(gateway.starts).toBe(1);
    await expectComplete(tiny, MANY);
  }, 120_000);

  it('by the gateway, which comes back, is waited for', async () => {
    writeSubscribers(file, CHUNK * 20);
    gateway.faults.beforeAnswer = async (num): Promise<Fate> => {
      if (num !== 9) return 'go on';
      gateway.faults = {};
      await gateway.stop();
      setTimeout(() => void gateway.start(port), 400);
      return 'go on';
    };
    expect((await run({ giveUpMs: 10_000 })).rows).toBe(CHUNK * 20);
    await expectComplete(tiny, CHUNK * 20);
  });

  it.each([
    ['before the opening', async () => gateway.stop()],
    [
      'at a chunk',
      () => {
        gateway.faults.beforeAnswer = async (num): Promise<Fate> => {
          if (num === 9) await gateway.stop();
          return 'go on';
        };
      },
    ],
    [
      'at the close',
      () => {
        gateway.faults.refuse = (method) => {
          if (method.endsWith('CloseJob')) void gateway.stop();
          return undefined;
        };
      },
    ],
  ])('by the gateway, which comes back only after it was told that it is away, is waited for: %s', async (_when, leave) => {
    writeSubscribers(file, CHUNK * 20);
    await leave();
    const told: boolean[] = [];
    const summary = await run({
      giveUpMs: 60_000,
      onOutage(outage) {
        told.push(outage !== undefined);
        gateway.faults = {};
        if (outage !== undefined) void gateway.start(port);
      },
    });
    expect([summary.rows, told]).toEqual([CHUNK * 20, [true, false]]);
    await expectComplete(tiny, CHUNK * 20);
  });

  it('by the gateway, which does not come back, ends with exit class 5, and the next run goes on', async () => {
    const error = await leftInTheMiddle();
    expect([error.reason, error.exitCode]).toEqual(['UNAVAILABLE', 5]);
    expect(existsSync(out)).toBe(false);
    const summary = await run();
    expect(summary.resumedRows).toBeGreaterThanOrEqual(CHUNK * 15);
    expect(error.keptRows).toBe(summary.resumedRows);
    await expectComplete(tiny, ROWS);
  });

  it('by the user keeps what was answered', async () => {
    writeSubscribers(file, ROWS);
    const stop = new AbortController();
    gateway.faults.beforeAnswer = (num) => {
      if (num === 20) stop.abort();
      return 'go on';
    };
    const error = await failure(run({ signal: stop.signal }));
    expect([error.reason, error.exitCode]).toEqual(['INTERRUPTED', 130]);
    gateway.faults = {};
    expect((await run()).resumedRows).toBeGreaterThanOrEqual(CHUNK * 15);
    await expectComplete(tiny, ROWS);
  });

  it('by a gateway that is silent, at its opening or after a chunk, does not wait for ever', async () => {
    writeSubscribers(file, CHUNK * 3);
    const forever = new Promise<Fate>(() => {});
    gateway.faults.beforeAnswer = () => forever;
    const error = await failure(run({ giveUpMs: 300, stallMs: 200 }));
    expect([error.reason, error.exitCode]).toEqual(['UNAVAILABLE', 5]);
    gateway.faults = { hold: true };
    expect((await failure(run({ giveUpMs: 300, stallMs: 200 }))).reason).toBe('UNAVAILABLE');
  });

  it('by a connection that swallows everything and never ends is left for another one', async () => {
    writeSubscribers(file, 2000);
    const way = await startTcpProxy({ port: () => port });
    const config = join(gateway.profileFolder, 'config.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace(`localhost:${port}`, `localhost:${way.port}`));
    // In the middle of the chunks: only they are so many bytes.
    way.set({ kind: 'stall', direction: 'up', afterBytes: 30_000, ms: 600_000 });
    try {
      const summary = await run({ channels: 1, stallMs: 400, giveUpMs: 5_000 });
      expect([summary.rows, way.struck]).toEqual([2000, true]);
    } finally {
      await way.close();
    }
  });

  it('of streams, again and again, is made up for', async () => {
    writeSubscribers(file, CHUNK * 12);
    let broken = 0;
    gateway.faults.beforeAnswer = (num) =>
      num % 4 === 1 && broken++ < 6 ? (broken % 2 === 0 ? 'break' : 'no end') : 'go on';
    expect((await run({ channels: 2, giveUpMs: 10_000 })).rows).toBe(CHUNK * 12);
    await expectComplete(tiny, CHUNK * 12);
  });

  it('of a stream that always stops without its end is INCOMPLETE, not complete', async () => {
    writeSubscribers(file, CHUNK * 3);
    gateway.faults.beforeAnswer = (num) => (num === 2 ? 'no end' : 'go on');
    const error = await failure(run({ giveUpMs: 300 }));
    expect([error.reason, error.exitCode]).toEqual(['INCOMPLETE', 5]);
    expect(existsSync(out)).toBe(false);
  });

  it('in the middle of naming the files is made good without asking the gateway again', async () => {
    writeSubscribers(file, 600);
    mkdirSync(out);
    const error = await failure(run());
    expect([error.reason, error.exitCode]).toEqual(['OUTPUT_UNWRITABLE', 2]);
    await gateway.stop();
    rmSync(out, { recursive: true });
    expect(await run()).toMatchObject({ rows: 600, resumedRows: 600 });
    await expectComplete(tiny, 600);
  });

  it('in the middle of naming the files is not made good where the results are gone', async () => {
    writeSubscribers(file, 600);
    mkdirSync(out);
    expect((await failure(run())).reason).toBe('OUTPUT_UNWRITABLE');
    rmSync(out, { recursive: true });
    rmSync(`${out}.part`);
    expect((await failure(run())).reason).toBe('STATE_DAMAGED');
    writeFileSync(out, 'of an earlier run');
    expect((await failure(run())).reason).toBe('STATE_DAMAGED');
    expect(existsSync(`${out}.job.json`)).toBe(true);
  });

  it('that tore its state is told of, and no new job is begun', async () => {
    await leftInTheMiddle();
    writeFileSync(`${out}.job.json`, readFileSync(`${out}.job.json`).subarray(0, 100));
    expect(await failure(run())).toMatchObject({ reason: 'STATE_UNREADABLE', exitCode: 2 });
    expect(gateway.starts).toBe(1);
  });

  it('with rows that were answered is neither continued nor thrown away by a run with other options or another file', async () => {
    await leftInTheMiddle();
    const state = readFileSync(`${out}.job.json`, 'utf8');
    const same = readFileSync(file);
    for (const [differs, options, text] of [
      ['chunkRows', { chunkRows: 512 }, same],
      ['limit', { limit: 10 }, same],
      ['fileDigest', {}, `${same}last,0912345678,912345678901,A,1990-01-01\n`],
    ] as const) {
      writeFileSync(file, text);
      const facts = { file: `${out}.job.json`, rows: expect.any(Number), differs };
      expect(await failure(run(options))).toMatchObject({ reason: 'OUTPUT_UNFINISHED', exitCode: 2, facts });
    }
    expect([readFileSync(`${out}.job.json`, 'utf8'), gateway.starts]).toEqual([state, 1]);
    writeFileSync(file, same);
    expect((await run()).resumedRows).toBeGreaterThanOrEqual(CHUNK * 15);
    await expectComplete(tiny, ROWS);
  });

  it('that an older version began, whose state has no office, goes on', async () => {
    await leftInTheMiddle();
    const state = readFileSync(`${out}.job.json`, 'utf8');
    writeFileSync(`${out}.job.json`, state.replace(/"service":"[^"]+","unit":"[^"]+",/, ''));
    expect((await run()).resumedRows).toBeGreaterThanOrEqual(CHUNK * 15);
    expect([gateway.starts, state]).toEqual([1, expect.stringContaining('"unit":"HN"')]);
    await expectComplete(tiny, ROWS);
  });

  it('before the first answer gives way to a run with other options', async () => {
    writeSubscribers(file, ROWS);
    gateway.faults.beforeAnswer = () => 'break';
    expect((await failure(run({ giveUpMs: 100 }))).reason).toBe('UNAVAILABLE');
    gateway.faults = {};
    expect(await run({ chunkRows: 512 })).toMatchObject({ rows: ROWS, resumedRows: 0 });
    expect(gateway.starts).toBe(2);
  });

  it('whose state is of no run is told of', async () => {
    writeSubscribers(file, 10);
    writeFileSync(`${out}.job.json`, '{}');
    expect((await failure(run())).reason).toBe('STATE_DAMAGED');
  });

  it('leaves results that were cut since to be told of, not continued', async () => {
    await leftInTheMiddle();
    writeFileSync(`${out}.part`, 'line');
    expect((await failure(run())).reason).toBe('STATE_DAMAGED');
  });

  it('whose rows are not as many as the file has is damage, of which the gateway hears no end', async () => {
    await leftInTheMiddle();
    const state = JSON.parse(readFileSync(`${out}.job.json`, 'utf8')) as { done: { rows: number } };
    state.done.rows--;
    writeFileSync(`${out}.job.json`, JSON.stringify(state));
    let closed = false;
    gateway.faults.refuse = (method) => {
      closed ||= method.endsWith('CloseJob');
      return undefined;
    };
    expect((await failure(run())).reason).toBe('STATE_DAMAGED');
    expect(closed).toBe(false);
  });
});
