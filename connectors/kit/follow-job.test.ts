import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { JobSchema, JobState } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { followJob, type JobChange } from './follow-job.ts';

/** Follows a job that is found in these states, one question after the other; the clock moves by what is waited. */
async function follow(found: readonly (readonly [JobState, number])[], everyMs = 1000) {
  let clock = 0;
  let asked = 0;
  const waits: number[] = [];
  const changes: JobChange[] = [];
  const times = { startedAt: 100n, activeAt: 110n };
  for await (const change of followJob({
    ask: async () => {
      const [state, rows] = found[Math.min(asked++, found.length - 1)] ?? [JobState.OPEN, 0];
      return create(JobSchema, { state, rows: BigInt(rows), ...times });
    },
    wait: async (ms) => {
      waits.push(ms);
      clock += ms;
    },
    now: () => clock,
    everyMs,
  }))
    changes.push(change);
  return { changes, waits, asked };
}

const { OPEN, CLOSING, DONE, PAUSED, CANCELLED, EXPIRED } = JobState;

describe('a job that is followed', () => {
  it('gives each change once and ends behind the last', async () => {
    const { changes, asked } = await follow([
      ...([[OPEN, 0] as const, [OPEN, 0] as const, [OPEN, 4096] as const, [CLOSING, 4096] as const] as const),
      [DONE, 8192],
    ]);
    expect(changes.map(({ job, over }) => [job.state, Number(job.rows), over])).toEqual([
      ...[[OPEN, 0, false] as const, [OPEN, 4096, false] as const, [CLOSING, 4096, false] as const],
      [DONE, 8192, true],
    ]);
    expect(asked).toBe(5);
  });

  it.each([DONE, PAUSED, CANCELLED, EXPIRED])('that is over already is told once: %i', async (state) => {
    const { changes, waits } = await follow([[state, 500]]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ over: true, rate: 50 });
    expect(waits).toEqual([]);
  });

  it('has a rate over the last half minute, not over what came before', async () => {
    const found = [
      ...Array.from({ length: 20 }, (_, i) => [OPEN, i * 1000] as const),
      ...Array.from({ length: 62 }, (_, i) => [OPEN, 20_000 + i * 10] as const),
    ];
    const { changes } = await follow([...found, [DONE, 21_000]]);
    expect(changes[5]?.rate).toBe(1000);
    expect(changes.at(-2)?.rate).toBe(10);
  });

  it('is asked for less often while nothing happens, and often again when something does', async () => {
    const still = Array.from({ length: 6 }, () => [OPEN, 1] as const);
    const { waits } = await follow([...still, [OPEN, 2], [DONE, 2]]);
    expect(waits).toEqual([1000, 2000, 4000, 8000, 8000, 8000, 1000]);
  });
});
