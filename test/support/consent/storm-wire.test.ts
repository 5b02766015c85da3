/** What a storm says of the wire: what is late is told, what had left is listed once a message, and who was not seen is named. */
import { expect, test } from 'vitest';
import type { Arrival, Moment } from './arrivals.ts';
import { judgeWire } from './storm-wire.ts';

const arrival = (end: number, ...people: number[]): Arrival => ({ connection: 0, end, message: Buffer.from(people) });
const moment = (read: number, accepted: number): Moment => ({ connections: new Map([[0, { read, accepted }]]) });

test('each message is held against the acknowledgements of all of whom it tells', () => {
  const arrivals = [arrival(50, 1, 2), arrival(120, 1, 2), arrival(200, 2), arrival(260, 3)];
  const silences = new Map([
    [1, [{ from: moment(100, 130) }]],
    [2, [{ from: moment(60, 200) }]],
    [3, [{ from: moment(300, 300) }]],
    [4, []],
  ]);
  expect(judgeWire([{ arrivals, toldOf: (message) => [...message] }], silences)).toEqual({
    came: 4,
    handed: [],
    left: [
      { connection: 0, end: 120, people: 2, bytes: 60 },
      { connection: 0, end: 200, people: 1, bytes: 140 },
    ],
    unseen: [4],
  });
  const late = judgeWire([{ arrivals, toldOf: (message) => [...message] }], new Map([[3, [{ from: moment(0, 259) }]]]));
  expect(late).toMatchObject({ handed: ['of person 3 at 260 of connection 0'], unseen: [] });
});
