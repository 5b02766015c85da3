/** What officers read back: the whole of an agreement that counts, of an earlier version, and of a proposal that was decided. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
});
afterAll(() => gateway?.stop());

const officer = (n: 1 | 2) => ['--profile', gateway.deployment.officers[`dev-officer-${n}`] ?? ''];
const run = (args: readonly string[]) => runCaptured(args);
const json = async (args: readonly string[]) => JSON.parse((await run([...args, '--json'])).stdout);

test('the next version is made from what "agreement show" wrote, and both versions can be read afterwards', async () => {
  const id = 'vinaphone-subscriber-verification';
  const file = join(gateway.folder, 'next.json');
  const first = await json(['agreement', 'show', id, '--out', file, ...officer(1)]);
  expect(first).toMatchObject({ counts: true, agreement: { id, version: 2 } });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(first.agreement);
  const again = await run(['agreement', 'show', id, '--out', file, ...officer(1)]);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('EEXIST')]);

  const digests: string[] = [];
  for (const version of [3, 4]) {
    const limits = { ...first.agreement.limits, rows_per_job: version };
    writeFileSync(file, JSON.stringify({ ...first.agreement, version, limits }));
    const { digest } = await json(['agreement', 'propose', file, ...officer(1)]);
    expect((await run(['proposal', 'approve', digest, '--yes', ...officer(2)])).code).toBe(0);
    digests.push(digest);
  }
  expect(await json(['agreement', 'show', id, ...officer(2)])).toMatchObject({
    ...{ counts: true, digest: digests[1] },
    agreement: { version: 4, limits: { rows_per_job: 4 } },
  });
  const earlier = ['agreement', 'show', `${id}:3`, ...officer(2)];
  expect(await json(earlier)).toMatchObject({
    ...{ counts: false, digest: digests[0] },
    agreement: { version: 3, limits: { rows_per_job: 3 } },
  });
  const shown = await run([...earlier, '--lang', 'vi']);
  expect(shown.stdout).toMatch(/limits\.rows_per_job +│ 3 /);
  expect(shown.stdout).toContain('hiện không có giá trị');
  // Of a decided proposal: all of it, for programs too.
  const decided = await json(['proposal', 'show', digests[1] ?? '', ...officer(2)]);
  expect(decided).toMatchObject({ changes: [], agreement: { version: 4, limits: { rows_per_job: 4 } } });

  const unknown = await run(['agreement', 'show', `${id}:9`, ...officer(1), '--lang', 'vi']);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('agreement list')]);
});

test('a field that nobody knows is shown by its number, and refused by the gateway as what it is', async () => {
  const { agreement } = await json(['agreement', 'show', 'moh-patient-record', ...officer(1)]);
  const file = join(gateway.folder, 'unknown-field.json');
  const fields = { ...agreement.fields, 99999: { use: ['match'], basis: 'statute' } };
  writeFileSync(file, JSON.stringify({ ...agreement, version: agreement.version + 1, fields }));
  const diff = await run(['agreement', 'diff', file, ...officer(1)]);
  expect([diff.stderr, diff.code, diff.stdout]).toEqual([
    '',
    0,
    expect.stringMatching(/fields\.99999\.use +│ – +│ match/),
  ]);
  const proposed = await run(['agreement', 'propose', file, ...officer(1)]);
  expect([proposed.code, proposed.stderr]).toEqual([2, expect.stringContaining('99999')]);
});

test('what a person would be shown is listed in a development deployment, to the last page', async () => {
  const listed = await json(['accesses', 'list', '901085000017', '--data', gateway.folder]);
  expect(listed).toMatchObject({ complete_until_ms: expect.any(String) });
  expect(listed).not.toHaveProperty('next_page_token');
});
