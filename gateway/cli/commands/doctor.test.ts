import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gatewayError } from '../../../connectors/kit/refusal.ts';
import { makeCertificates } from '../../../connectors/kit/tiny-certificates.test-support.ts';
import { createTinyGateway, type TinyGateway } from '../../../connectors/kit/tiny-gateway.test-support.ts';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import { refuse } from '../../errors/refuse.ts';
import { VOCABULARY_VERSION } from '../../fields/vocabulary.ts';
import { PROFILE } from '../../matching/index.ts';
import { generateSigningJwk, loadSigningKey } from '../../signing/key-store.ts';
import { ownVersion } from '../cli.ts';
import { type Finding, factsForPrograms, makeChecks } from '../doctor/finding.ts';
import { profileChecks } from '../doctor/profile-checks.ts';
import { textWidth } from '../layout.ts';
import { runCaptured } from '../testing/terminal.ts';
import { findingLines } from './doctor.ts';

let folder: string;
let gateway: TinyGateway;
let profile: string;
/** Listens, and ends whatever connects: no gateway. */
let stranger: Server;
const SAME = {
  version: await ownVersion(),
  vocabularyVersion: VOCABULARY_VERSION,
  profileVersion: `${PROFILE.id}:${PROFILE.version}`,
} as const;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lt-doctor-'));
  const result = { verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], reasons: [], currentId: 0 } as const;
  gateway = await createTinyGateway(folder, () => ({ ...result, nameScore: undefined, score: undefined }));
  await gateway.start();
  stranger = createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n')).listen(0, 'localhost');
  await new Promise((done) => stranger.once('listening', done));
});
afterAll(async () => {
  await gateway.stop();
  stranger.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  gateway.faults = { serverInfo: SAME };
  profile = mkdtempSync(join(folder, 'profile-'));
  cpSync(gateway.profileFolder, profile, { recursive: true });
});

const doctor = (...args: string[]) => runCaptured(['doctor', '--profile', profile, '--out', folder, ...args]);
const put = (name: string, text: string): void => writeFileSync(join(profile, name), text, { mode: 0o600 });
function configure(change: Record<string, unknown>): void {
  const config = JSON.parse(readFileSync(join(profile, 'config.json'), 'utf8')) as Record<string, unknown>;
  put('config.json', JSON.stringify({ ...config, ...change }));
}

type Told = {
  check: string;
  level: string;
  code: string;
  reason?: string;
  facts: Record<string, unknown>;
  text: { en: string; vi: string };
  next: { en: string; vi: string };
};
async function examine() {
  const { code, stdout } = await doctor('--json');
  const { checks } = JSON.parse(stdout) as { checks: Told[] };
  const at = (name: string) => checks.find(({ check }) => check === name);
  return { code, checks, at, level: (name: string) => at(name)?.level };
}

describe('a sound set-up', () => {
  test('passes with 0, and what ends soon is a warning', async () => {
    const { code, checks, at } = await examine();
    expect(code).toBe(0);
    expect(checks.filter(({ level }) => level !== 'ok').map(({ code: found }) => found)).toEqual(
      [
        ...['EXPIRY_7', 'TLS_NEAR'],
        // A machine that is short of space is a sound machine for this test.
        ...(at('disk')?.level === 'ok' ? [] : ['DISK_LOW']),
      ].toSorted((a, b) => Number(b === 'DISK_LOW') - Number(a === 'DISK_LOW')),
    );
    expect(at('log')?.code).toBe('LOG_UNSEEN');
    // No descriptors in the profile: this program's own contract stands in for them.
    expect(at('contract')).toMatchObject({ level: 'ok', code: 'CONTRACT_OWN' });
    expect(at('purpose')?.text.en).toBe('subscriber-verification: a signed call is answered.');
  });

  test.each(['en', 'vi'])('is told line by line in %s, within the width, with what to do', async (language) => {
    const { stdout } = await doctor('--lang', language);
    const lines = stdout.split('\n');
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(100);
    expect(lines.filter((line) => /^[✓!] /.test(line))).toHaveLength(24);
    expect(stdout).toContain(language === 'vi' ? '→ Đề nghị đơn vị vận hành' : '→ Ask the operator');
  });
});

describe('a broken profile', () => {
  test('that is not there leaves the checks of the machine', async () => {
    rmSync(profile, { recursive: true });
    const { code, checks, at } = await examine();
    expect([code, at('config')?.reason, at('node')?.level]).toEqual([3, 'PROFILE_MISSING', 'ok']);
    expect(checks.slice(3).every(({ level }) => level === 'skipped')).toBe(true);
  });

  test('that is a request still is told how it becomes one', async () => {
    rmSync(join(profile, 'config.json'));
    put('request.json', '{}');
    const { code, at } = await examine();
    expect([code, at('config')?.reason]).toEqual([3, 'PROFILE_UNFINISHED']);
    for (const next of Object.values(at('config')?.next ?? {}))
      expect(next).toContain(`enroll finish ${profile} --address`);
  });

  test('with a wrong member names it', async () => {
    configure({ address: 'localhost' });
    expect((await examine()).at('config')?.text.en).toContain('address');
    put('config.json', '{"version":1,"secret":"hunter2"');
    const { at } = await examine();
    expect(at('config')).toMatchObject({ level: 'failed', reason: 'PROFILE_WRONG' });
    expect(JSON.stringify(at('config'))).not.toContain('hunter2');
  });

  test('without its key still has certificate, validity and way looked at', async () => {
    rmSync(join(profile, 'key.pem'));
    const { code, level, at } = await examine();
    expect(code).toBe(3);
    // Whoever made the certificate cannot bring back what never left this machine.
    for (const next of Object.values(at('files')?.next ?? {})) expect(next).toContain('lienthong enroll request');
    for (const good of ['certificate', 'holder', 'signing-key', 'encryption-keys', 'root', 'name', 'reach'])
      expect(level(good)).toBe('ok');
    expect(['files', 'key', 'tls', 'server', 'purpose'].map(level)).toEqual([
      ...['failed', 'skipped', 'skipped', 'skipped', 'skipped'],
    ]);
  });

  test.each([
    ['key.pem', 'not a key', 'key', 'KEY_UNREADABLE'],
    ['cert.pem', 'not a certificate', 'certificate', 'CERTIFICATE_UNREADABLE'],
    ['signing.jwk.json', '{"kty":"EC","d":"hunter2"}', 'signing-key', 'SIGNING_WRONG'],
    ['key-set-root.jwk.json', '{}', 'root', 'ROOT_WRONG'],
  ])('with a broken %s', async (file, text, check, found) => {
    put(file, text);
    const { code, checks, at } = await examine();
    expect([code, at(check)?.code]).toEqual([3, found]);
    expect(JSON.stringify(checks)).not.toContain('hunter2');
  });

  test('with the key of another certificate, or one that others may read', async () => {
    const other = await makeCertificates('viettel');
    put('key.pem', other.clientKey);
    expect((await examine()).at('key')?.code).toBe('KEY_OTHER');
    put('key.pem', readFileSync(join(gateway.profileFolder, 'key.pem'), 'utf8'));
    chmodSync(join(profile, 'key.pem'), 0o644);
    const { code, at, level } = await examine();
    expect([code, at('files')?.level, at('files')?.code]).toEqual([3, 'failed', 'FILES_OPEN']);
    // The way is looked at all the same; what a command would do is not done.
    expect(['key', 'server', 'log', 'purpose'].map(level)).toEqual(['ok', 'ok', 'skipped', 'skipped']);
  });

  test.each([
    [0, 'warning', 'EXPIRY_7'],
    [2, 'failed', 'EXPIRED'],
    [-1, 'failed', 'NOT_YET_VALID'],
    [-0.0001, 'warning', 'EXPIRY_7'],
  ])('its validity %s days from now: %s', async (days, level, code) => {
    const now = () => new Date(Date.now() + days * 86_400_000);
    for await (const finding of makeChecks(profileChecks({}, { folder: profile, env: {}, now })))
      if (finding.check === 'expiry') expect([finding.level, finding.code]).toEqual([level, code]);
  });

  test('tells moments to people by Vietnamese time, to programs as they are', async () => {
    const { at } = await examine();
    for (const check of ['expiry', 'tls']) {
      const { facts, text } = at(check) as Told;
      const iso = String(facts.to ?? facts.until);
      expect(new Date(iso).toISOString()).toBe(iso);
      for (const said of Object.values(text)) expect(said).not.toContain(iso);
    }
    expect(at('expiry')?.text.vi).toMatch(/đến \d\d\/\d\d\/\d{4} \d\d:\d\d \+07:00/);
  });
});

describe('a way that leads nowhere', () => {
  test('by a name that is unknown, a port that is closed, or one that something else listens on', async () => {
    configure({ address: 'gateway.invalid:7443' });
    let found = await examine();
    expect([found.code, found.at('name')?.code, found.level('reach')]).toEqual([5, 'NAME_UNKNOWN', 'skipped']);
    configure({ address: 'localhost:1' });
    found = await examine();
    expect([found.code, found.at('reach')?.code, found.level('name')]).toEqual([5, 'REACH_REFUSED', 'ok']);
    const { port } = stranger.address() as { port: number };
    configure({ address: `localhost:${port}` });
    found = await examine();
    expect([found.code, found.at('tls')?.code, found.level('reach')]).toEqual([3, 'TLS_FAILED', 'ok']);
  });

  test('by another CA, another name, or a certificate that the gateway does not take', async () => {
    const other = await makeCertificates('viettel');
    put('ca.pem', other.ca);
    expect((await examine()).at('tls')?.code).toBe('TLS_UNTRUSTED');
    put('ca.pem', readFileSync(join(gateway.profileFolder, 'ca.pem'), 'utf8'));
    const config = JSON.parse(readFileSync(join(profile, 'config.json'), 'utf8')) as { address: string };
    configure({ address: config.address.replace('localhost', '127.0.0.1') });
    expect(['TLS_NAME', 'REACH_REFUSED']).toContain(
      ((await examine()).checks.find(({ level }) => level === 'failed') ?? { code: '' }).code,
    );
    configure({ address: config.address });
    put('cert.pem', other.client);
    put('key.pem', other.clientKey);
    const { code, at } = await examine();
    expect([code, at('tls')?.code]).toEqual([3, 'TLS_REFUSED']);
  });
});

describe('a gateway that says otherwise', () => {
  test.each([
    [{ agency: 'mobifone' }, 'identity', 'failed', 3],
    [{ deployment: 'another' }, 'identity', 'failed', 3],
    [{ version: '0.0.1' }, 'client-version', 'warning', 0],
    [{ vocabularyVersion: VOCABULARY_VERSION + 1 }, 'vocabulary', 'warning', 0],
    [{ profileVersion: 'lt-vn-9:1.0.0' }, 'matching-profile', 'warning', 0],
  ] as const)('%j', async (told, check, level, exit) => {
    gateway.faults.serverInfo = { ...SAME, ...told };
    const { code, level: of, at } = await examine();
    expect([of(check), code]).toEqual([level, exit]);
    // What follows of it for the next file is said of the matching rules alone.
    if (level === 'warning') expect(at(check)?.code === 'OTHER_RULES').toBe(check === 'matching-profile');
  });

  test.each([
    [0, 'ok', 'CLOCK_OK', 0],
    [-7.5, 'warning', 'CLOCK_AHEAD', 0],
    [-40, 'failed', 'CLOCK_AHEAD', 3],
    [45, 'warning', 'CLOCK_BEHIND', 0],
    [600, 'failed', 'CLOCK_BEHIND', 3],
  ])('its clock %d s from ours: %s', async (seconds, level, found, exit) => {
    gateway.faults.serverInfo = { ...SAME, serverTime: BigInt(Math.floor(Date.now() / 1000 + seconds)) };
    const { code, at } = await examine();
    expect([at('clock')?.level, at('clock')?.code, code]).toEqual([level, found, exit]);
  });

  test('its log set back since this profile saw it, though every call is answered', async () => {
    const entry = (fill: number) => Buffer.alloc(32, fill);
    gateway.log.push(entry(1), entry(2), entry(3));
    mkdirSync(join(profile, 'state'));
    put('state/log-head.json', JSON.stringify({ checkpoint: gateway.checkpointOf(3) }));
    let found = await examine();
    expect([found.code, found.at('log')?.code, found.level('purpose')]).toEqual([0, 'LOG_OK', 'ok']);
    const kept = readFileSync(join(profile, 'state/log-head.json'), 'utf8');
    gateway.log.splice(0, gateway.log.length, entry(1));
    found = await examine();
    expect([found.code, found.at('log')?.reason, found.level('purpose')]).toEqual([3, 'LOG_INCONSISTENT', 'ok']);
    expect(found.at('log')?.text.en).toContain('LOG_IS_SMALLER');
    for (const next of Object.values(found.at('log')?.next ?? {})) expect(next).toContain('state/log-head.json');
    expect(readFileSync(join(profile, 'state/log-head.json'), 'utf8')).toBe(kept);
  });

  test.each([
    ['agency', 'mobifone', 'viettel', 'ok'],
    ['deployment', 'another', 'test-deployment', 'failed'],
    ['log_origin', 'another/log', 'test-deployment/log/main', 'ok'],
  ])('than the profile of its %s, which is named once more where the key set is another’s', async (member, ours, theirs, keySet) => {
    configure({ [member]: ours });
    const { code, at, level } = await examine();
    expect([code, at('identity')?.facts, level('key-set')]).toEqual([3, { member, ours, theirs }, keySet]);
    expect(at('identity')?.next.vi).toContain('config.json');
    if (keySet === 'failed') expect(at('key-set')?.facts).toEqual({ member, ours, theirs });
  });

  test('what is told is repeated where it has the form of a name, and nothing else of it', async () => {
    gateway.faults.serverInfo = { ...SAME, deployment: 'no name; of any kind' };
    expect((await examine()).at('identity')?.facts).toMatchObject({ member: 'deployment', theirs: '?' });
  });

  test.each([
    ['viettel', 'CALLER_UNKNOWN', /^Use the certificate .* "lienthong status/, /đơn vị vận hành xem/],
    [
      'operator',
      'OFFICER_UNKNOWN',
      /^Whoever runs the gateway .* "officers" of its config/,
      /"officers" trong cấu hình/,
    ],
  ])('that it knows nobody by the certificate of %s: whose config may be wrong as well', async (agency, found, en, vi) => {
    configure({ agency });
    gateway.faults.callerUnknown = true;
    const { code, at } = await examine();
    expect([code, at('server')?.code, at('server')?.reason]).toEqual([3, found, 'CERTIFICATE_UNKNOWN']);
    expect(at('server')?.next).toEqual({ en: expect.stringMatching(en), vi: expect.stringMatching(vi) });
  });

  test('its keys under another root, or a purpose that it refuses, in its own words', async () => {
    put('key-set-root.jwk.json', JSON.stringify(loadSigningKey(await generateSigningJwk()).publicJwk));
    let found = await examine();
    expect([found.code, found.at('key-set')?.code, found.level('purpose')]).toEqual([
      ...[3, 'KEY_SET_UNTRUSTED', 'skipped'],
    ]);
    put('key-set-root.jwk.json', readFileSync(join(gateway.profileFolder, 'key-set-root.jwk.json'), 'utf8'));
    gateway.faults.refuse = () => ({ reason: ErrorReason.NOT_AGREED, signed: true });
    found = await examine();
    expect([found.code, found.at('purpose')?.reason]).toEqual([4, 'NOT_AGREED']);
    expect(found.at('purpose')?.text.vi).toMatch(/^subscriber-verification: /);
  });
});

test('what a refusal names in its details stands in the line that sends to them', () => {
  const violations = [{ field: 'context.unit_code', rule: 'REQUIRED' } as const];
  const { code, message: text, details } = refuse(ErrorReason.CONTEXT_MISSING, { violations });
  const answer = { code, text, details: Buffer.from(details), message: undefined, signature: undefined };
  const error = gatewayError(answer, 'localhost:7443');
  const finding = {
    check: 'purpose',
    level: 'failed',
    code: 'PURPOSE_SAYS',
    facts: { purpose: 'tax' },
    error,
  } as const;
  expect(findingLines(finding, 'en', 200)[0]).toContain('is missing. context.unit_code: must be present.');
  expect(findingLines(finding, 'vi', 200)[0]).toContain('context.unit_code: ');
});

test('numbers are grouped for people, in each language its own way, and stay numbers for programs', () => {
  const facts = { kept: 999, size: 1042 };
  const finding: Finding = { check: 'log', level: 'ok', code: 'LOG_OK', facts };
  expect(findingLines(finding, 'en', 100).join()).toContain('999 entries then, 1,042 now');
  expect(findingLines(finding, 'vi', 100).join()).toContain('nay 1.042 bản ghi');
  expect(factsForPrograms(facts)).toEqual(facts);
});

test('a folder that is not there, and a check that throws, keep nothing else back', async () => {
  const { code, stdout } = await runCaptured(['doctor', '--profile', profile, '--out', join(folder, 'none'), '--json']);
  const { checks } = JSON.parse(stdout) as { checks: Told[] };
  expect([code, checks[1]?.code, checks.at(-1)?.level]).toEqual([2, 'DISK_UNWRITABLE', 'ok']);
  const names: string[] = [];
  const skipped: Finding[] = [];
  const checksMade = [
    { name: 'name' as const, needs: [], run: () => Promise.reject(new TypeError('x')) },
    {
      name: 'reach' as const,
      needs: ['name' as const],
      run: () => ({ level: 'ok' as const, code: 'ROOT_OK' as const, facts: {} }),
    },
    { name: 'root' as const, needs: [], run: () => ({ level: 'ok' as const, code: 'ROOT_OK' as const, facts: {} }) },
  ];
  for await (const finding of makeChecks(checksMade)) {
    names.push(`${finding.check} ${finding.code}`);
    if (finding.level === 'skipped') skipped.push(finding);
  }
  expect(names).toEqual(['name FAULT', 'reach SKIPPED', 'root ROOT_OK']);
  // What it needs is called as that check is called above it.
  const said = (language: 'en' | 'vi') => skipped.flatMap((finding) => findingLines(finding, language, 100)).join();
  expect([said('vi'), said('en')]).toEqual([
    expect.stringContaining('vì cần: Tên miền'),
    expect.stringContaining('it needs: Name'),
  ]);
  expect(skipped.map(({ facts }) => factsForPrograms(facts))).toEqual([{ needs: 'name' }]);
});
