/** What the operator sees of a running gateway: metrics, traces, and the id of every call in its line of the log. */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricRow } from '../../gateway/telemetry/metric-row.ts';
import { METRICS } from '../../gateway/telemetry/metric-table.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callOpen, contextOf, newRequestId } from '../support/gateway-calls.ts';
import { attach, crowd, NOBODY } from '../support/gateway-jobs.ts';
import { chunkPayload } from '../support/gateway-stream.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';

const { verifyPerson } = VerificationService.method;
const asked = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
let receiver: OtlpReceiver;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const config = { metrics: { port: 0 }, traces: { endpoint: receiver.endpoint, ratio: 1 } };
  gateway = await startTestGateway({ crowd: 20, config });
});
afterAll(async () => {
  await gateway?.stop();
  await receiver?.close();
});

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

async function scrape(): Promise<Sample[]> {
  const text = await (await fetch(`http://127.0.0.1:${gateway.process.metricsPort}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^([a-zA-Z_0-9]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      return {
        name,
        labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text])),
        value: Number(value),
      };
    });
}

const figureOf = (samples: readonly Sample[], name: string, labels: Record<string, string> = {}) =>
  samples.find((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    ?.value;
const verify = '/lienthong.verification.v1.VerificationService/VerifyPerson';

/** Stages of a span's trace, in the order in which they began. */
const stagesOf = (parent: ReceivedSpan | undefined) =>
  receiver.spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId).map(({ name }) => name);

describe('metrics', () => {
  it('tell calls by method and ending, rows by verdict, chunks, and what the process stands at', async () => {
    const viettel = gateway.raw('viettel');
    await viettel.call(verifyPerson, asked);
    await viettel.attempt(verifyPerson, { ...asked, context: { ...contextOf(viettel.identity), purpose: 'none' } });
    const { stream } = await attach(viettel);
    stream.chunk(0, chunkPayload(0, [...crowd(0, 3), NOBODY]));
    await stream.answer();
    stream.end(1, 4);
    await stream.ended;
    const samples = await scrape();
    const calls = 'lienthong_calls_total';
    expect(figureOf(samples, calls, { method: verify, outcome: 'OK' })).toBe(1);
    expect(figureOf(samples, calls, { method: verify, outcome: 'NOT_AGREED' })).toBe(1);
    expect(figureOf(samples, calls, { method: verify.replace('Person', 'Chunks'), outcome: 'OK' })).toBe(1);
    expect(figureOf(samples, 'lienthong_chunks_total', { outcome: 'OK' })).toBe(1);
    expect(figureOf(samples, 'lienthong_rows_total', { verdict: 'VERIFIED' })).toBe(4);
    expect(figureOf(samples, 'lienthong_rows_total', { verdict: 'NOT_FOUND' })).toBe(1);
    expect(figureOf(samples, 'lienthong_state', { state: 'serving' })).toBe(1);
    expect(figureOf(samples, 'lienthong_log_entries')).toBeGreaterThanOrEqual(5);
    expect(figureOf(samples, 'lienthong_expiring', { what: 'agreement', within_days: '60' })).toBe(0);
    expect(figureOf(samples, 'lienthong_agency_keys', { state: 'active' })).toBeGreaterThan(3);
    expect(figureOf(samples, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    for (const stage of ['authenticate', 'verify', 'decide', 'consent', 'fetch', 'filter', 'record', 'sign']) {
      expect(figureOf(samples, 'lienthong_stage_duration_seconds_count', { stage })).toBeGreaterThan(0);
    }
  });

  it('carry no label beyond their closed sets', async () => {
    const rows = new Map(Object.values<MetricRow>(METRICS).map((row) => [row.name, row]));
    for (const { name, labels } of await scrape()) {
      const row = rows.get(name) ?? rows.get(name.replace(/_(bucket|sum|count)$/, ''));
      if (row === undefined) expect(name).toMatch(/^(process|nodejs)_/);
      else {
        for (const [label, value] of Object.entries(labels)) {
          if (label !== 'le') expect(row.labels[label], `${name} ${label}`).toContain(value);
        }
      }
    }
  });

  it('are read on loopback only, unless configured', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal);
    const socket = connect({ host: outside?.address ?? '127.0.0.2', port: gateway.process.metricsPort ?? 0 });
    const outcome = await new Promise((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('error', () => resolve('refused'));
    });
    socket.destroy();
    expect(outcome).toBe('refused');
  });
});

describe('traces', () => {
  it('have a span for each stage of a call, and for each chunk of a stream', async () => {
    const viettel = gateway.raw('viettel');
    const requestId = newRequestId();
    await viettel.call(verifyPerson, { ...asked, context: contextOf(viettel.identity, requestId) });
    const callOf = () => receiver.spans.find(({ attributes }) => attributes['lienthong.request_id'] === requestId);
    await expect.poll(callOf, { timeout: 10_000 }).toBeDefined();
    const stages = ['authenticate', 'verify', 'decide', 'consent', 'fetch', 'filter', 'record', 'sign'];
    // Who was barred while the log was written gets nothing: the sender is looked at once more before the signature.
    expect(stagesOf(callOf())).toEqual([...stages.slice(0, -1), 'authenticate', 'sign']);
    const chunk = receiver.spans.find(({ name }) => name === 'chunk');
    expect(stagesOf(chunk)).toEqual(
      expect.arrayContaining(['verify', 'consent', 'fetch', 'filter', 'record', 'authenticate', 'sign']),
    );
    const refused = receiver.spans.find(({ attributes }) => attributes['lienthong.outcome'] === 'NOT_AGREED');
    expect(refused).toBeDefined();
  });
});

describe('the id of a call', () => {
  const lineOf = (id: string | undefined) =>
    gateway
      .logged()
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line.request_id === id && id !== undefined);

  it('comes back with the answer and stands in its line of the log', async () => {
    const viettel = gateway.raw('viettel');
    const id = newRequestId();
    const { outcome } = await viettel.call(verifyPerson, { ...asked, context: contextOf(viettel.identity, id) });
    expect(outcome.traceableId).toBe(id);
    await expect.poll(() => lineOf(id)).toMatchObject([{ event: 'a call ended', method: verify, reason: 'OK' }]);
  });

  it('is made by the gateway where a call is refused before it was read', async () => {
    const stranger = gateway.raw('viettel');
    const { traceableId, refusal, reason } = await stranger.send(verify, Buffer.from('no message'), 'no token');
    expect([reason, traceableId]).toEqual(['SIGNATURE_MALFORMED', expect.stringMatching(/^gw-/)]);
    expect(refusal?.requestId).toBe(traceableId);
    await expect.poll(() => lineOf(traceableId)).toMatchObject([{ reason: 'SIGNATURE_MALFORMED' }]);
  });

  it('is made for calls that carry none', async () => {
    const { outcome } = await callOpen(gateway.raw('moh'), ServerService.method.getServerInfo, {});
    expect(outcome.traceableId).toMatch(/^gw-/);
  });

  it('is never a number of a person, though a caller take one for it', async () => {
    const moh = gateway.raw('moh');
    const id = '902090000046';
    const context = contextOf(moh.identity, id);
    const { outcome } = await moh.call(PersonService.method.getPerson, {
      personalId: '901085000017',
      readMask: { paths: ['full_name'] },
      context,
    });
    expect(outcome.traceableId).toMatch(/^gw-/);
    // The signature still binds the answer to the request as it was sent.
    expect(outcome.claims?.req).toBe(id);
    await gateway.process.stop();
    expect(gateway.logged().join('\n')).not.toContain(id);
    expect(receiver.bodies.join('\n')).not.toContain(id);
  });
});
