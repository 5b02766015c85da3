import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../kit/failure.test-support.ts';
import type { TinyGateway } from '../kit/tiny-gateway.test-support.ts';
import { expectComplete, judgeByNumber, writeSubscribers } from './subscribers.test-support.ts';
import { CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

let tiny: TinyTelco;
let gateway: TinyGateway;
let file: string;

beforeEach(async () => {
  tiny = await openTinyTelco(judgeByNumber);
  ({ gateway, file } = tiny);
});

afterEach(async () => {
  await tiny.close();
});

/** Some three pieces of what is read at once. */
const ROWS = CHUNK * 50 + 17;

describe('a file that changes while it is verified', () => {
  it.each<[string, (bytes: Buffer) => void]>([
    ['is cut off in a row', (bytes) => truncateSync(file, Math.floor(bytes.length / 2) + 20)],
    ['is cut off before most of it', () => truncateSync(file, 100)],
    ['grows', () => appendFileSync(file, 'late,1,2,3,4\n')],
    [
      'is written anew, as long as it was',
      (bytes) => writeFileSync(file, bytes.toString('utf8').replaceAll('Nguyễn', 'Nguyên').padEnd(bytes.length)),
    ],
  ])('and %s is refused before the gateway gets another byte, so that the same command goes on later', async (_name, change) => {
    writeSubscribers(file, ROWS);
    const bytes = readFileSync(file);
    let once = true;
    gateway.faults.beforeAnswer = (num) => {
      if (once && num === 2) {
        once = false;
        change(bytes);
      }
      return 'go on';
    };
    expect((await failure(tiny.run({ inFlight: 1, channels: 1 }))).reason).toBe('FILE_CHANGED');
    expect(once).toBe(false);
    writeFileSync(file, bytes);
    // The server takes no chunk with other bytes than before.
    const { resumedRows } = await tiny.run();
    expect(resumedRows).toBeGreaterThanOrEqual(2 * CHUNK);
    expect(gateway.starts).toBe(1);
    await expectComplete(tiny, ROWS);
  });
});
