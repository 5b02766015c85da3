import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLog } from './log.ts';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(piece, _encoding, done) {
      lines.push(JSON.parse(String(piece)) as Record<string, unknown>);
      done();
    },
  });
  return { lines, log: createLog('info', stream as unknown as Parameters<typeof createLog>[1]) };
}

it('writes the event and the listed members, and nothing else that it is given', () => {
  const { lines, log } = capture();
  const given = { agency: 'viettel', code: 14, task: 'heads', full_name: 'Nguyễn Văn An', message: '901085000017' };
  log.error({ ...given, err: new Error('901085000017'), event: 'forged' }, 'a call failed inside');
  expect(lines).toEqual([
    { level: 50, time: expect.any(String), agency: 'viettel', code: 14, task: 'heads', event: 'a call failed inside' },
  ]);
});

it('writes nothing below its level', () => {
  const { lines, log } = capture();
  createLog('warn', { write: () => expect.fail('written') }).info({}, 'listening');
  log.info({}, 'listening');
  log.warn({ count: 1 }, 'refused');
  expect(lines.map(({ level, event }) => [level, event])).toEqual([
    [30, 'listening'],
    [40, 'refused'],
  ]);
});
