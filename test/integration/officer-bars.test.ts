/** What one officer does alone at the command line: it bars what was meant, or nothing. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { fingerprintOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf } from '../support/gateway-agreements.ts';

let gateway: TestGateway;
let profile: readonly string[];
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
  profile = ['--profile', gateway.deployment.officers['dev-officer-1'] ?? ''];
});
afterAll(() => gateway?.stop());

const run = (...args: string[]) => runCaptured([...args, ...profile]);
const acts = async () => (await gateway.database.pool.query('SELECT FROM act')).rowCount;

test('certificates and keys are listed by the names that they are barred by', async () => {
  const { certificate, signingKey } = gateway.identity('viettel');
  const { stdout } = await run('agency', 'list');
  expect(stdout).toContain(fingerprintOf(certificate ?? ''));
  expect(stdout).toContain(signingKey.kid);
  expect((await run('officer', 'list')).stdout).toMatch(/dev-officer-1 {2}signing key {2}[\w-]{43} {2}open/);
  expect((await run('issuer', 'list', '--lang', 'vi')).stdout).toMatch(/vneid-dev {2}khóa ký {2}[\w-]{43}/);
});

test('a subject that is misspelt, or that no list names, is never signed', async () => {
  const before = await acts();
  const { id } = await agreementOf('viettel');
  const misspelt = [
    ['certificate', 'bar', 'abcd'],
    ['certificate', 'bar', 'a17052edd6255748'],
    ['key', 'bar', 'xyz123'],
    ['agency', 'bar', 'viettel:1'],
    ['agreement', 'revoke', `${id}:1`],
  ];
  for (const args of misspelt) {
    const { code, stderr } = await run(...args, '--unknown');
    expect([code, stderr], args.join(' ')).toEqual([2, expect.stringContaining('Nothing was signed')]);
  }
  const unknown = [
    ['certificate', 'bar', 'a'.repeat(64)],
    ['key', 'bar', `-${'A'.repeat(42)}`],
    ['agency', 'bar', 'vietel'],
    ['officer', 'bar', 'dev-officer-7'],
    ['issuer', 'bar', 'vneid'],
    ['agreement', 'revoke', id.slice(0, -1)],
  ];
  for (const args of unknown) {
    const { code, stderr } = await run(...args);
    expect([code, stderr], args.join(' ')).toEqual([2, expect.stringContaining('No list of the register names')]);
  }
  expect(await acts()).toBe(before);
  // A certificate that was lost before anybody enrolled it.
  expect(await run('certificate', 'bar', 'a'.repeat(64), '--unknown')).toMatchObject({ code: 0, stderr: '' });
});

test('a fingerprint as openssl prints it bars that certificate', async () => {
  const mobifone = gateway.raw('mobifone');
  const ask = () => mobifone.attempt(ServerService.method.getServerInfo, {});
  expect((await ask()).code).toBe(0);
  const fingerprint = fingerprintOf(mobifone.identity.certificate ?? '');
  const printed = fingerprint.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
  const { stdout } = await run('certificate', 'bar', printed);
  expect(stdout).toContain(`certificate ${fingerprint}`);
  await vi.waitFor(async () => expect((await ask()).code).not.toBe(0), { timeout: 2000 });
});
