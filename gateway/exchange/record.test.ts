import { fromBinary } from '@bufbuild/protobuf';
import { expect, it, vi } from 'vitest';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { SentReason } from '../errors/catalogue.ts';
import { seal } from '../sealing/seal.ts';
import type { Authenticated } from './authenticate.ts';
import type { Filtered } from './filter.ts';
import { createFlights, type Flight } from './flights.ts';
import { decidedOf, type Grounds } from './grounds.ts';
import { UNITS } from './guard.test-support.ts';
import type { Appender, AppendOutcome } from './log-port.ts';
import { prepare, recordAnew, recordIfOvertaken, type Stages } from './pipeline.ts';
import { answered, DECISION, key, keys } from './record.test-support.ts';
import { createRecord } from './record.ts';
import type { RefusedCall } from './record-refusal.ts';
import { createDecisionSealer } from './seal-decision.ts';

it.each([
  ['another', ErrorReason.LOG_BROKEN],
  ['fenced', ErrorReason.DRAINING],
  ['unkept', ErrorReason.STORAGE_UNAVAILABLE],
] as const)('a log in trouble (%s) takes nothing and nothing is answered from it: neither an answer, nor a refusal, nor a stored one', async (trouble, reason) => {
  const append = vi.fn<Appender['append']>();
  const appender = { append } as unknown as Appender;
  const recorder = createRecord({ appender, keys, units: UNITS, nowMs: () => 0, logTrouble: () => trouble });
  // What would be recorded is not even looked at.
  await expect(recorder.record({} as Filtered)).rejects.toMatchObject({ reason });
  await expect(recorder.recordRefusal({} as RefusedCall)).rejects.toMatchObject({ reason });
  // Nor is anybody looked up for it: how long that took would tell of them.
  const consent = vi.fn();
  await expect(prepare({ recorder, consent } as unknown as Stages, {} as Grounds)).rejects.toMatchObject({ reason });
  expect(consent).not.toHaveBeenCalled();
  expect(() => recorder.mustBeWriter()).toThrow(expect.objectContaining({ reason }));
  expect(append).not.toHaveBeenCalled();
});

it('everything that is recorded takes its legal entity’s share of a group, whichever of its agencies sent it', async () => {
  const append = vi.fn<Appender['append']>(async () => ({ kind: 'recorded' }));
  const appender = { append, logRef: 'log:1' } satisfies Appender;
  const recorder = createRecord({ appender, keys, units: UNITS, nowMs: () => 0, logTrouble: () => undefined });
  const authenticated = {
    caller: { agency: 'branch', legalEntity: 'house', certificate: 'c' },
    changeRevision: 1n,
  } as Authenticated;
  await recorder.recordRefusal({
    ...{ authenticated, method: '/m', requestDigest: '', reason: ErrorReason.BAD_REQUEST, details: new Uint8Array(0) },
    ...{
      context: undefined,
      chunk: undefined,
      kid: undefined,
      token: undefined,
      decision: undefined,
      people: undefined,
      lookedUp: undefined,
    },
  });
  await recorder.record(answered(authenticated));
  expect(append.mock.calls.map(([{ agency, legalEntity }]) => [agency, legalEntity])).toEqual([
    ['branch', 'house'],
    ['branch', 'house'],
  ]);
});

it('an answer that is given again and overtaken comes back without the token that the log has used for it', async () => {
  const authenticated = { caller: { agency: 'branch' }, changeRevision: 1n } as Authenticated;
  const filtered = answered(authenticated);
  const { fingerprint } = createDecisionSealer(key)(DECISION);
  const [first, stored] = [Buffer.alloc(16, 1), Buffer.from('stored')];
  const repeated: AppendOutcome = {
    kind: 'repeated',
    entryId: first,
    answer: seal(key, first, Buffer.concat([fingerprint, stored])),
  };
  const outcomes: AppendOutcome[] = [repeated, { kind: 'overtaken' }, repeated, { kind: 'recorded' }];
  const append = vi.fn<Appender['append']>(async () => outcomes.shift() as AppendOutcome);
  const appender = { append, logRef: 'log:1' } satisfies Appender;
  const recorder = createRecord({ appender, keys, units: UNITS, nowMs: () => 0, logTrouble: () => undefined });
  expect(await recorder.record(filtered)).toBe('overtaken');
  expect(await recorder.record(filtered)).toMatchObject({ redelivery: true, payload: stored });
  // Another call with the same token has none of this.
  outcomes.push({ kind: 'replayed' });
  await expect(recorder.record(answered(authenticated))).rejects.toMatchObject({ reason: ErrorReason.REPLAYED });
  expect(append.mock.calls.map(([{ token, request }]) => [request !== undefined, token !== undefined])).toEqual([
    ...[
      [true, true],
      [false, false],
    ],
    ...[
      [true, false],
      [false, false],
    ],
    [true, true],
  ]);
});

it('an answer that was recorded and overtaken before it could leave is given again, judged anew, without the token', async () => {
  const flights = createFlights();
  const { fingerprint } = createDecisionSealer(key)(DECISION);
  const [first, stored] = [Buffer.alloc(16, 1), Buffer.from('stored')];
  const answer = seal(key, first, Buffer.concat([fingerprint, stored]));
  const outcomes: AppendOutcome[] = [
    { kind: 'recorded' },
    { kind: 'repeated', entryId: first, answer },
    { kind: 'recorded' },
    { kind: 'repeated', entryId: first, answer },
    { kind: 'recorded' },
  ];
  const append = vi.fn<Appender['append']>(async () => {
    // While the log is written of it for the first time.
    if (outcomes.length === 5) await flights.settle(undefined);
    return outcomes.shift() as AppendOutcome;
  });
  const appender = { append, logRef: 'log:1' } satisfies Appender;
  const recorder = createRecord({ appender, keys, units: UNITS, nowMs: () => 0, logTrouble: () => undefined });
  const call = answered({ caller: { agency: 'branch' }, changeRevision: 1n } as Authenticated);
  const prepared = vi.fn(async () => onFlight(call, flights.begin()));
  const stages = { recorder } as Stages;
  const work = await recordAnew(stages, prepared);
  expect(work.recorded).toMatchObject({ redelivery: true, payload: stored });
  expect([prepared.mock.calls.length, flights.count]).toEqual([2, 1]);
  expect(append.mock.calls.map(([{ token }]) => token !== undefined)).toEqual([true, false, false]);

  // And while it waits for its turn to leave; what nobody overtook stays as it is.
  expect(await recordIfOvertaken(stages, prepared, work, 0)).toBe(work);
  await flights.settle(undefined);
  const again = await recordIfOvertaken(stages, prepared, work, 0);
  expect([again === work, again.recorded.redelivery, flights.count]).toEqual([false, true, 1]);
});

it('an answer that is given again is recorded, and signed, under the profile that it was judged by', async () => {
  const { fingerprint } = createDecisionSealer(key)(DECISION);
  const first = Buffer.alloc(16, 1);
  const answer = seal(key, first, Buffer.concat([fingerprint, Buffer.from('stored')]));
  const outcomes: AppendOutcome[] = [{ kind: 'repeated', entryId: first, answer }, { kind: 'recorded' }];
  const append = vi.fn<Appender['append']>(async () => outcomes.shift() as AppendOutcome);
  const appender = { append, logRef: 'log:1' } satisfies Appender;
  const recorder = createRecord({ appender, keys, units: UNITS, nowMs: () => 0, logTrouble: () => undefined });
  const call = answered({ caller: { agency: 'branch' }, changeRevision: 1n } as Authenticated);
  Object.assign(decidedOf(call.fetched.consented.grounds), { revisions: { policy: 'p', profile: 'of now' } });
  const again = (payload: Uint8Array) => ({ payload, profile: 'of then' });
  const recorded = await recorder.record({ ...call, composed: { ...call.composed, again } } as unknown as Filtered);
  const revisions = { policy: 'p', change: 0n, profile: 'of then' };
  expect(recorded).toMatchObject({ redelivery: true, revisions });
  const entries = append.mock.calls.map(([item]) => fromBinary(EntrySchema, item.entry));
  expect(entries.map((entry) => [entry.kind, entry.revisions?.profile])).toEqual([
    [EntryKind.UNARY, 'of now'],
    [EntryKind.REDELIVERY, 'of then'],
  ]);
});

it('an answer out of which another call took something first is read again as it is stored then; what else refuses, refuses', async () => {
  const { fingerprint } = createDecisionSealer(key)(DECISION);
  const first = Buffer.alloc(16, 1);
  const storedNow = (text: string): AppendOutcome => ({
    ...{ kind: 'repeated', entryId: first },
    answer: seal(key, first, Buffer.concat([fingerprint, Buffer.from(text)])),
  });
  const refused = (reason: SentReason): AppendOutcome => ({ kind: 'refused', reason, facts: {} });
  const outcomes: AppendOutcome[] = [
    storedNow('1'),
    refused(ErrorReason.ANSWER_GONE),
    storedNow('2'),
    refused(ErrorReason.JOB_STATE),
  ];
  const append = vi.fn<Appender['append']>(async () => outcomes.shift() as AppendOutcome);
  const appender = { append, logRef: 'log:1' } satisfies Appender;
  const recorder = createRecord({ appender, keys, units: UNITS, nowMs: () => 0, logTrouble: () => undefined });
  const call = answered({ caller: { agency: 'branch' }, changeRevision: 1n } as Authenticated);
  const effect = (text: string) => ({ text, values: [] });
  const again = vi.fn((payload: Uint8Array) => ({
    payload,
    lessened: { locks: [effect('lock')], effects: [effect('total')] },
  }));
  const filtered = { ...call, composed: { ...call.composed, again } } as unknown as Filtered;
  expect(await recorder.record(filtered)).toBe('overtaken');
  await expect(recorder.record(filtered)).rejects.toMatchObject({ reason: ErrorReason.JOB_STATE });
  expect(again.mock.calls.map(([stored]) => Buffer.from(stored).toString())).toEqual(['1', '2']);
  // What follows from what was taken out comes behind what refuses where it was taken out already.
  const [, { effects } = {}] = append.mock.calls.map(([item]) => item);
  expect(effects?.map(({ text, orRefuse }) => [text.slice(0, 6), orRefuse !== undefined])).toEqual([
    ['lock', false],
    ['WITH w', true],
    ['total', false],
  ]);
});

function onFlight({ fetched, ...filtered }: Filtered, flight: Flight): Filtered {
  return { ...filtered, fetched: { ...fetched, consented: { ...fetched.consented, flight } } } as unknown as Filtered;
}
