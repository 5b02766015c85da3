import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../kit/failure.test-support.ts';
import { judgeByNumber, writeSubscribers } from './subscribers.test-support.ts';
import { CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

let tiny: TinyTelco;
beforeEach(async () => {
  tiny = await openTinyTelco(judgeByNumber);
});
afterEach(() => tiny.close());

const written = () => ['', '.receipt', '.asked'].map((end) => readFileSync(`${tiny.out}${end}`, 'utf8'));

describe('results of a whole job', () => {
  it('are not written over, neither by the same command nor by another, and the gateway hears nothing', async () => {
    writeSubscribers(tiny.file, CHUNK + 5);
    const { jobId } = await tiny.run();
    const before = written();
    for (const options of [{}, { limit: 3 }]) {
      const facts = { file: tiny.out, job: jobId, rows: CHUNK + 5 };
      expect(await failure(tiny.run(options))).toMatchObject({ reason: 'OUTPUT_COMPLETE', exitCode: 2, facts });
    }
    expect([written(), tiny.gateway.starts]).toEqual([before, 1]);
  });

  it('give way where that is said', async () => {
    writeSubscribers(tiny.file, 20);
    await tiny.run();
    expect(await tiny.run({ limit: 3, replace: true })).toMatchObject({ rows: 3 });
  });

  it('stay where a run that was to replace them ended before its first answer, and the next one is another', async () => {
    writeSubscribers(tiny.file, 20);
    await tiny.run();
    const before = written();
    tiny.gateway.faults.beforeAnswer = () => 'break';
    expect((await failure(tiny.run({ limit: 3, replace: true, giveUpMs: 100 }))).reason).toBe('UNAVAILABLE');
    tiny.gateway.faults = {};
    expect((await failure(tiny.run({ limit: 4 }))).reason).toBe('OUTPUT_COMPLETE');
    expect(written()).toEqual(before);
    // The same work goes on: what may go was said when it began.
    expect(await tiny.run({ limit: 3 })).toMatchObject({ rows: 3 });
  });

  it('are told from a receipt without its end, which proves nothing', async () => {
    writeSubscribers(tiny.file, 20);
    await tiny.run();
    const receipt = readFileSync(`${tiny.out}.receipt`, 'utf8');
    writeFileSync(`${tiny.out}.receipt`, receipt.slice(0, receipt.lastIndexOf('\n],')));
    expect(await tiny.run()).toMatchObject({ rows: 20 });
  });
});
