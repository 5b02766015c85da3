import { expect, it } from 'vitest';
import { NOW, OPTIONS, token } from '../acts/acts.test-support.ts';
import { foldActs } from '../acts/fold-acts.ts';
import { createReleaseJudge } from './release.ts';

const body = Buffer.from(
  JSON.stringify({ deployment: OPTIONS.deployment, job: 'ab', judged: 1000, kind: 'job.release', misses: 300 }),
);

it('a release that counted counts on where the clock is set back, and none that is dated ahead of it counts', () => {
  let now = NOW;
  const judge = createReleaseJudge({ book: () => foldActs([], OPTIONS), nowSeconds: () => now });
  const signedAt = (at: number) =>
    judge({ jobId: 'ab', body, signatures: [token(0, body, at), token(1, body, at)] }) !== undefined;
  expect([signedAt(NOW), signedAt(NOW + 60)]).toEqual([true, false]);
  now -= 3_600;
  expect([signedAt(NOW), signedAt(NOW + 60)]).toEqual([true, false]);
});
