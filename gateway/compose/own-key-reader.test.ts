import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { KeyReading, LogKeys, OwnKeys } from '../config/own-keys.ts';
import { createOwnKeyReader } from './own-key-reader.ts';

const keysOf = (version: number): LogKeys => {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key, publicKey: createPublicKey(key), known: [], version };
};
const [first, next] = [keysOf(1), keysOf(2)];
const published = { ...first, version: 2 };

it('whoever asks for the keys that sign answers brings the key of heads along, at the first look and never back', async () => {
  const told: string[] = [];
  const used: LogKeys[] = [];
  const found: (LogKeys | undefined)[] = [first, published, published, undefined, next, next, first];
  const read = createOwnKeyReader({
    opened: first,
    read: async () => {
      const log = found.shift();
      if (log === undefined) throw new Error('torn');
      return { own: { set: { version: log.version, keys: [] } } as unknown as OwnKeys, log } satisfies KeyReading;
    },
    heads: { use: (keys) => used.push(keys as LogKeys) },
    log: { info: (_fields, event) => told.push(event) },
  });
  // All at once: one reading at a time, in the order in which they were asked for.
  const versions = await Promise.allSettled(found.map(read));
  expect(versions.map((one) => one.status === 'fulfilled' && one.value.set.version)).toEqual([1, 2, 2, false, 2, 2, 1]);
  expect(used).toEqual([published, next]);
  expect(told).toEqual(['heads of the log are signed with another key']);
});
