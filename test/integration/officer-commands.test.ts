/** The officers' commands against a whole gateway: an agency from its own keys to its first call, an agreement, a ceremony. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readBook } from '../../gateway/acts/read-acts.ts';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { checkAgreement } from '../../gateway/policy/check-agreement.ts';
import { loadDecryptionKey } from '../../gateway/signing/encryption-key.ts';
import { loadSigningKey } from '../../gateway/signing/key-store.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { createTestDatabase } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { agreementOf } from '../support/gateway-agreements.ts';
import { withinLooks } from '../support/looks.ts';

let gateway: TestGateway;
let folder: string;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
  folder = gateway.folder;
});
afterAll(() => gateway?.stop());

const officer = (n: 1 | 2) => ['--profile', gateway.deployment.officers[`dev-officer-${n}`] ?? ''];

async function run(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await runCaptured(args, { input });
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}
const json = async (args: readonly string[]) => JSON.parse(await run([...args, '--json']));

async function enrolled(of: 'agency' | 'officer' | 'issuer', code: string): Promise<string> {
  const out = join(folder, `new-${code}`);
  const about = ['--legal-entity', 'LE-CIVIL', '--name-vi', 'Hộ tịch', '--name-en', 'Civil status'];
  const deployment = ['--deployment', gateway.deployment.id];
  await run(['enroll', 'request', `--${of}`, code, ...deployment, ...(of === 'officer' ? [] : about), '--out', out]);
  await run(['dev', 'certify', join(out, 'request.json'), '--data', folder, '--out', join(out, 'cert.pem')]);
  return out;
}

test('an agency makes its keys, one officer proposes it, another sees the same and signs', async () => {
  const own = await enrolled('agency', 'civil-status');
  expect(readFileSync(join(own, 'request.csr'), 'utf8')).toBe(
    JSON.parse(readFileSync(join(own, 'request.json'), 'utf8')).csr,
  );
  expect(
    (
      await runCaptured([
        'enroll',
        'request',
        '--agency',
        'civil-status',
        '--deployment',
        'd',
        '--legal-entity',
        'L',
        '--name-vi',
        'x',
        '--name-en',
        'x',
        '--out',
        own,
      ])
    ).code,
  ).toBe(2);
  const request = readFileSync(join(own, 'request.json'), 'utf8');
  const signing = loadSigningKey(JSON.parse(readFileSync(join(own, 'signing.jwk.json'), 'utf8')));
  expect(request).not.toContain(JSON.parse(readFileSync(join(own, 'signing.jwk.json'), 'utf8')).d);

  const admit = ['agency', 'admit', join(own, 'request.json'), '--certificate', join(own, 'cert.pem')];
  const proposal = await json([...admit, ...officer(1)]);
  expect(proposal).toMatchObject({ act: 'agency.admit', subject: 'civil-status', state: 'PROPOSAL_STATE_OPEN' });
  expect(await run(['proposal', 'list', ...officer(2), '--lang', 'vi'])).toContain('chờ phê duyệt');
  const shown = await run(['proposal', 'show', proposal.digest.slice(0, 8), ...officer(2)]);
  expect(shown).toContain(signing.kid);
  expect(shown).toContain(loadDecryptionKey(JSON.parse(readFileSync(join(own, 'encryption.jwk.json'), 'utf8'))).kid);
  const mine = await runCaptured(['proposal', 'approve', proposal.digest, '--yes', ...officer(1)]);
  expect([mine.code, mine.stderr]).toEqual([4, expect.stringContaining('It takes another officer')]);
  const unasked = await runCaptured(['proposal', 'approve', proposal.digest, ...officer(2)]);
  expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
  const refused = await runCaptured(['proposal', 'approve', proposal.digest, ...officer(2)], {
    input: 'n\n',
    asked: true,
  });
  expect([refused.code, refused.stdout]).toEqual([130, expect.stringContaining('Nothing was signed.')]);
  await run(['proposal', 'approve', proposal.digest, '--yes', ...officer(2)]);

  // A key to encrypt to came with the request; a further one comes by itself.
  const encryption = loadDecryptionKey(JSON.parse(readFileSync(join(own, 'encryption.jwk.json'), 'utf8')));
  const next = join(own, 'next');
  const of = ['--agency', 'civil-status', '--deployment', gateway.deployment.id];
  const made = await json(['enroll', 'encryption-key', ...of, '--out', next]);
  expect((await runCaptured(['enroll', 'encryption-key', ...of, '--out', next])).code).toBe(2);
  const asked = readFileSync(join(next, 'encryption-request.json'), 'utf8');
  expect(asked).not.toContain(JSON.parse(readFileSync(join(next, 'encryption.jwk.json'), 'utf8')).d);
  const added = await json(['key', 'add', join(next, 'encryption-request.json'), ...officer(1)]);
  expect(added).toMatchObject({ act: 'encryption_key.add', subject: 'civil-status' });
  // What is compared over the telephone: the thumbprint, not the coordinates.
  expect(await run(['proposal', 'show', added.digest, ...officer(2)])).toContain(made.kid);
  await run(['proposal', 'approve', added.digest, '--yes', ...officer(2)]);
  const agencies: { code: string; legal_entity: string; keys: object[] }[] = await json([
    ...['agency', 'list', ...officer(1)],
  ]);
  expect(agencies.find(({ code }) => code === 'civil-status')).toMatchObject({
    legal_entity: 'LE-CIVIL',
    keys: [
      { kid: signing.kid, use: 'sig', state: 'active' },
      { kid: encryption.kid, use: 'enc', state: 'active' },
      { kid: made.kid, use: 'enc', state: 'active' },
    ],
  });
  const caller = gateway.raw({
    ...gateway.identity('moh'),
    ...{ agency: 'civil-status', signingKey: signing },
    certificate: readFileSync(join(own, 'cert.pem'), 'utf8'),
    key: readFileSync(join(own, 'key.pem'), 'utf8'),
  });
  const call = () =>
    caller.attempt(PersonService.method.getPerson, {
      personalId: '901085000017',
      readMask: { paths: ['full_name'] },
    });
  await withinLooks(async () => expect((await call()).reason).toBe('NOT_AGREED'));
  // Its own folder becomes its profile, by what it was handed: no development trust but what it names itself.
  const handed = (name: string) => join(folder, 'gateway', name);
  const finish = (root: string, ...more: string[]) =>
    runCaptured([
      ...['enroll', 'finish', own, '--address', `localhost:${gateway.port}`, '--ca', handed('ca.pem')],
      ...['--root', root, ...more],
    ]);
  const pinned = handed('key-set-root.public.jwk.json');
  const early = await finish(pinned);
  expect([early.code, early.stderr]).toEqual([4, expect.stringContaining('no agreement of it yet')]);
  const other = await finish(handed('policy-key.public.jwk.json'), '--purpose', 'registration');
  expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('key set')]);
  const done = await finish(pinned, '--purpose', 'registration', '--json');
  expect([done.stderr, JSON.parse(done.stdout)]).toMatchObject(['', { agency: 'civil-status', development: true }]);
  const explained = await runCaptured(['explain', '--fields', 'full_name', '--profile', own, '--json']);
  expect([explained.stderr, explained.code]).toEqual(['', 0]);
  // By name as well: the profile brings the contract along.
  expect(JSON.parse(readFileSync(join(own, 'config.json'), 'utf8')).descriptors).toBe('file:descriptors.binpb');
  const called = await runCaptured(['call', 'ServerService/GetServerInfo', '{}', '--profile', own]);
  expect([called.stderr, JSON.parse(called.stdout)]).toMatchObject(['', { agency: 'civil-status' }]);
  await run(['agency', 'bar', 'civil-status', '--yes', ...officer(1)]);
  await withinLooks(async () => expect((await call()).reason).toBe('REVOKED'));
});

test('an issuer is admitted by two officers, listed with its keys, and retired by one', async () => {
  const own = await enrolled('issuer', 'e-id');
  const asAgency = await runCaptured([
    'agency',
    'admit',
    join(own, 'request.json'),
    '--certificate',
    join(own, 'cert.pem'),
    ...officer(1),
  ]);
  expect([asAgency.code, asAgency.stderr]).toEqual([2, expect.stringContaining('it is of an issuer')]);
  const admit = ['issuer', 'admit', join(own, 'request.json'), '--key-until', '2030-01-01T00:00:00+07:00'];
  const proposal = await json([...admit, ...officer(1)]);
  expect(proposal).toMatchObject({ act: 'issuer.admit', subject: 'e-id', state: 'PROPOSAL_STATE_OPEN' });
  expect(await run(['proposal', 'show', proposal.digest, ...officer(2)])).toContain('01/01/2030 00:00 +07:00');
  await run(['proposal', 'approve', proposal.digest, '--yes', ...officer(2)]);
  const { kid } = loadSigningKey(JSON.parse(readFileSync(join(own, 'signing.jwk.json'), 'utf8')));
  expect(await json(['issuer', 'list', ...officer(2)])).toMatchObject([
    { code: 'e-id', state: 'active', keys: [{ kid, state: 'active', until: '1893430800' }] },
    // The development deployment's own, which came in the same way.
    { code: 'vneid-dev', state: 'active', keys: [{ kid: gateway.deployment.secrets.issuer.kid }] },
  ]);
  await run(['issuer', 'retire', 'e-id', '--yes', ...officer(2)]);
  expect(await run(['issuer', 'list', ...officer(1), '--lang', 'vi'])).toContain('đã thôi');
});

test('what an agreement changes is shown member by member before anybody signs', async () => {
  const now = await agreementOf('bank-demo');
  const file = join(folder, 'bank.json');
  const next = { ...now, version: now.version + 1, grants: { ...now.grants, existence: true } };
  writeFileSync(file, JSON.stringify(next));
  expect(await json(['agreement', 'diff', file, ...officer(1)])).toEqual({
    changes: [
      { member: 'grants.existence', before: 'false', after: 'true' },
      { member: 'version', before: '2', after: '3' },
    ],
  });
  const { digest } = await json(['agreement', 'propose', file, ...officer(1)]);
  const shown = await run(['proposal', 'show', digest, ...officer(2), '--lang', 'vi']);
  expect(shown).toMatch(/\* +│ grants\.existence.*false.*true/);
  // Also what stays as it is: that it does is the gateway's word, and the whole is signed.
  expect(shown).toMatch(/limits\.rows_per_day +│ = +│ [\d,]+/);
  expect(shown.replaceAll(/[\s│]/g, '')).toContain(now.methods[0]);
  await run(['proposal', 'approve', digest, '--yes', ...officer(2)]);
  const listed = await json(['agreement', 'list', '--agency', 'bank-demo', ...officer(1)]);
  const versions = listed.agreements.map(({ id, version }: { id: string; version: number }) => [id, version]);
  expect(versions).toContainEqual([now.id, 3]);
  expect(listed.ignored).toEqual([]);
  // The record of processing is of what counts now.
  const record = ['agreement', 'list', '--fields', '--agency', 'bank-demo', ...officer(1)];
  const { fields } = await json(record);
  const ofNow = fields.filter(({ agreement }: { agreement: string }) => agreement === now.id);
  expect(ofNow.map(({ field, version }: { field: string; version: number }) => [field, version])).toEqual([
    ['personal_id', 3],
    ['full_name', 3],
    ['date_of_birth', 3],
  ]);
  expect(await run([...record, '--lang', 'vi'])).toMatch(
    /^Cơ quan,Mục đích,.*\nbank-demo,account-opening,.*,personal_id,match,consent,/,
  );
  writeFileSync(file, JSON.stringify({ ...next, strictness: 'loose' }));
  const bad = await runCaptured(['agreement', 'propose', file, ...officer(1)]);
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('WRONG strictness')]);
});

test('a limit is raised by two for a time and lowered by one, and each is shown what it was', async () => {
  const limit = ['vinaphone-subscriber-verification', 'rows_per_day'];
  const until = ['--until', new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z/, 'Z')];
  const raise = ['limit', 'raise', ...limit, '--to', '80,000,000', ...until];
  const proposal = await json([...raise, ...officer(1)]);
  expect(proposal).toMatchObject({ act: 'limit.raise', subject: `${limit[0]}:2 rows_per_day` });
  const shown = await run(['proposal', 'show', proposal.digest, ...officer(2)]);
  expect(shown).toMatch(/limits\.rows_per_day\s+│\s+50,000,000\s+│\s+80,000,000/);
  await run(['proposal', 'approve', proposal.digest, '--yes', ...officer(2)]);
  const listed = async () => {
    const all: { agreement: string }[] = await json(['limit', 'list', '--agency', 'vinaphone', ...officer(1)]);
    return all.find(({ agreement }) => agreement === limit[0]);
  };
  const change = { limit: 'rows_per_day', agreed: '50000000' };
  expect(await listed()).toMatchObject({ version: 2, changed: [{ ...change, most: '80000000' }] });
  const status = ['status', '--config', gateway.deployment.configPath];
  const near = await runCaptured([...status, '--json']);
  expect(near.code).toBe(10);
  expect(JSON.parse(near.stdout)).toMatchObject({
    findings: expect.arrayContaining([{ finding: 'RAISE_ENDS', weight: 'warning', count: 1 }]),
    ends: expect.arrayContaining([
      expect.objectContaining({
        what: 'raised_limit',
        subject: `vinaphone ${limit[0]}:2 ${limit[1]}`,
        until: until[1],
      }),
    ]),
  });
  expect((await runCaptured([...status, '--lang', 'vi'])).stdout).toContain('hạn mức được nâng của vinaphone');
  const higher = await runCaptured(['limit', 'lower', ...limit, '--to', '90000000', '--yes', ...officer(2)]);
  expect([higher.code, higher.stderr]).toEqual([2, expect.stringContaining('less than 80000000')]);
  await json(['limit', 'lower', ...limit, '--to', '7', '--yes', ...officer(2)]);
  expect(await listed()).toMatchObject({ changed: [{ ...change, most: '7' }] });
  expect(await run(['limit', 'list', '--lang', 'vi', ...officer(1)])).toMatch(/│ phiên bản kế/);
  const unknown = await runCaptured(['limit', 'lower', limit[0] ?? '', 'shoes', '--to', '7', '--yes', ...officer(2)]);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('rows_per_job')]);
});

test('an agency is told what it would get, why not the rest, and what to ask for, without asking about anybody', async () => {
  const moh = ['--profile', gateway.deployment.profiles.moh ?? ''];
  const entries = async () => (await gateway.database.pool.query('SELECT FROM log_entry')).rowCount;
  const before = await entries();
  const fields = ['--fields', 'full_name,sex,ethnicity'];
  const answer = await json(['explain', ...fields, ...moh]);
  expect(answer).toMatchObject({
    allowed: true,
    reason: 'OK',
    agreement: 'moh-patient-record:2',
    demands: ['officer_code'],
  });
  const told = answer.fields.map((one: Record<string, unknown>) => [one.path, one.match, one.release, one.refused]);
  expect(told).toEqual([
    ['full_name', true, true, ''],
    ['sex', false, true, 'USE_NOT_IN_AGREEMENT'],
    ['ethnicity', false, false, 'FIELD_NOT_IN_AGREEMENT'],
  ]);
  const said = await run(['explain', ...fields, ...moh, '--lang', 'vi']);
  expect(said).toContain('không có trong thỏa thuận');
  // Word by word what a next version would have to say, and it is an agreement's form.
  const wanted = /"9":\{.*\}/.exec(said)?.[0] ?? '';
  const now = await agreementOf('moh');
  const next = { ...now, fields: { ...now.fields, ...JSON.parse(`{${wanted}}`) } };
  expect(checkAgreement(next)).toMatchObject({ ok: true });
  const none = await json(['explain', '--purpose', 'curiosity', ...moh]);
  expect(none).toMatchObject({ allowed: false, reason: 'NO_AGREEMENT', agreement: '', purposes: ['patient-record'] });
  expect(none.fields.every((one: { match: boolean; release: boolean }) => !one.match && !one.release)).toBe(true);
  expect(await run(['explain', '--method', 'a.B/C', ...moh])).toContain('does not cover this call');
  expect((await runCaptured(['explain', '--fields', 'shoe_size', ...moh])).code).toBe(2);
  expect(await entries()).toBe(before);
});

test('a proposal is rehearsed over recorded calls before anybody signs: which would change, and how', async () => {
  const moh = gateway.raw('moh');
  const { getPerson } = PersonService.method;
  const personalId = '901085000017';
  for (const paths of [['full_name'], ['full_name'], ['full_name', 'sex'], ['ethnicity']]) {
    await moh.attempt(getPerson, { personalId, readMask: { paths } });
  }
  const now = await agreementOf('moh');
  const { 4: _sex, ...fields } = now.fields;
  const file = join(folder, 'moh.json');
  const statute = { use: ['release'], basis: 'statute', article: 'Luật 91/2025, art. 19.1' };
  const next = {
    ...now,
    version: now.version + 1,
    fields: { ...fields, 9: statute },
    grants: { ...now.grants, notices: false },
  };
  writeFileSync(file, JSON.stringify(next));
  const told = await json(['agreement', 'rehearse', file, ...officer(1)]);
  expect(told).toMatchObject({ replayed: '4', same: '0', complete: true });
  const changes = told.changes.map((one: Record<string, unknown>) => [
    one.decisions,
    one.was,
    one.becomes,
    one.gained,
    one.lost,
  ]);
  expect(changes).toEqual(
    expect.arrayContaining([
      ['2', 'OK', 'OK', [], []],
      ['1', 'OK', 'FIELD_NOT_GRANTED', [], ['full_name release', 'sex release']],
      ['1', 'FIELD_NOT_GRANTED', 'OK', ['ethnicity release'], []],
    ]),
  );
  expect(told.changes.find((one: { decisions: string }) => one.decisions === '2').grants_lost).toEqual(['notices']);
  expect(await run(['agreement', 'rehearse', file, '--lang', 'vi', ...officer(2)])).toMatch(/ethnicity/);
  // Nothing of it came into force.
  expect((await moh.attempt(getPerson, { personalId, readMask: { paths: ['ethnicity'] } })).reason).toBe(
    'FIELD_NOT_GRANTED',
  );
});

test('an officer is created with the ID on standard input, which stands nowhere', async () => {
  const own = await enrolled('officer', 'officer-c');
  const create = ['officer', 'create', join(own, 'request.json'), '--certificate', join(own, 'cert.pem')];
  const more = [...create, '--roles', 'auditor,support', ...officer(1)];
  // A number that may be somebody's is not taken by a development deployment.
  expect((await runCaptured(more, { input: '001085000017\n' })).code).toBe(2);
  const said = await run([...more, '--json'], '900190000041\n');
  await run(['proposal', 'approve', JSON.parse(said).digest, '--yes', ...officer(2)]);
  const officers: { code: string; roles: string[] }[] = await json(['officer', 'list', ...officer(2)]);
  expect(officers.find(({ code }) => code === 'officer-c')).toMatchObject({
    ...{ roles: ['auditor', 'support'], not_with: ['dev-officer-1', 'dev-officer-2'], counts: true },
  });
  const { rows } = await gateway.database.pool.query<{ text: string }>(
    `SELECT encode(body, 'escape') AS text FROM act UNION ALL SELECT encode(entry, 'escape') FROM log_entry`,
  );
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter(({ text }) => text.includes('900190000041'))).toEqual([]);
  // The folder becomes a profile that says which officer it is, and is in order.
  const handed = (name: string) => join(folder, 'gateway', name);
  const trust = ['--ca', handed('ca.pem'), '--root', handed('key-set-root.public.jwk.json')];
  const finish = ['enroll', 'finish', own, '--address', `localhost:${gateway.port}`, ...trust];
  await vi.waitFor(() => run(finish), { timeout: 5000, interval: 200 });
  await run(['proposal', 'list', '--profile', own]);
  const { checks } = await json(['doctor', '--profile', own, '--out', folder]);
  const told = checks.filter(({ check }: { check: string }) => ['holder', 'contract', 'purpose'].includes(check));
  expect(told).toMatchObject([
    { check: 'holder', level: 'ok' },
    { check: 'contract', level: 'ok', code: 'CONTRACT_OK' },
    { check: 'purpose', level: 'ok', facts: { purpose: 'administration' } },
  ]);
  const config = JSON.parse(readFileSync(join(own, 'config.json'), 'utf8'));
  writeFileSync(join(own, 'config.json'), JSON.stringify({ ...config, context: {} }));
  const unnamed = await runCaptured(['proposal', 'list', '--profile', own]);
  expect([unnamed.code, unnamed.stderr]).toEqual([3, expect.stringContaining('which officer it is')]);
  const notOne = await runCaptured(['officer', 'list', '--profile', gateway.deployment.profiles.moh ?? '']);
  expect([notOne.code, notOne.stderr]).toEqual([3, expect.stringContaining('not of an officer')]);
});

test('a ceremony makes the first two officers of a fresh deployment, once, and stands in the log', async () => {
  const database = await createTestDatabase();
  try {
    const config = JSON.parse(readFileSync(gateway.deployment.configPath, 'utf8'));
    const path = join(folder, 'gateway', 'fresh.json');
    const folders = [await enrolled('officer', 'chief-a'), await enrolled('officer', 'chief-b')];
    const kidOf = (one: string) => JSON.parse(readFileSync(join(one, 'signing.jwk.json'), 'utf8')).kid as string;
    const write = (officers: readonly string[]) =>
      writeFileSync(
        path,
        JSON.stringify({
          ...{ ...config, officers, database: { url: 'env:FRESH_URL' } },
          log: { ...config.log, heads: 'file:fresh-heads' },
        }),
        { mode: 0o600 },
      );
    const about = ['--legal-entity', 'LE-C06', '--name-vi', 'Cục', '--name-en', 'Department'];
    const hold = (input: string, more: readonly string[] = []) =>
      runCaptured(['genesis', '--config', path, '--officer', ...folders, ...about, '--json', ...more], {
        ...{ input, env: { FRESH_URL: database.url } },
      });
    write(['x'.repeat(43), kidOf(folders[1] ?? '')]);
    const unpinned = await hold('900085000033\n900085000041\n');
    expect([unpinned.code, unpinned.stderr]).toEqual([2, expect.stringContaining(kidOf(folders[0] ?? ''))]);
    write(folders.map(kidOf));
    // Each mistake by its own name, in the language of whoever is there, and never with the number.
    for (const [typed, said] of [
      ['900085000033\n\n900085000041\n', 'Dòng 2 của đầu vào chuẩn trống'],
      ['900085000033\n', 'Dòng 2 của đầu vào chuẩn trống'],
      ['900085000033\n90008500004\n', 'không gồm đúng 12 chữ số'],
      ['001085000033\n900085000041\n', 'chỉ nhận số giả lập'],
      // One natural person is not two officers.
      ['900085000033\n900085000033\n', 'cần hai cán bộ'],
    ] as const) {
      const wrong = await hold(typed, ['--lang', 'vi']);
      expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining(said)]);
      for (const number of typed.split('\n')) if (number !== '') expect(wrong.stderr).not.toContain(number);
    }
    const held = await hold('900085000033\n900085000041\n');
    expect([held.code, JSON.parse(held.stdout).officers]).toEqual([0, ['chief-a', 'chief-b']]);
    const trust = { deployment: gateway.deployment.id, pinned: new Set(folders.map(kidOf)) };
    const book = await readBook(database.pool, trust);
    expect([...book.officers.keys(), book.refused]).toEqual(['chief-a', 'chief-b', []]);
    expect(book.operator).toMatchObject({ legal_entity: 'LE-C06' });
    expect((await database.pool.query('SELECT FROM log_entry')).rowCount).toBe(1);
    // By the head kept too: otherwise an empty database would pass for this one.
    expect(readFileSync(join(folder, 'gateway', 'fresh-heads'), 'utf8').split('\n')[1]).toBe('1');
    expect((await hold('900085000033\n900085000041\n')).code).toBe(4);
    // The same rows where the configuration names others: nobody.
    const others = await readBook(database.pool, { ...trust, pinned: new Set(['y'.repeat(43)]) });
    expect(others.refused).toMatchObject([{ problem: 'NOT_PINNED' }]);
    expect(others.operator).toBeUndefined();
  } finally {
    await database.drop();
  }
});
