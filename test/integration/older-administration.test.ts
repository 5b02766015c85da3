/** A deployment from before a release that lets officers do more: what they lack is said, and one command writes what they sign. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { administrationAgreement } from '../../gateway/admin/administration.ts';
import { storeApproved } from '../../gateway/admin/store-approved.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { agreementBytes } from '../../gateway/policy/agreement.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementSignatureOf, officerOf } from '../support/gateway-officers.ts';

const officers = ['dev-officer-1', 'dev-officer-2'] as const;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
  // As genesis of before wrote it, in the place of the first version.
  const now = Math.floor(Date.now() / 1000) - 60;
  const whole = administrationAgreement(now);
  const agreement = { ...whole, version: 2, methods: whole.methods.filter((one) => !/Matters?$/.test(one)) };
  const body = agreementBytes(agreement);
  const signatures = officers.map((code) => agreementSignatureOf(officerOf(gateway, code), agreement));
  const row = { digest: digestOf(body), kind: 'agreement', body, signatures } as const;
  await storeApproved(gateway.database.pool, officers, [row], [{ kind: 'agreement', subject: agreement.id }]);
});
afterAll(() => gateway?.stop());

const profile = (at: 0 | 1) => ['--profile', gateway.deployment.officers[officers[at]] ?? ''];
const status = async (...more: string[]) =>
  (await runCaptured(['status', '--config', gateway.deployment.configPath, ...more])).stdout;
const migrated = (...more: string[]) =>
  runCaptured(['migrate', ...more], { env: { DATABASE_URL: gateway.database.url } });
const matters = async () => (await runCaptured(['matter', 'list', ...profile(0)])).code;

test('methods that officers cannot call are named by status and migrate, and the next version has them', async () => {
  await vi.waitFor(async () => expect(await matters()).toBe(4), { timeout: 15_000, interval: 200 });
  expect(JSON.parse(await status('--json')).findings).toContainEqual({
    ...{ finding: 'METHODS_LACKED', weight: 'warning', count: 2 },
    names: ['ListMatters', 'DecideMatter'],
  });
  const told =
    'operator-administration lacks methods of this version, which no officer can call: ListMatters, DecideMatter';
  expect(await status()).toContain(`! the agreement ${told}`);
  expect((await migrated()).stdout).toContain(`! the agreement ${told}`);
  expect(JSON.parse((await migrated('--json')).stdout)).toEqual({
    applied: [],
    lacked_methods: ['ListMatters', 'DecideMatter'],
  });

  const file = join(gateway.folder, 'next.json');
  const show = ['agreement', 'show', 'operator-administration', '--next', '--out', file, ...profile(0)];
  const shown = await runCaptured(show);
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining(`lienthong agreement propose ${file}`)]);
  const { digest } = JSON.parse((await runCaptured(['agreement', 'propose', file, '--json', ...profile(0)])).stdout);
  expect((await runCaptured(['proposal', 'approve', digest, '--yes', ...profile(1)])).code).toBe(0);
  await vi.waitFor(async () => expect(await matters()).toBe(0), { timeout: 15_000, interval: 200 });
  expect(await status('--json')).not.toContain('METHODS_LACKED');
  expect(JSON.parse((await migrated('--json')).stdout)).toEqual({ applied: [], lacked_methods: [] });
});

test('the next version of any other is a number above all that were approved, and says the same', async () => {
  const show = (...more: string[]) => runCaptured(['agreement', 'show', ...more, '--json', ...profile(0)]);
  const { agreement: now } = JSON.parse((await show('bhxh-insured-record')).stdout);
  const next = JSON.parse((await show('bhxh-insured-record', '--next')).stdout);
  expect(next).toMatchObject({ counts: false, agreement: { ...now, version: now.version + 1 } });
});
