import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTinyGateway, type TinyGateway } from '../../../connectors/kit/tiny-gateway.test-support.ts';
import { runCaptured } from '../testing/terminal.ts';

/** What a night job is told, whatever its run came to. */

const folder = mkdtempSync(join(tmpdir(), 'lt-hook-'));
const [file, told, out] = [join(folder, 'a.csv'), join(folder, 'told.jsonl'), join(folder, 'out.csv')];
const result = { verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], reasons: [], currentId: 0 } as const;
let gateway: TinyGateway;
beforeAll(async () => {
  gateway = await createTinyGateway(folder, () => ({ ...result, nameScore: undefined, score: undefined }));
  await gateway.start();
  writeFileSync(file, 'row_id,msisdn,id_number,full_name,date_of_birth\n1,09,901085000017,An,27/03/1985\n');
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => writeFileSync(told, ''));

async function verify(profile: string, ...args: string[]) {
  const hook = ['--on-done', `cat >> '${told}'`];
  const env = { PATH: process.env.PATH ?? '' };
  const { code } = await runCaptured(['telco', 'verify', file, '--out', out, '--profile', profile, ...hook, ...args], {
    env,
  });
  const lines = readFileSync(told, 'utf8').split('\n').slice(0, -1);
  return { code, ends: lines.map((line) => JSON.parse(line) as object) };
}

describe('--on-done', () => {
  test('is told of a run that is complete, once', async () => {
    const { code, ends } = await verify(gateway.profileFolder);
    expect([code, ends]).toMatchObject([0, [{ status: 'complete', exit_code: 0, rows: 1 }]]);
    expect(ends).toHaveLength(1);
  });

  test('is told of what is wrong before anything is read, once', async () => {
    const profile = gateway.profileFolder;
    const failed = (code: number, reason: string) => ({ code, ends: [{ status: 'failed', exit_code: code, reason }] });
    const told = async (...args: Parameters<typeof verify>) => {
      writeFileSync(join(folder, 'told.jsonl'), '');
      return verify(...args);
    };
    expect(await told(join(folder, 'none'))).toEqual(failed(3, 'PROFILE_MISSING'));
    const damaged = join(folder, 'damaged');
    mkdirSync(damaged);
    writeFileSync(join(damaged, 'config.json'), '{');
    expect(await told(damaged)).toEqual(failed(3, 'PROFILE_WRONG'));
    const keyless = { ...JSON.parse(readFileSync(join(profile, 'config.json'), 'utf8')), signing_key: 'file:no.jwk' };
    const copy = join(profile, '..', 'keyless');
    mkdirSync(copy);
    for (const member of ['ca', 'certificate', 'key', 'key_set_root'])
      keyless[member] = String(keyless[member]).replace(/^file:(?!\/)/, `file:${profile}/`);
    writeFileSync(join(copy, 'config.json'), JSON.stringify(keyless));
    expect(await told(copy)).toEqual(failed(3, 'PROFILE_FILE'));
    expect(await told(profile, '--mapping', join(folder, 'no.json'))).toEqual(failed(2, 'FILE_MISSING'));
    expect(await told(profile, '--changed-since', 'a'.repeat(32))).toEqual(failed(2, 'EARLIER_MISSING'));
    expect(await told(profile, '--out', folder)).toEqual(failed(2, 'OUTPUT_IS_FOLDER'));
    expect(await told(profile)).toEqual(failed(2, 'OUTPUT_COMPLETE'));
    expect(await told(profile, '--replace', '--sheet', 'A')).toEqual(failed(2, 'SHEET_MISSING'));
  });

  test('is told nothing of a dry run', async () => {
    expect(await verify(join(folder, 'none'), '--dry-run')).toEqual({ code: 3, ends: [] });
  });
});
