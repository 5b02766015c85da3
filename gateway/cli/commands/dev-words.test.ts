import { expect, test } from 'vitest';
import { outdatedLine } from './dev-words.ts';

test.each([
  'en',
  'vi',
] as const)('an agreement whose file has other words under its version: what mends it, in %s', (language) => {
  const line = outdatedLine('citizen-page-citizen-service', 'dev-data', language);
  expect(line).toContain('citizen-page-citizen-service');
  expect(line).toContain('lienthong agreement propose COPY --profile dev-data/officers/dev-officer-1');
  expect(line).toContain('lienthong proposal approve DIGEST --profile dev-data/officers/dev-officer-2');
});
