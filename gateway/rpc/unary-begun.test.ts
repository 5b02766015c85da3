/** Calls that end while they wait for those that came with them. */
import { EventEmitter } from 'node:events';
import { Metadata, type ServerUnaryCall, status } from '@grpc/grpc-js';
import { beforeEach, expect, test } from 'vitest';
import { GET_PERSON } from '../../test/support/rpc-harness.ts';
import { createRunningCalls } from './running-calls.ts';
import { signedUnary, type UnaryEdge } from './unary.ts';

let goOn: () => void;
let asked: number;
let answers: unknown[];
let calls: ReturnType<typeof createRunningCalls>;
let call: EventEmitter;

beforeEach(() => {
  [asked, answers, calls] = [0, [], createRunningCalls()];
  const edge = {
    ...{ calls, peers: { of: () => undefined }, log: { debug: () => {}, error: () => {} } },
    ...{ guard: { of: () => undefined }, gather: () => new Promise<void>((resolve) => (goOn = resolve)) },
  } as unknown as UnaryEdge;
  const serve = signedUnary(edge, GET_PERSON, async ({ message }) => {
    asked += 1;
    return { message, signature: 'over the answer' };
  });
  call = Object.assign(new EventEmitter(), { request: Buffer.from('x'), metadata: new Metadata() });
  serve(call as unknown as ServerUnaryCall<Buffer, Buffer>, (...answer) => void answers.push(answer));
});

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('one that goes on is asked and answered', async () => {
  expect([asked, calls.count]).toEqual([0, 1]);
  goOn();
  await turn();
  expect([asked, answers.length]).toEqual([1, 1]);
  call.emit('cancelled');
  expect(calls.count).toBe(0);
});

test('nobody is asked for one that was given up meanwhile', async () => {
  call.emit('cancelled');
  expect(calls.count).toBe(0);
  goOn();
  await turn();
  expect([asked, answers]).toEqual([0, []]);
});

test('nobody is asked for one that a drain has ended meanwhile, and it is told once', async () => {
  void calls.drain();
  calls.force();
  goOn();
  await turn();
  expect([asked, answers]).toEqual([0, [[expect.objectContaining({ code: status.UNAVAILABLE })]]]);
});
