import type { ServerHttp2Stream } from 'node:http2';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { hearFirst } from './hear-first.ts';

it('sets nothing flowing: who serves the stream later hears all of it, after those who hear first', async () => {
  const stream = new PassThrough();
  const heard: string[] = [];
  for (const name of ['bytes', 'messages'])
    hearFirst(stream as unknown as ServerHttp2Stream, (data) => heard.push(`${name} ${data}`));
  stream.write('head and body in one read');
  await setImmediate();
  expect(heard).toEqual([]);
  stream.on('data', (data) => heard.push(`server ${data}`));
  stream.on('data', (data) => heard.push(`another ${data}`));
  await setImmediate();
  const who = ['bytes', 'messages', 'server', 'another'];
  expect(heard.toSorted()).toEqual(who.map((name) => `${name} head and body in one read`).toSorted());
  expect(heard.indexOf('server head and body in one read')).toBeGreaterThan(1);
});
