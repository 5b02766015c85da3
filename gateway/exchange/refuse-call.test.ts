import { beforeEach, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { StorageError } from '../storage/errors.ts';
import type { Authenticated } from './authenticate.ts';
import { NOBODY } from './people.ts';
import type { Recorder } from './record.ts';
import { createRefuseCall } from './refuse-call.ts';
import { CallRefused } from './refused.ts';
import type { AnswerSigner } from './sign.ts';

const away = new StorageError('unavailable', '', {}, undefined);
const authenticated = { caller: { agency: 'viettel', certificate: 'a' } } as unknown as Authenticated;
const reached = { method: '/a.B/C', message: new Uint8Array(0), authenticated, kid: 'A'.repeat(43) };

type Told = [what: string, method: string, requestId: string, agency?: string];
let told: Told[] = [];
beforeEach(() => {
  told = [];
});

function refuser(signRefusal: () => string, recordRefusal: () => Promise<unknown> = async () => Buffer.alloc(16)) {
  return createRefuseCall({
    recorder: { recordRefusal } as unknown as Recorder,
    signer: { signRefusal } as unknown as AnswerSigner,
    isStorageFault: (error) => error instanceof StorageError,
    budget: { take: () => true },
    onStorageFault: (_, ...call) => void told.push(['storage', ...(call as [string, string, string])]),
    onFault: (_, ...call) => void told.push(['fault', ...call]),
  });
}

it('a refusal that cannot be signed, the database’s time being away, is still one that the caller may try again', async () => {
  const refuse = refuser(() => {
    throw away;
  });
  const refusal = await refuse(new CallRefused(ErrorReason.JOB_UNKNOWN), reached);
  expect(refusal).toMatchObject({ reason: ErrorReason.STORAGE_UNAVAILABLE, code: 14 });
  expect(refusal.signature).toBeUndefined();
});

it('a signer that fails of anything else is a fault', async () => {
  const refuse = refuser(() => {
    throw new TypeError('no key');
  });
  await expect(refuse(away, reached)).rejects.toThrow(TypeError);
});

it('a database that lets this user do nothing is to the caller one that is away', async () => {
  const refuse = refuser(() => 'signed');
  const refusal = await refuse(new StorageError('denied', '42501', {}, undefined), reached);
  expect(refusal).toMatchObject({ reason: ErrorReason.STORAGE_UNAVAILABLE, code: 14 });
});

it.each([
  ['the log takes nothing now', new CallRefused(ErrorReason.LOG_BROKEN), ErrorReason.LOG_BROKEN],
  ['the database is away', away, ErrorReason.STORAGE_UNAVAILABLE],
])('whether a person exists is not told where %s: it would be told unlogged and uncounted', async (_why, error, reason) => {
  const recordRefusal = () => Promise.reject(error);
  const refuse = refuser(() => 'signed', recordRefusal);
  const { PERSON_NOT_FOUND, PERSON_AMBIGUOUS, CONSENT_MISSING } = ErrorReason;
  for (const told of [PERSON_NOT_FOUND, PERSON_AMBIGUOUS, CONSENT_MISSING] as const) {
    const refusal = await refuse(new CallRefused(told, {}, undefined, NOBODY), { ...reached, person: 1 });
    expect(refusal).toMatchObject({ reason, signature: 'signed' });
  }
});

it('a call that met a store that was away is told of by its id, once, wherever it met it', async () => {
  const failing = async () => {
    throw away;
  };
  const known = new CallRefused(ErrorReason.STORAGE_UNAVAILABLE);
  const unasked = () => Promise.reject(known);
  for (const [refuse, met] of [
    [refuser(() => 'signed'), away],
    [refuser(() => 'signed', failing), away],
    [refuser(() => 'signed', unasked), away],
    [refuser(() => 'signed', unasked), known],
  ] as const) {
    told = [];
    const { traceableId } = await refuse(met, reached);
    expect(told).toEqual([['storage', '/a.B/C', traceableId, 'viettel']]);
  }
  for (const refuse of [
    refuser(() => 'signed', failing),
    refuser(() => {
      throw away;
    }),
  ]) {
    told = [];
    const { traceableId } = await refuse(new CallRefused(ErrorReason.JOB_UNKNOWN), reached);
    expect(told).toEqual([['storage', '/a.B/C', traceableId, 'viettel']]);
  }
});

it('an entry that cannot be made for a fault of ours is a fault, and no store that is away', async () => {
  const refuse = refuser(
    () => 'signed',
    async () => {
      throw new TypeError('no entry');
    },
  );
  const refusal = await refuse(new CallRefused(ErrorReason.JOB_UNKNOWN), reached);
  expect(refusal).toMatchObject({ reason: ErrorReason.INTERNAL, signature: 'signed' });
  expect(told).toEqual([['fault', '/a.B/C', refusal.traceableId]]);
});
