import { afterEach, beforeEach, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { type OtlpReceiver, startOtlpReceiver } from '../../test/support/otlp-receiver.ts';
import { CallRefused } from '../exchange/refused.ts';
import { createTracing, type Tracing } from './tracing.ts';

const METHOD = '/lienthong.person.v1.PersonService/GetPerson';
const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
const SAMPLED = `00-${TRACE}-${SPAN}-01`;

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(() => receiver.close());

const open = (ratio: number): Tracing =>
  createTracing({ endpoint: receiver.endpoint, ratio, version: '0', deployment: 'dev-x', isCallEnded: () => false });
const answered = () => ({ outcome: 'OK', requestId: 'REQ-0001' });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const named = (name: string) => receiver.spans.filter((span) => span.name === name);

it('puts the stages below their own call, however many calls run at once', async () => {
  const { watcher, close } = open(1);
  const work = async () => {
    watcher.stage('authenticate')();
    await turn();
    const end = watcher.stage('fetch');
    await turn();
    end();
  };
  await Promise.all(Array.from({ length: 5 }, () => watcher.call({ method: METHOD }, work, answered)));
  await close();
  const calls = named('lienthong.person.v1.PersonService/GetPerson');
  expect(new Set(calls.map(({ traceId }) => traceId)).size).toBe(5);
  for (const { spanId, traceId, attributes } of calls) {
    expect(attributes).toMatchObject({ 'lienthong.request_id': 'REQ-0001', 'lienthong.outcome': 'OK' });
    const below = receiver.spans.filter((span) => span.traceId === traceId && span.parentSpanId === spanId);
    expect(below.map(({ name }) => name)).toEqual(['authenticate', 'fetch']);
  }
});

it('takes a client’s trace as a link only: neither its id nor its choice to be sampled', async () => {
  const [all, none] = [open(1), open(1e-12)];
  await all.watcher.call({ method: METHOD, traceparent: SAMPLED }, async () => {}, answered);
  await Promise.all(
    Array.from({ length: 50 }, () => none.watcher.call({ method: METHOD, traceparent: SAMPLED }, turn, answered)),
  );
  await Promise.all([all.close(), none.close()]);
  expect(receiver.spans).toHaveLength(1);
  const [span] = receiver.spans;
  expect(span?.traceId).not.toBe(TRACE);
  expect(span?.parentSpanId ?? '').toBe('');
  expect(span?.links).toMatchObject([{ traceId: TRACE, spanId: SPAN }]);
});

it('gives a chunk a trace of its own, linked to its stream', async () => {
  const { watcher, close } = open(1);
  const chunk = () => watcher.chunk(async () => watcher.stage('verify')());
  await watcher.call({ method: METHOD }, chunk, answered);
  await close();
  const [stream] = named('lienthong.person.v1.PersonService/GetPerson');
  const [own] = named('chunk');
  const [stage] = named('verify');
  expect(own?.links).toMatchObject([{ spanId: stream?.spanId }]);
  expect(own?.traceId).not.toBe(stream?.traceId);
  expect(stage?.parentSpanId).toBe(own?.spanId);
});

it('says by a closed code how a stage ended, and never with what message', async () => {
  const { watcher, close } = open(1);
  const fail = async () => {
    watcher.stage('decide')(new CallRefused(ErrorReason.FIELD_NOT_GRANTED));
    watcher.stage('fetch')(new Error('901085000017'));
  };
  await watcher.call({ method: METHOD }, fail, answered);
  await close();
  expect([named('decide')[0]?.attributes, named('decide')[0]?.failed]).toEqual([
    { 'lienthong.outcome': 'FIELD_NOT_GRANTED' },
    false,
  ]);
  expect([named('fetch')[0]?.attributes, named('fetch')[0]?.failed]).toEqual([
    { 'lienthong.outcome': 'INTERNAL' },
    true,
  ]);
  expect(receiver.bodies.join()).not.toContain('901085000017');
});

it('serves as before where nobody takes the traces', async () => {
  receiver.answerWith(500);
  const { watcher, close } = open(1);
  expect(await watcher.call({ method: METHOD }, async () => 7, answered)).toBe(7);
  await close().catch(() => {});
  expect(receiver.spans).toEqual([]);
});
