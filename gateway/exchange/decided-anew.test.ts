import { describe, expect, it, vi } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { seal } from '../sealing/seal.ts';
import type { Authenticated } from './authenticate.ts';
import type { Consented } from './consent.ts';
import type { Fetched } from './fetch.ts';
import { decidedOf, type Grounds } from './grounds.ts';
import { UNITS } from './guard.test-support.ts';
import type { Appender, AppendOutcome } from './log-port.ts';
import { preparing, recordAnew, type Stages } from './pipeline.ts';
import { answered, DECISION, key, keys } from './record.test-support.ts';
import { createRecord } from './record.ts';
import type { RefusedCall } from './record-refusal.ts';
import { CallRefused } from './refused.ts';
import { createDecisionSealer } from './seal-decision.ts';
import type { Verified } from './verify-call.ts';

describe('a call whose agreement changes while it is answered', () => {
  const sender = { caller: { agency: 'branch' }, changeRevision: 1n } as Authenticated;

  /** Each append ends as the next of these; the policy decides anew as it is told. */
  function answering(
    outcomes: readonly ('outdated' | 'overtaken' | 'recorded' | AppendOutcome)[],
    decideAnew: () => void = () => undefined,
    takeUp: () => Promise<void> = async () => undefined,
  ) {
    const rest = [...outcomes];
    const append = vi.fn<Appender['append']>(async () => {
      const next = rest.shift() ?? 'outdated';
      return typeof next === 'string' ? { kind: next } : next;
    });
    const appender = { append, logRef: 'log:1' } satisfies Appender;
    const filtered = answered(sender);
    const told: string[] = [];
    const recorder = createRecord({ appender, keys, units: UNITS, nowMs: () => 0, logTrouble: () => undefined });
    const { grounds } = filtered.fetched.consented;
    const stages = {
      recorder,
      takeUp: async () => {
        told.push('take up');
        await takeUp();
      },
      authenticate: () => ({ ...sender, changeRevision: 2n }),
      decide: (now: Verified) => {
        told.push('decide');
        decideAnew();
        return { ...decidedOf(grounds), verified: now };
      },
      consent: async (now: Grounds) => ({ ...filtered.fetched.consented, grounds: now }),
      fetch: async (consented: Consented) => ({ ...filtered.fetched, consented }),
      filter: async (fetched: Fetched) => ({ ...filtered, fetched }),
    } as unknown as Stages;
    const { verified } = decidedOf(grounds);
    Object.assign(verified, { underCaller: (authenticated: Authenticated) => ({ ...verified, authenticated }) });
    const prepareOnce = preparing(stages, decidedOf(grounds), undefined);
    /** The tokens with which the call came before the log, and then its refusal. */
    const tokens = async () => {
      const refused: RefusedCall = {
        ...{ authenticated: sender, method: '/m', requestDigest: '', reason: ErrorReason.NOT_AGREED },
        ...{ details: new Uint8Array(0), token: verified.token, context: undefined, chunk: undefined, kid: undefined },
        ...{ decision: undefined, people: undefined, lookedUp: undefined },
      };
      rest.push('recorded');
      await recorder.recordRefusal(refused);
      return append.mock.calls.map(([item]) => item.token);
    };
    return { run: () => recordAnew(stages, prepareOnce), append, tokens, told, token: verified.token };
  }

  it('is decided anew by what was taken up since, and recorded with its token', async () => {
    const { run, told, tokens, token, append } = answering(['outdated', 'recorded']);
    expect((await run()).recorded).toMatchObject({ redelivery: false });
    expect(told).toEqual(['take up', 'decide']);
    expect(append.mock.calls.map(([item]) => item.changeRevision)).toEqual([1n, 2n]);
    expect(await tokens()).toEqual([token, token, undefined]);
  });

  it('is refused as the new version says, with its token, which the log has given back', async () => {
    const { run, tokens, token } = answering(['outdated'], () => {
      throw new CallRefused(ErrorReason.NOT_AGREED);
    });
    await expect(run()).rejects.toMatchObject({ reason: ErrorReason.NOT_AGREED });
    expect(await tokens()).toEqual([token, token]);
  });

  it('is given again by its new decision, without the token that the log keeps', async () => {
    const first = Buffer.alloc(16, 1);
    const { fingerprint } = createDecisionSealer(key)(DECISION);
    const answer = seal(key, first, Buffer.concat([fingerprint, Buffer.from('stored')]));
    const repeated: AppendOutcome = { kind: 'repeated', entryId: first, answer };
    const { run, told, tokens, token } = answering([repeated, 'outdated', repeated, 'recorded']);
    expect((await run()).recorded).toMatchObject({ redelivery: true, payload: Buffer.from('stored') });
    expect(told).toEqual(['take up', 'decide']);
    expect(await tokens()).toEqual([token, undefined, undefined, undefined, undefined]);
  });

  it('is refused with its token where nothing can be taken up', async () => {
    const away = new RangeError('away');
    const { run, tokens, token } = answering(['outdated'], undefined, () => Promise.reject(away));
    await expect(run()).rejects.toBe(away);
    expect(await tokens()).toEqual([token, token]);
  });

  it('is told to come again where it changes every time, and its token counts', async () => {
    const { run, tokens, token } = answering([]);
    await expect(run()).rejects.toMatchObject({
      reason: ErrorReason.POLICY_UNAVAILABLE,
      facts: { retryAfterMs: 500 },
    });
    expect(await tokens()).toEqual(Array(9).fill(token));
  });

  it('that is overtaken every time is refused with its token as well', async () => {
    const { run, tokens, token, told } = answering(Array(8).fill('overtaken'));
    await expect(run()).rejects.toMatchObject({ reason: ErrorReason.STORAGE_UNAVAILABLE });
    expect([await tokens(), told]).toEqual([Array(9).fill(token), []]);
  });

  it('that the log may have although it failed does not bring its token again', async () => {
    const { run, tokens, token, append } = answering([]);
    append.mockRejectedValueOnce(new RangeError('lost'));
    await expect(run()).rejects.toBeInstanceOf(RangeError);
    expect(await tokens()).toEqual([token, undefined]);
  });
});
