import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startTcpProxy } from '../../test/support/faults/tcp-proxy.ts';
import { expectComplete, judgeByNumber, writeSubscribers } from './subscribers.test-support.ts';
import { CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

let tiny: TinyTelco;

beforeEach(async () => {
  tiny = await openTinyTelco(judgeByNumber);
});

afterEach(async () => {
  vi.useRealTimers();
  await tiny.close();
});

it('a run that waited for its hours goes on over new connections: nobody tells it that the old ones were forgotten', async () => {
  const { file, gateway, port } = tiny;
  writeSubscribers(file, CHUNK * 6);
  const way = await startTcpProxy({ port: () => port });
  const config = join(gateway.profileFolder, 'config.json');
  writeFileSync(config, readFileSync(config, 'utf8').replace(`localhost:${port}`, `localhost:${way.port}`));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  let shut = false;
  let waits = 0;
  const gate = {
    isOpen: () => !shut,
    async opened() {
      if (!shut) return;
      way.forget();
      vi.setSystemTime(Date.now() + 10 * 3_600_000);
      waits++;
      shut = false;
    },
  };
  gateway.faults.beforeAnswer = (num) => {
    if (num === 2) shut = true;
    return 'go on';
  };
  try {
    // A stream that never opens, and a deadline of 30 s, are longer than this test may take.
    const { rows } = await tiny.run({ channels: 1, inFlight: 2, gate });
    expect([rows, waits]).toEqual([CHUNK * 6, 1]);
  } finally {
    await way.close();
  }
  await expectComplete(tiny, CHUNK * 6);
});
