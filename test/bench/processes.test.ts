import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startChild } from './child.ts';
import { createCleanup } from './cleanup.ts';
import { cpuOfEndedChildren, cpuOfTree, peakMemoryOfTree } from './usage.ts';

const onLinux = process.platform === 'linux';
const node = (script: string, cleanup = createCleanup()) =>
  startChild({ command: process.execPath, args: ['-e', script], cleanup });

const BURN = (ms: number): string =>
  `const t = Date.now() + ${ms}; while (process.cpuUsage().user < ${ms * 1000} && Date.now() < t * 2);`;

describe('a child', () => {
  it('tells its events, also those from before anybody asked', async () => {
    const child = node(`console.log('noise'); console.log(JSON.stringify({ event: 'ready', port: 7 }));`);
    expect(await child.ended).toBe(0);
    expect(await child.event('ready')).toEqual({ event: 'ready', port: 7 });
  });

  it('that ends before its event is a failure with its last words', async () => {
    const child = node(`process.stderr.write('no such port'); process.exit(3);`);
    await expect(child.event('ready')).rejects.toThrow(/ended with 3: no such port/);
  });

  it('is stopped by the clean-up', async () => {
    const cleanup = createCleanup();
    const child = node('setInterval(() => {}, 1000)', cleanup);
    await sleep(100);
    await cleanup.run();
    expect(await child.ended).not.toBe(0);
  });
});

it('clean-up undoes the last first, everything once, whatever fails', async () => {
  const done: string[] = [];
  const cleanup = createCleanup();
  const first = cleanup.add(() => void done.push('first'));
  cleanup.add(() => {
    throw new Error('stuck');
  });
  cleanup.add(() => void done.push('last'));
  await cleanup.run();
  await first();
  await cleanup.run();
  expect(done).toEqual(['last', 'first']);
});

describe.runIf(onLinux)('usage', () => {
  it('counts the CPU of descendants, while they live and after', async () => {
    const cleanup = createCleanup();
    const before = cpuOfEndedChildren() ?? 0;
    const inner = JSON.stringify(BURN(200));
    const child = node(
      `require('node:child_process').execFileSync(process.execPath, ['-e', ${inner}]); console.log(JSON.stringify({event:'done'})); setInterval(()=>{},1000)`,
      cleanup,
    );
    await child.event('done');
    expect(cpuOfTree(child.pid)).toBeGreaterThanOrEqual(0.19);
    await cleanup.run();
    await child.ended;
    expect((cpuOfEndedChildren() ?? 0) - before).toBeGreaterThanOrEqual(0.19);
  });

  it('knows the peak of the largest process, after the memory was given back too', async () => {
    const cleanup = createCleanup();
    const child = node(
      `let a = Buffer.alloc(150e6, 1); a = undefined; console.log(JSON.stringify({event:'done'})); setInterval(()=>{},1000)`,
      cleanup,
    );
    await child.event('done');
    expect(peakMemoryOfTree(child.pid)).toBeGreaterThan(150e6);
    await cleanup.run();
  });

  it('says nothing of a process that is not there', () => {
    expect([cpuOfTree(2 ** 22 + 1), peakMemoryOfTree(2 ** 22 + 1)]).toEqual([undefined, undefined]);
  });
});
