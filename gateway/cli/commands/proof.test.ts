import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createSampleLog } from '../../console/sample-log.test-support.ts';
import { runCaptured } from '../testing/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'lienthong-proof-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { trust, accesses } = createSampleLog(Date.parse('2026-04-15T05:00:00Z'));
const [proofFile, keyFile] = [join(folder, 'proof.binpb'), join(folder, 'log.pem')];
const proof = accesses[0]?.entries[0]?.proof ?? new Uint8Array();
const der = Buffer.from(trust.keys[0]?.der ?? '', 'base64url');
writeFileSync(proofFile, proof);
writeFileSync(
  keyFile,
  createPublicKey({ key: der, type: 'spki', format: 'der' }).export({ type: 'spki', format: 'pem' }),
);
const check = (...more: string[]) =>
  runCaptured(['proof', 'check', proofFile, '--log-key', keyFile, '--origin', trust.origin, ...more]);

test('a proof that the page gave is checked without a gateway, and says who looked, when and why', async () => {
  const { code, stdout } = await check('--lang', 'vi');
  expect(code).toBe(0);
  expect(stdout).toContain('15/04/2026 11:00 +07:00: moh, mục đích patient-records');
  expect(stdout).toContain('Đã cung cấp thông tin\n  Căn cứ pháp lý: nhiệm vụ luật định\n');
  expect(stdout).toContain('Họ, chữ đệm và tên khai sinh, Ngày, tháng, năm sinh');
  expect(JSON.parse((await check('--json')).stdout)).toMatchObject({ holds: true, access: { agency: 'moh', size: 7 } });
});

test('one that was changed, or is of another log, is refused and says why', async () => {
  expect((await check('--origin', 'lienthong.dev/other')).code).toBe(4);
  writeFileSync(proofFile, proof.with(40, (proof[40] ?? 0) ^ 1));
  const { code, stdout } = await check('--json');
  expect(code).toBe(4);
  expect(JSON.parse(stdout)).toEqual({ holds: false, fault: 'ENTRY' });
});
