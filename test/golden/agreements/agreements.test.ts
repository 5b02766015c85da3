import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { agreementBytes, agreementDigest } from '../../../gateway/policy/agreement.ts';
import { readAgreementFiles } from '../../../gateway/policy/files.ts';

/** By id and version. A deployment keeps what it was begun with: other words under a version that is here never reach it. */
const golden: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
  readFileSync(new URL('digests.json', import.meta.url), 'utf8'),
);

it('a development agreement that says something else has a higher version, and its digest stands here', async () => {
  const { agreements } = await readAgreementFiles(fileURLToPath(new URL('../../../policies', import.meta.url)));
  const found = agreements.map((agreement) => {
    const { id, version } = agreement;
    const newest = Math.max(...Object.keys(golden[id] ?? {}).map(Number));
    return [id, { newest: version === newest, digest: agreementDigest(agreementBytes(agreement)) }];
  });
  const wanted = agreements.map(({ id, version }) => [id, { newest: true, digest: golden[id]?.[version] }]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
});
