/** A whole gateway whose kept head is gone: it discloses nothing until an operator has accepted the log by a command. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const { verifyPerson } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
});
afterAll(() => gateway?.stop());

const audit = (command: 'verify' | 'keep-head', ...more: string[]) =>
  runCaptured(['audit', command, '--config', gateway.deployment.configPath, ...more]);

test('a log that is not empty and of which no head is kept is not served until it is accepted', async () => {
  const kept = join(gateway.folder, 'gateway', 'heads');
  // A new log needs nothing: the gateway started on it, and kept its head before the first call.
  expect(readFileSync(kept, 'utf8').split('\n')[1]).toBe('0');
  await gateway.raw('viettel').call(verifyPerson, AN);
  await gateway.process.stop();
  expect(await audit('verify')).toMatchObject({ code: 0 });
  rmSync(kept);

  await expect(gateway.restart()).rejects.toThrow(/log\.heads.*audit keep-head/);
  const unkept = await audit('verify', '--lang', 'vi');
  expect(unkept).toMatchObject({ code: 3, stdout: expect.stringContaining('không có mốc nào của nhật ký') });

  // An operator cannot accept by mistake what is not a whole log.
  const { pool } = gateway.database;
  await pool.query('UPDATE log_entry SET entry = set_byte(entry, 40, get_byte(entry, 40) # 1)');
  expect(await audit('keep-head')).toMatchObject({ code: 3, stdout: expect.stringContaining('not what was hashed') });
  await pool.query('UPDATE log_entry SET entry = set_byte(entry, 40, get_byte(entry, 40) # 1)');
  expect(existsSync(kept)).toBe(false);

  expect(await audit('keep-head')).toMatchObject({ code: 0, stdout: expect.stringContaining('1 entries') });
  expect(await audit('keep-head')).toMatchObject({ code: 0, stdout: expect.stringContaining('kept already') });
  await gateway.restart();
  expect((await gateway.raw('viettel').call(verifyPerson, AN)).outcome.code).toBe(0);
});

test('a head that was damaged is not taken for none: everything says what to do, and it is put aside by hand', async () => {
  const kept = join(gateway.folder, 'gateway', 'heads');
  await gateway.process.stop();
  writeFileSync(kept, '');
  await expect(gateway.restart()).rejects.toThrow(/log\.heads.*SHAPE at note.*put it aside.*audit keep-head/);
  for (const command of [
    ['audit', 'keep-head'],
    ['audit', 'verify'],
    ['status'],
    ['backup', '--out', `${kept}.backup`],
  ]) {
    const { code, stderr } = await runCaptured([...command, '--config', gateway.deployment.configPath]);
    expect([command[0], code, stderr]).toEqual([
      command[0],
      3,
      expect.stringMatching(/SHAPE at note[\s\S]*put it aside/),
    ]);
  }
  expect(readFileSync(kept, 'utf8')).toBe('');
  renameSync(kept, `${kept}.damaged`);
  expect(await audit('keep-head')).toMatchObject({ code: 0 });
  await gateway.restart();
  expect((await gateway.raw('viettel').call(verifyPerson, AN)).outcome.code).toBe(0);
});
