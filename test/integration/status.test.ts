/** `lienthong status` against a deployment that runs, that needs somebody, and that is down. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { createOwnCluster } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { attach } from '../support/gateway-jobs.ts';
import { testPort } from '../support/ports.ts';

let gateway: TestGateway;
beforeAll(async () => {
  // Durable: a server that may lose what was committed is a finding.
  gateway = await startTestGateway({ database: await createOwnCluster(), crowd: 0, config: { metrics: { port: 0 } } });
  const { stream } = await attach(gateway.raw('viettel'));
  stream.close();
  await stream.ended;
});
afterAll(() => gateway?.stop());

const metrics = () => ['--metrics', `http://127.0.0.1:${gateway.process.metricsPort}/metrics`];
const status = (...more: string[]) => runCaptured(['status', '--config', gateway.deployment.configPath, ...more]);
const findingsOf = (stdout: string) =>
  (JSON.parse(stdout) as { findings: { finding: string }[] }).findings.map(({ finding }) => finding);

it('retention show counts what is beyond its time, and says of what it does not', async () => {
  const show = (...more: string[]) =>
    runCaptured(['retention', 'show', '--config', gateway.deployment.configPath, ...more]);
  const { kinds } = JSON.parse((await show('--json')).stdout) as { kinds: { kind: string; beyond: number | null }[] };
  const beyond = Object.fromEntries(kinds.map(({ kind, beyond: n }) => [kind, n]));
  expect(beyond).toMatchObject({ call_answer: 0, log_people: 0, guesses: null, subjects: null, register: 0 });
  expect((await show()).stdout).toMatch(/guesses .* 30 days +│ +– │/);
});

describe('status', () => {
  it('of a deployment that runs says so with 0, its figures and what its metrics add', async () => {
    // The second after the last commit has passed when the head is kept.
    await expect.poll(async () => (await status('--json', ...metrics())).code, { timeout: 10_000 }).toBe(0);
    const { stdout } = await status('--json', ...metrics());
    expect(JSON.parse(stdout)).toMatchObject({
      deployment: gateway.deployment.id,
      findings: [],
      migrations_pending: [],
      jobs: { OPEN: 1 },
      officers: 2,
      log: { state: 'sound', entries: expect.any(Number), head_kept_at: expect.stringMatching(/Z$/) },
      workers: [{ epoch: 1, live: true }],
      gateway: { state: 'serving' },
      ends: expect.arrayContaining([
        expect.objectContaining({ what: 'server_certificate' }),
        expect.objectContaining({ what: 'agreement', subject: expect.stringContaining('viettel-subscriber') }),
      ]),
    });
    // So many entries as the head kept has: what came after it could be set back unseen.
    const { log } = JSON.parse(stdout) as { log: Record<'entries' | 'head_kept_entries', number> };
    expect(log.entries).toBeGreaterThan(0);
    const behind = async () => {
      const { entries, head_kept_entries: kept } = JSON.parse((await status('--json')).stdout).log as typeof log;
      return entries - kept;
    };
    await expect.poll(behind, { timeout: 10_000 }).toBe(0);
    const shown = await status();
    expect(shown.stdout).toContain(`${log.entries} entries, a head of ${log.entries} kept`);
    expect([shown.code, shown.stdout.split('\n')[0]]).toEqual([
      0,
      `✓ Deployment ${gateway.deployment.id}: nothing needs anybody.`,
    ]);
    expect((await status('--lang', 'vi')).stdout).toContain('Số cổng còn giữ quyền chạy');
  });

  it('warns with 10 of what ends soon, of paused jobs, and of metrics that are away', async () => {
    const { pool } = gateway.database;
    await pool.query("UPDATE agency_certificate SET not_after = now() + interval '10 days' WHERE agency = 'moh'");
    await pool.query('UPDATE job SET state = 2');
    await pool.query(`WITH u AS (INSERT INTO consent_use (recipient, purpose) VALUES ('moh', 'patient-record') RETURNING use_no),
      s AS (INSERT INTO consent_scope (person_no, use_no) SELECT 1, use_no FROM u RETURNING scope_no),
      m AS (INSERT INTO consent_matter (receipt_id, request_digest, kind, scope_no, consent_nos, revision, entry_id, recorded_at)
        SELECT '\\x01', '\\x02', 3, scope_no, '{}', 1, '\\x03', now() - interval '16 days' FROM s RETURNING *),
      a AS (INSERT INTO consent_acknowledgement (receipt_id, entry_id) SELECT receipt_id, '\\x04' FROM m)
      INSERT INTO matter_open (receipt_id, scope_no, kind, recorded_at) SELECT receipt_id, scope_no, kind, recorded_at FROM m`);
    const { code, stdout } = await status('--json', '--metrics', 'http://127.0.0.1:1/metrics');
    expect([code, findingsOf(stdout)]).toEqual([
      10,
      ['AGENCY_CERTIFICATE_ENDS', 'JOBS_PAUSED', 'MATTERS_OVERDUE', 'METRICS_AWAY'],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ matters: { objection: { overdue: 1, soon: 0, later: 0 } } });
    // Of a gateway that nobody finds at home more is known.
    const gone = await status('--json', '--metrics', `http://127.0.0.1:${await testPort()}/metrics`);
    expect([gone.code, findingsOf(gone.stdout)]).toEqual([5, expect.arrayContaining(['GATEWAY_GONE'])]);
    const people = await status();
    expect(people.stdout).toContain('! 1 certificates of agencies end within 30 days');
    expect(people.stdout).toMatch(/Persons' matters overdue.*1 · 0 · 0, the first by/s);
    expect(people.stdout).toMatch(/certificate of moh [0-9a-f]{16} .* 9 /);
  });

  it('counts what officers have to decide, and warns before it expires undecided', async () => {
    const { pool } = gateway.database;
    await pool.query(`INSERT INTO act (digest, kind, body, officer, signature, at) SELECT 'p' || days, 'act', '{}', 'a', 's',
      now() - make_interval(days => days) FROM unnest(ARRAY[1, 2, 12, 15, 13]) AS days`);
    await pool.query("INSERT INTO act_decision (digest, outcome, officer) VALUES ('p13', 'rejected', 'b')");
    const { code, stdout } = await status('--json');
    expect([code, findingsOf(stdout)]).toEqual([10, expect.arrayContaining(['PROPOSALS_END'])]);
    expect(JSON.parse(stdout)).toMatchObject({ proposals: { open: 3, soon: 1 } });
    const people = (await status()).stdout;
    expect(people).toContain('! 1 proposals of officers end within 3 days');
    expect(people).toMatch(/Proposals open · end within 3 days +│ 3 · 1/);
  });

  it('warns where people consented and nobody is left who may sign for them', async () => {
    expect(JSON.parse((await status('--json')).stdout)).toMatchObject({ issuers: 1 });
    const officer = ['--profile', gateway.deployment.officers['dev-officer-1'] ?? ''];
    expect((await runCaptured(['issuer', 'retire', 'vneid-dev', '--yes', ...officer])).code).toBe(0);
    expect(findingsOf((await status('--json')).stdout)).not.toContain('ISSUERS_NONE');
    await gateway.database.pool.query(`INSERT INTO consent (consent_id, scope_no, field_ids, vocabulary_version, valid_from, expires_at,
      use_quota, issuer, issued_at, entry_id, artefact) SELECT '\\x01', scope_no, '{}', 1, 0, 1, 0, 'vneid-dev', 0, '', '' FROM consent_scope`);
    expect(findingsOf((await status('--json')).stdout)).toContain('ISSUERS_NONE');
    expect((await status()).stdout).toContain(
      '! people have consented, and nobody counts who may sign on their behalf',
    );
  });

  it('sees what the database server writes into its log, and how much an append has to read', async () => {
    const { pool } = gateway.database;
    await pool.query('ALTER DATABASE lienthong SET log_min_messages = warning');
    // As under a snapshot that is held for long: versions that nobody may forget, and the last one as it was.
    await pool.query(`DO $$ DECLARE was bytea; BEGIN
      SELECT frontier INTO was FROM log_head FOR UPDATE;
      FOR i IN 1..1200 LOOP
        UPDATE log_head SET frontier = (SELECT string_agg(decode(md5(random()::text || g), 'hex'), '') FROM generate_series(1, 118) g);
      END LOOP;
      UPDATE log_head SET frontier = was;
    END $$`);
    const { stdout } = await status('--json');
    expect(JSON.parse(stdout)).toMatchObject({ quoting_settings: ['log_min_messages'], log: { state: 'sound' } });
    expect(findingsOf(stdout)).toContain('HEAD_SWOLLEN');
    await pool.query('ALTER DATABASE lienthong RESET log_min_messages');
    await pool.query('VACUUM FULL log_head');
    const after = await status('--json');
    expect(JSON.parse(after.stdout)).toMatchObject({ quoting_settings: [] });
    expect(findingsOf(after.stdout)).not.toContain('HEAD_SWOLLEN');
  });

  it('says 5 where no gateway runs, and where the log is not the one that was kept', async () => {
    await gateway.process.stop();
    const down = await status('--json');
    expect([down.code, findingsOf(down.stdout)[0]]).toEqual([5, 'NO_WORKER']);
    await gateway.database.pool.query('UPDATE log_head SET size = size - 1');
    const rolled = await status('--json');
    expect([rolled.code, findingsOf(rolled.stdout).slice(0, 2)]).toEqual([5, ['LOG_SMALLER', 'NO_WORKER']]);
  });

  it('of a schema that is behind says what is missing and nothing else', async () => {
    await gateway.database.pool.query('DELETE FROM schema_migration WHERE name LIKE $1', ['0004%']);
    const { code, stdout } = await status('--json');
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toEqual({
      deployment: gateway.deployment.id,
      findings: [{ finding: 'MIGRATIONS_PENDING', weight: 'critical', count: 1 }],
      migrations_pending: [expect.stringContaining('0004')],
    });
  });
});
