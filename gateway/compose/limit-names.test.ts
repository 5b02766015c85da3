import { expect, expectTypeOf, test } from 'vitest';
import { isTest, readSources } from '../../test/architecture/source.ts';
import type { LimitName } from '../config/config-file.ts';
import type { AdmissionLimits } from '../exchange/admission.ts';
import type { RpcLimits } from '../rpc/limits.ts';

/** Read one by one, and not handed over with all others. */
const BY_NAME = ['ioThreads', 'matchingThreads', 'jobsPerAgency', 'chunksPerSecond'] as const;

test('what an operator may set is read by somebody, and what is read may be set, but for two that are nobody’s to choose', () => {
  type Edge = Exclude<keyof RpcLimits, 'requestBytes' | 'lookMs'>;
  type Read = Edge | keyof AdmissionLimits | (typeof BY_NAME)[number];
  expectTypeOf<Exclude<LimitName, Read>>().toBeNever();
  expectTypeOf<Exclude<Read, LimitName>>().toBeNever();
  const root = readSources('gateway').filter(
    ({ path }) => !isTest(path) && (path.startsWith('gateway/compose/') || path === 'gateway/main.ts'),
  );
  for (const name of BY_NAME) {
    const readers = root.filter(({ text }) => new RegExp(`\\blimits\\.${name}\\b(?!')`).test(text));
    expect(readers, name).not.toEqual([]);
  }
});
