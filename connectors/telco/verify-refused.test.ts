import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { failure } from '../kit/failure.test-support.ts';
import { GatewayError } from '../kit/refusal.ts';
import type { Fate } from '../kit/tiny-gateway.test-support.ts';
import { expectComplete, judgeByNumber, writeSubscribers } from './subscribers.test-support.ts';
import { CHUNK, openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

const ROWS = CHUNK * 12;
const { ANSWER_GONE, LIMITED, NOT_AGREED, JOB_UNKNOWN, CERTIFICATE_UNKNOWN } = ErrorReason;

let tiny: TinyTelco;
beforeEach(async () => {
  tiny = await openTinyTelco(judgeByNumber);
  writeSubscribers(tiny.file, ROWS);
});
afterEach(() => tiny.close());

/** What a run ends with whose eighth chunk is refused so. */
async function refusedWith(fate: Fate) {
  tiny.gateway.faults.beforeAnswer = (num) => (num === 7 ? fate : 'go on');
  return failure(tiny.run());
}

describe('a stream refused without a signature', () => {
  it.each([
    ['what would end the job for good', { reason: ANSWER_GONE, signed: false }, 'FAILED_PRECONDITION', 'ANSWER_GONE'],
    ['what denies the agreement', { reason: NOT_AGREED, signed: false }, 'PERMISSION_DENIED', 'NOT_AGREED'],
    ['a proxy that lets nobody through', 'forbidden', 'PERMISSION_DENIED', 'HTTP 403'],
  ] as const)('by %s says that nobody signed it and what was said, keeps the job, and goes on when it is run again', async (_name, fate, code, said) => {
    const error = await refusedWith(fate);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ reason: 'REFUSED_UNSIGNED', exitCode: 4, signed: false, refusal: undefined });
    expect(error.facts).toMatchObject({ code, said });
    for (const language of ['vi', 'en'] as const) expect(error.text(language)).toContain(`(${code}, ${said})`);
    expect(error.keptRows).toBeGreaterThanOrEqual(0);
    expect(existsSync(`${tiny.out}.job.json`)).toBe(true);
    tiny.gateway.faults = {};
    expect((await tiny.run()).rows).toBe(ROWS);
    expect(tiny.gateway.starts).toBe(1);
    await expectComplete(tiny, ROWS);
  });

  it('at its opening, with what would remove the job, keeps it as well', async () => {
    tiny.gateway.faults.refuse = (method) =>
      method.endsWith('VerifyChunks') ? { reason: JOB_UNKNOWN, signed: false } : undefined;
    expect(await failure(tiny.run())).toMatchObject({ reason: 'REFUSED_UNSIGNED', facts: { said: 'JOB_UNKNOWN' } });
    expect(existsSync(`${tiny.out}.job.json`)).toBe(true);
  });

  it('by what the gateway says before it knows who asks is what it says, and not signed', async () => {
    const error = await refusedWith({ reason: CERTIFICATE_UNKNOWN, signed: false });
    expect(error).toMatchObject({ reason: 'REFUSED_PROFILE', signed: false, exitCode: 3 });
  });
});

it('a stream refused for a limit that begins anew in a moment is opened again then', async () => {
  let refused = 0;
  tiny.gateway.faults.beforeAnswer = (num) =>
    num === 7 && refused++ === 0 ? { reason: LIMITED, signed: false, retryAfterMs: 200 } : 'go on';
  expect((await tiny.run()).rows).toBe(ROWS);
  await expectComplete(tiny, ROWS);
});

it('a stream refused for a limit of hours ends the run at once, which goes on when it is run again', async () => {
  const error = await refusedWith({ reason: LIMITED, signed: false, retryAfterMs: 3_600_000 });
  expect(error).toMatchObject({ reason: 'LIMITED', exitCode: 6, keptRows: expect.any(Number) });
});

it('a stream refused with a signature is taken at its word', async () => {
  const error = await refusedWith({ reason: ANSWER_GONE, signed: true });
  expect(error).toMatchObject({ reason: 'JOB_GONE', facts: { state: 'ANSWER_GONE' } });
  expect(error.cause).toMatchObject({ signed: true });
});
