import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { generateEncryptionJwk } from '../../gateway/signing/encryption-key.ts';
import { failure } from './failure.test-support.ts';
import { KitError } from './kit-error.ts';
import { checkProfileConfig, fileProblem, loadProfile, purposeOf } from './profile.ts';
import { createTinyGateway } from './tiny-gateway.test-support.ts';

let folder: string;
let profileFolder: string;
let config: Record<string, unknown>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lt-profile-'));
  const gateway = await createTinyGateway(folder, () => {
    throw new Error('not asked');
  });
  await gateway.start();
  await gateway.stop();
  profileFolder = gateway.profileFolder;
  config = JSON.parse(readFileSync(join(profileFolder, 'config.json'), 'utf8')) as Record<string, unknown>;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function load(changes: Record<string, unknown>, options: Parameters<typeof loadProfile>[1] = {}) {
  writeFileSync(join(profileFolder, 'config.json'), JSON.stringify({ ...config, ...changes }));
  return loadProfile(profileFolder, options);
}

async function refusal(promise: Promise<unknown>): Promise<KitError> {
  const error = await failure(promise);
  expect(error.exitCode).toBe(3);
  return error;
}

describe('a profile', () => {
  it('is loaded with its keys', async () => {
    const profile = await load({});
    expect(profile).toMatchObject({
      agency: 'viettel',
      deployment: 'test-deployment',
      context: { serviceCode: 'SIM-REG-01' },
    });
    expect(profile.stateFolder).toBe(join(profileFolder, 'state'));
  });

  it('keeps its state where it says: its own folder may be read-only', async () => {
    expect((await load({ state: 'file:/var/lib/moh' })).stateFolder).toBe('/var/lib/moh');
    expect((await load({ state: 'file:kept/here' })).stateFolder).toBe(join(profileFolder, 'kept/here'));
    // Doctor and "profile" look at the members without opening files.
    expect(() => checkProfileConfig({ ...config, state: 'env:STATE' })).toThrow(/state .*file:FOLDER/);
  });

  it('takes keys from the environment', async () => {
    const text = (name: string): string => readFileSync(join(profileFolder, name), 'utf8');
    const env = { KEY: text('key.pem'), SIGN: text('signing.jwk.json') };
    const profile = await load({ key: 'env:KEY', signing_key: 'env:SIGN' }, { env });
    expect(profile.signingKey.kid).toBe((await load({})).signingKey.kid);
    expect((await refusal(load({ key: 'env:NONE' }, { env }))).message).toContain('NONE');
  });

  it('takes them from the environment of the process where no other is given', async () => {
    vi.stubEnv('LT_TEST_CA', readFileSync(join(profileFolder, 'ca.pem'), 'utf8'));
    try {
      expect((await load({ ca: 'env:LT_TEST_CA' })).ca).toEqual((await load({})).ca);
      expect((await refusal(load({ ca: 'env:LT_TEST_CA' }, { env: {} }))).message).toContain('LT_TEST_CA');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('has the keys that answers are encrypted to, several or none, from files and the environment', async () => {
    expect((await load({})).decryptionKeys).toEqual([]);
    const [first, second] = [await generateEncryptionJwk(), await generateEncryptionJwk()];
    writeFileSync(join(profileFolder, 'encryption.jwk.json'), JSON.stringify(first), { mode: 0o600 });
    const env = { NEXT: JSON.stringify(second) };
    const { decryptionKeys } = await load({ encryption_keys: ['file:encryption.jwk.json', 'env:NEXT'] }, { env });
    expect(decryptionKeys.map(({ kid }) => kid)).toEqual([first.kid, second.kid]);
    // A key that signs is none of them.
    const signing = await refusal(load({ encryption_keys: ['file:signing.jwk.json'] }));
    expect(signing.message).toContain('encryption_keys[0]');
    chmodSync(join(profileFolder, 'encryption.jwk.json'), 0o640);
    expect((await refusal(load({ encryption_keys: ['file:encryption.jwk.json'] }))).message).toContain('chmod 600');
  });

  it.each([
    ['encryption_keys', 'file:encryption.jwk.json'],
    ['encryption_keys', ['encryption.jwk.json']],
    ['encryption_keys', Array.from({ length: 5 }, () => 'env:KEY')],
    ['version', 2],
    ['address', 'localhost'],
    ['agency', 'Viettel!'],
    ['deployment', ''],
    ['purposes', []],
    ['ca', 'ca.pem'],
    ['context', { service_code: 5 }],
    ['state', '/var/lib/moh'],
    ['log_origin', undefined],
  ])('names the member that is wrong: %s', async (member, value) => {
    expect((await refusal(load({ [member]: value }))).message).toContain(member);
  });

  it.each([
    ['certificate', 'file:nowhere.pem'],
    ['certificate', 'file:config.json'],
    ['ca', 'file:config.json'],
    ['key', 'file:ca.pem'],
    ['key_set_root', 'file:ca.pem'],
    ['signing_key', 'file:key-set-root.jwk.json'],
    ['signing_key', 'file:ca.pem'],
  ])('names the file that cannot be used: %s', async (member, uri) => {
    expect((await refusal(load({ [member]: uri }))).message).toContain(member);
  });

  it('repeats nothing of a key that is not readable', async () => {
    writeFileSync(join(profileFolder, 'broken.json'), '{"d":"SECRETSECRET"', { mode: 0o600 });
    const error = await refusal(load({ signing_key: 'file:broken.json' }));
    expect(`${error.message} ${String(error.cause)} ${error.stack}`).not.toContain('SECRET');
  });

  it.skipIf(process.platform === 'win32').each([
    ['signing_key', 'signing.jwk.json'],
    ['key', 'key.pem'],
  ])('refuses a %s that others may read', async (member, name) => {
    const path = join(profileFolder, name);
    chmodSync(path, 0o644);
    const error = await refusal(load({}));
    chmodSync(path, 0o600);
    expect(error).toMatchObject({ reason: 'PROFILE_FILE', facts: { member } });
    expect(error.message).toContain('chmod 600');
    expect(error.text('vi')).toContain(`người khác đọc được tệp khóa ${path}: hãy chạy chmod 600`);
    // For programs, which read no language.
    expect(error.facts.problem).toBe(`key file ${path} may be read by others: chmod 600 it`);
  });

  it('says of a file of somebody else that this user may not read it, and nothing of a wrong path', () => {
    const error = fileProblem('key', '/p/key.pem', Object.assign(new Error('no'), { code: 'EACCES' }));
    expect(error).toMatchObject({ reason: 'PROFILE_FILE', exitCode: 3, facts: { member: 'key' } });
    expect([error.text('en'), error.text('vi')]).toEqual([
      expect.stringContaining('this user may not read /p/key.pem'),
      expect.stringContaining('người dùng này không có quyền đọc /p/key.pem'),
    ]);
  });

  it('says when the certificate is not valid now', async () => {
    expect((await refusal(load({}, { now: new Date('2001-01-01') }))).reason).toBe('CERTIFICATE_EXPIRED');
  });

  it('says where it looked when there is none', async () => {
    expect((await refusal(loadProfile('/nowhere'))).message).toContain('/nowhere');
  });

  it('gives its first purpose, and refuses one that it has not', async () => {
    const profile = await load({});
    expect(purposeOf(profile)).toBe('subscriber-verification');
    expect(() => purposeOf(profile, 'curiosity')).toThrow(KitError);
  });
});
