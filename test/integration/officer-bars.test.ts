/** What one officer does alone at the command line: it bars what was meant, or nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { fingerprintOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf } from '../support/gateway-agreements.ts';
import { withinLooks } from '../support/looks.ts';

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
    const { code, stderr } = await run(...args, '--unknown', '--yes');
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
    const { code, stderr } = await run(...args, '--yes');
    expect([code, stderr], args.join(' ')).toEqual([2, expect.stringContaining('No list of the register names')]);
  }
  expect(await acts()).toBe(before);
  // A certificate that was lost before anybody enrolled it.
  expect(await run('certificate', 'bar', 'a'.repeat(64), '--unknown', '--yes')).toMatchObject({ code: 0, stderr: '' });
});

test('a fingerprint as openssl prints it bars that certificate', async () => {
  const mobifone = gateway.raw('mobifone');
  const ask = () => mobifone.attempt(ServerService.method.getServerInfo, {});
  expect((await ask()).code).toBe(0);
  const fingerprint = fingerprintOf(mobifone.identity.certificate ?? '');
  const printed = fingerprint.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
  const { stdout } = await run('certificate', 'bar', printed, '--yes');
  expect(stdout).toContain(`certificate ${fingerprint}`);
  await withinLooks(async () => expect((await ask()).code).not.toBe(0));
});

test('what cannot be taken back is shown and asked about, or needs --yes, before anything is signed', async () => {
  const before = await acts();
  const { kid } = gateway.identity('vinaphone').signingKey;
  const { id } = await agreementOf('vinaphone');
  const alone = [
    ['agency', 'bar', 'vinaphone'],
    ['key', 'bar', kid],
    ['key', 'retire', kid, '--agency', 'vinaphone'],
    ['officer', 'bar', 'dev-officer-2'],
    ['issuer', 'retire', 'vneid-dev'],
    ['agreement', 'revoke', id],
    ['limit', 'lower', id, 'rows_per_day', '--to', '7'],
  ];
  for (const args of alone) {
    const { code, stderr } = await run(...args);
    expect([code, stderr], args.join(' ')).toEqual([2, expect.stringContaining('--yes')]);
  }
  const since = ['--compromised-from', '2026-01-01T00:00:00+07:00'];
  const asked = await runCaptured(['key', 'bar', kid, ...since, ...profile], { input: 'n\n', asked: true });
  expect([asked.code, asked.stderr]).toEqual([130, expect.stringContaining('dev-officer-1')]);
  for (const shown of [kid, 'vinaphone', '01/01/2026 00:00 +07:00', 'nobody can take it back', 'Nothing was signed.']) {
    expect(asked.stdout).toContain(shown);
  }
  expect(await acts()).toBe(before);
});

test('what one officer may not do alone any more is proposed by the same command, and another approves it', async () => {
  const { signingKey } = gateway.identity('vinaphone');
  const { id } = await agreementOf('vinaphone');
  for (const args of [
    ['key', 'bar', signingKey.kid, '--propose', '--json'],
    ['limit', 'lower', id, 'rows_per_day', '--to', '7', '--propose', '--json'],
  ]) {
    const { stdout, stderr } = await run(...args);
    expect([stderr, JSON.parse(stdout)]).toMatchObject(['', { state: 'PROPOSAL_STATE_OPEN' }]);
    const other = ['--profile', gateway.deployment.officers['dev-officer-2'] ?? ''];
    const { digest } = JSON.parse(stdout);
    expect(await runCaptured(['proposal', 'approve', digest, '--yes', ...other])).toMatchObject({ code: 0 });
  }
  expect((await run('agency', 'list')).stdout).toMatch(new RegExp(`${signingKey.kid}.* barred`));
});
