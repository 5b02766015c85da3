/** The judge of what left must be able to fail: each kind of late byte is planted, and must be found. */
import { expect, test } from 'vitest';
import { type Arrival, judgeArrivals, type Moment, type Silence } from './arrivals.ts';

const arrival = (end: number, connection = 0): Arrival => ({ connection, end, message: Buffer.of(7) });
const moment = (read: number, accepted = read, connection = 0): Moment => ({
  connections: new Map([[connection, { read, accepted }]]),
});
const judged = (arrivals: readonly Arrival[], silence: Silence, told: readonly number[] = [7]) => {
  const { handed, left } = judgeArrivals(arrivals, new Map([[7, [silence]]]), () => told);
  return [handed.map((each) => each.arrival.end), left.map(({ arrival: { end }, bytes }) => [end, bytes])];
};

test('what had come, and what the kernel had taken, left before; a byte more was handed after', () => {
  const from = moment(100, 130);
  expect(judged([arrival(100), arrival(130)], { from })).toEqual([[], [[130, 30]]]);
  expect(judged([arrival(100), arrival(131)], { from })).toEqual([[131], []]);
});

test('on a connection that was made later everything was handed after', () => {
  expect(judged([arrival(5, 1)], { from: moment(100) })).toEqual([[5], []]);
});

test('what was given back may be told of again, and what had come before that may not', () => {
  const silence = { from: moment(100), until: moment(200) };
  expect(judged([arrival(150), arrival(201), arrival(9, 3)], silence)).toEqual([[150], []]);
});

test('what tells of others is none of this', () => {
  expect(judged([arrival(500)], { from: moment(100) }, [8])).toEqual([[], []]);
});
