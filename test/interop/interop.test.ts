/** The Python client against a real gateway. Needs the environment that `run.sh` makes; without it the tests are skipped, by name. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { generateSigningJwk, publicJwkOf } from '../../gateway/signing/key-store.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PYTHON = join(ROOT, '.cache', 'interop-venv', 'bin', 'python');
const VERIFY_LOG = join(import.meta.dirname, 'verify_log.py');
const SCRIPT = join(import.meta.dirname, 'verify_person.py');
const AN = ['901085000017', 'NGUYEN VAN AN', '27/03/1985'] as const;

it('the Python client has fewer than a hundred lines', () => {
  expect(readFileSync(SCRIPT, 'utf8').trimEnd().split('\n').length).toBeLessThan(100);
});

describe.skipIf(!existsSync(PYTHON))(
  'a Python client (needs .cache/interop-venv: test/interop/run.sh makes it)',
  () => {
    let gateway: TestGateway;
    beforeAll(async () => {
      gateway = await startTestGateway({ crowd: 0 });
    });
    afterAll(() => gateway?.stop());

    function run(folder: string, person: readonly string[] = AN) {
      const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT, folder, ...person], {
        encoding: 'utf8',
        timeout: 25_000,
      });
      return { status, stdout, stderr };
    }
    const profile = (agency: string) => gateway.deployment.profiles[agency] ?? '';
    /** A profile of the telco with one file changed. */
    function tampered(name: string, file: string, content: string): string {
      const folder = join(gateway.folder, name);
      cpSync(profile('viettel'), folder, { recursive: true });
      writeFileSync(join(folder, file), content);
      return folder;
    }

    it('signs, calls VerifyPerson, verifies the answer from the pinned root', () => {
      const { status, stdout, stderr } = run(profile('viettel'));
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ verdict: 'VERIFIED', leaf: expect.stringMatching(/^[\w-]{22}$/) });
    });

    it('tells a mismatch and a stranger apart, where its agency may', () => {
      expect(JSON.parse(run(profile('viettel'), [AN[0], 'Trần Quốc Toản', '1999-01-02']).stdout).verdict).toBe(
        'MISMATCH',
      );
      expect(JSON.parse(run(profile('viettel'), ['999999999999', AN[1], AN[2]]).stdout).verdict).toBe('NOT_FOUND');
      expect(JSON.parse(run(profile('bank-demo'), AN).stdout).verdict).toBe('NOT_CONFIRMED');
    });

    it('takes a refusal only signed: the right profile with a key that nobody enrolled', async () => {
      const folder = tampered('stranger', 'signing.jwk.json', JSON.stringify(await generateSigningJwk()));
      const { status, stdout } = run(folder);
      expect(status).toBe(4);
      expect(JSON.parse(stdout).refused).toBe('UNAUTHENTICATED');
    });

    it('refuses a gateway whose key set another root signed', async () => {
      const root = JSON.stringify(publicJwkOf(await generateSigningJwk()));
      const { status, stdout } = run(tampered('wrong-root', 'key-set-root.jwk.json', root));
      expect(status).not.toBe(0);
      expect(stdout).toBe('');
    });

    it('refuses a gateway of another authority', () => {
      const { status, stdout } = run(
        tampered('wrong-ca', 'ca.pem', readFileSync(join(profile('viettel'), 'cert.pem'), 'utf8')),
      );
      expect(status).not.toBe(0);
      expect(stdout).toBe('');
    });

    it('the verifier in Python believes a receipt, its witnesses and no edited cell of it', async () => {
      const csv = join(gateway.folder, 'subscribers.csv');
      const rows = [`r1,0901,${AN.join(',')}`, `"r,2",=1+2,${AN[0]},Trần Quốc Toản,1999-01-02`, 'r3,0903,x,,'];
      writeFileSync(csv, ['row_id,msisdn,id_number,full_name,date_of_birth', ...rows, ''].join('\n'));
      const results = join(gateway.folder, 'results.csv');
      const own = ['--profile', profile('viettel')];
      const ran = await runCaptured(['telco', 'verify', csv, '--out', results, ...own]);
      expect(ran.code, ran.stderr).toBe(0);
      await gateway.database.pool.query(`UPDATE offered_head SET offered_at = offered_at - interval '1 hour'`);
      for (const agency of ['moh', 'bhxh']) await runCaptured(['witness', '--once', '--profile', profile(agency)]);
      const shown = await runCaptured(['receipt', 'verify', results, '--witnesses', '2', ...own]);
      expect(shown.code, shown.stderr).toBe(0);

      const check = (needed: string) => {
        const trust = [profile('viettel'), '--witnesses', join(profile('viettel'), 'witnesses.json')];
        const args = [VERIFY_LOG, 'receipt', results, ...trust, '--needed', needed];
        return spawnSync(PYTHON, args, { encoding: 'utf8', timeout: 25_000 });
      };
      const sound = check('2');
      expect([sound.status, sound.stderr]).toEqual([0, '']);
      expect(JSON.parse(sound.stdout)).toMatchObject({ rows: 3, witnesses: [{}, {}] });
      expect(check('3').stderr).toContain('WITNESSES 2 of 3');
      const text = readFileSync(results, 'utf8');
      for (const [cell, edited] of [
        ['MISMATCH', 'VERIFIED'],
        ['0901', '0902'],
        ['r3', 'r4'],
      ] as const) {
        writeFileSync(results, text.replace(cell, edited));
        expect(check('0').stderr.trim(), cell).toBe('does not hold: ROWS of chunk 0');
      }
      writeFileSync(results, text.slice(0, text.trimEnd().lastIndexOf('\n') + 1));
      expect(check('0').stderr.trim()).toBe('does not hold: ROWS_MISSING');
    });

    it('run.sh does all of it by itself', () => {
      const done = spawnSync(join(import.meta.dirname, 'run.sh'), [gateway.folder, ...AN], {
        encoding: 'utf8',
        timeout: 60_000,
      });
      expect(done.stderr).toBe('');
      expect(done.status).toBe(0);
      expect(JSON.parse(done.stdout).verdict).toBe('VERIFIED');
    });
  },
);
