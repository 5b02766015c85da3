/** `audit exposure` against a whole gateway: what an operator is told within the hour, and what stays of the look. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { PEOPLE } from '../support/gateway-people.ts';

const { getPerson } = PersonService.method;
const SINCE = ['--since', '2026-01-01T00:00:00+07:00'];
const ASKED = [PEOPLE.an.id, PEOPLE.renumbered.id];

let gateway: TestGateway;
let kid: string;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
  const moh = gateway.raw('moh');
  kid = moh.identity.signingKey.kid;
  const ask = (id: number, ...paths: string[]) =>
    moh.attempt(getPerson, { personalId: String(id), readMask: { paths } });
  for (const id of [...ASKED, PEOPLE.an.id]) expect((await ask(id, 'full_name', 'sex')).code).toBe(0);
  expect((await ask(PEOPLE.missing.id, 'full_name', 'ethnicity')).code).not.toBe(0);
  moh.close();
});
afterAll(() => gateway?.stop());

const exposure = (...args: string[]) =>
  runCaptured(['audit', 'exposure', ...args, '--config', gateway.deployment.configPath]);
/** What the log has of looks like these. */
async function looks(): Promise<{ people: number; key: string }[]> {
  const { rows } = await gateway.database.pool.query<{ entry: Buffer }>(
    'SELECT e.entry FROM log_index i JOIN log_entry e USING (entry_id) ORDER BY i.idx',
  );
  return rows
    .map(({ entry }) => fromBinary(EntrySchema, entry))
    .filter(({ kind }) => kind === EntryKind.EXPOSURE)
    .map(({ rows: people, requestDigest }) => ({ people, key: Buffer.from(requestDigest).toString('base64url') }));
}

test('says how many people, which fields, and for what, and names nobody', async () => {
  const { code, stdout } = await exposure('--key', kid, ...SINCE, '--json');
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({
      ...{ key: kid, agencies: ['moh'], entries: 4, answers: 3, refused: 1, unreadable: 0, delayed: 0, until: null },
      ...{ people: 2, people_told: 2, uses: 3, file: null, first: expect.any(String), last: expect.any(String) },
      released: ['full_name', 'sex'].map((path) => ({ path, sensitive: false, answers: 3 })),
      methods: [{ method: '/lienthong.person.v1.PersonService/GetPerson', purpose: expect.any(String), answers: 3 }],
    }),
  ]);
  const [english, vietnamese] = [
    await exposure('--key', kid, ...SINCE),
    await exposure('--key', kid, ...SINCE, '--lang', 'vi'),
  ];
  expect(english.stdout).toMatch(/4 entries of moh .* 3 answers, 1 refused\n/);
  expect(english.stdout).toContain('compared: 2; of 2 of them values left. Uses: 3');
  expect(english.stdout).toContain('may still be used: lienthong key bar');
  expect(vietnamese.stdout).toContain('Khóa chưa được báo là bị lộ');
  for (const id of ASKED) expect(english.stdout + stdout).not.toContain(String(id));
  expect(await looks()).toEqual(Array(3).fill({ people: 0, key: kid }));
});

test('writes the numbers into a new file of its owner only, and the log has that before', async () => {
  const before = await looks();
  const out = join(gateway.folder, 'people.csv');
  const { code, stdout } = await exposure('--key', kid, ...SINCE, '--out', out);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`✓ ${out}: the numbers of 2 people`)]);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const [head, ...lines] = readFileSync(out, 'utf8').trimEnd().split('\n');
  expect(head).toBe('personal_id,first,last,uses,told,not_before');
  const moment = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
  expect(lines.sort()).toEqual(
    ASKED.map((id, at) =>
      expect.stringMatching(new RegExp(`^${id},${moment},${moment},${at === 0 ? 2 : 1},yes,$`)),
    ).sort(),
  );
  expect(await looks()).toEqual([...before, { people: 2, key: kid }]);
  expect((await runCaptured(['audit', 'verify', '--config', gateway.deployment.configPath])).code).toBe(0);
});

test('overwrites nothing, leaves no file where it fails, and no entry where it looked at nothing', async () => {
  const before = await looks();
  const out = join(gateway.folder, 'kept.csv');
  writeFileSync(out, 'kept');
  const there = await exposure('--key', kid, ...SINCE, '--out', out);
  expect([there.code, there.stderr]).toEqual([2, expect.stringContaining('is there already')]);
  expect(readFileSync(out, 'utf8')).toBe('kept');
  const nowhere = await exposure('--key', kid, ...SINCE, '--out', join(out, 'x'));
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('Cannot write')]);
  const unknown = await exposure('--key', `-${kid.slice(1)}`, ...SINCE);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('ever had the key')]);

  const stopped = join(gateway.folder, 'stopped.csv');
  const args = ['audit', 'exposure', '--key', kid, ...SINCE, '--out', stopped];
  const interrupted = await runCaptured([...args, '--config', gateway.deployment.configPath], {
    signal: AbortSignal.abort(),
  });
  expect([interrupted.code, existsSync(stopped)]).toEqual([130, false]);
  expect(await looks()).toEqual(before);
});

test('where the numbers cannot be read there is no file, and the log knows of the look all the same', async () => {
  const before = await looks();
  const out = join(gateway.folder, 'lost.csv');
  await gateway.database.pool.query('ALTER TABLE person RENAME COLUMN personal_id TO elsewhere');
  const { code } = await exposure('--key', kid, ...SINCE, '--out', out);
  await gateway.database.pool.query('ALTER TABLE person RENAME COLUMN elsewhere TO personal_id');
  expect([code, existsSync(out)]).toEqual([5, false]);
  expect(await looks()).toEqual([...before, { people: 2, key: kid }]);
});

test('says of a bar that reaches further back what is not counted', async () => {
  const officer = ['--profile', gateway.deployment.officers['dev-officer-1'] ?? ''];
  const from = ['--compromised-from', '2025-12-01T00:00:00+07:00'];
  expect((await runCaptured(['key', 'bar', kid, ...from, '--yes', ...officer])).code).toBe(0);
  await expect
    .poll(async () => (await exposure('--key', kid, ...SINCE)).stdout, { timeout: 10_000 })
    .toContain('! The key was barred as lost since 01/12/2025 00:00 +07:00');
  const all = await exposure('--key', kid, '--since', '2025-12-01T00:00:00+07:00');
  expect([all.code, all.stdout.includes('!')]).toEqual([0, false]);
});

test('what cannot be opened ends it as a log that is not sound, and what could be is told and written', async () => {
  const out = join(gateway.folder, 'less.csv');
  // The second time that An was asked about.
  await gateway.database.pool.query(
    `UPDATE log_entry SET persons = '\\x00' WHERE entry_id = (
       SELECT entry_id FROM log_index JOIN log_entry USING (entry_id)
       WHERE agency = 'moh' AND persons IS NOT NULL ORDER BY idx OFFSET 2 LIMIT 1)`,
  );
  const { code, stdout, stderr } = await exposure('--key', kid, ...SINCE, '--out', out, '--json');
  expect([code, stderr]).toEqual([3, expect.stringContaining('The log is not sound: 1 findings')]);
  expect(JSON.parse(stdout)).toMatchObject({ unreadable: 1, people: 2, uses: 2, file: { named: 2 } });
  expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toHaveLength(3);
});
