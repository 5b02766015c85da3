/** Files of subscribers whose answers follow from their numbers, and what is to be true of complete results. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { RowResult } from '../../gateway/proof/result-bytes.ts';
import { readCsv } from '../kit/csv-read.ts';
import { unguard } from '../kit/csv-write.ts';
import { loadProfile } from '../kit/profile.ts';
import { verifyReceipt } from '../kit/receipt-verify.ts';
import { RESULT_HEADER } from '../kit/result-lines.ts';
import type { TinyRow } from '../kit/tiny-gateway.test-support.ts';
import { CHUNK, type TinyTelco } from './tiny-telco.test-support.ts';

export const HEADER = 'row_id,msisdn,id_number,full_name,date_of_birth';

/** A stand-in for matching: what a row gets follows from its number alone. */
export function judgeByNumber({ id }: TinyRow): RowResult {
  const none = {
    nameScore: undefined,
    score: undefined,
    reasons: [] as number[],
    notices: [] as number[],
    currentId: 0,
  };
  if (!/^\d{12}$/.test(id)) return { ...none, verdict: 6, id: 0, name: 0, birthDate: 0, reasons: [10] };
  if (id.endsWith('9')) return { ...none, verdict: 4, id: 2, name: 3, birthDate: 3 };
  if (id.endsWith('8'))
    return { ...none, verdict: 1, id: 1, name: 1, birthDate: 1, notices: [1], currentId: Number(id) + 1 };
  if (id.endsWith('7'))
    return { ...none, verdict: 3, id: 1, name: 2, birthDate: 1, nameScore: 41, score: 80, reasons: [35, 40] };
  return { ...none, verdict: 1, id: 1, name: 1, birthDate: 1 };
}

export function writeSubscribers(file: string, rows: number): void {
  const lines = [HEADER];
  for (let i = 0; i < rows; i++)
    lines.push(`r${i},09${10_000_000 + i},9${10_850_000_000 + i},Nguyễn Văn Ân ${i},1985-03-27`);
  writeFileSync(file, `${lines.join('\n')}\n`);
}

export async function resultsOf(path: string): Promise<Record<string, string>[]> {
  const columns = RESULT_HEADER.map((name) => ({ name, header: name }));
  const rows: Record<string, string>[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    yield readFileSync(path);
  }
  for await (const { count, cells } of readCsv(source(), { columns, batchRows: 4096 })) {
    for (let i = 0; i < count; i++) {
      rows.push(Object.fromEntries(RESULT_HEADER.map((name, k) => [name, unguard(cells[k]?.[i] ?? '')])));
    }
  }
  return rows;
}

/** Every subscriber has a line, in order; the receipt holds; no file is left over. */
export async function expectComplete({ folder, gateway, out }: TinyTelco, rows: number): Promise<void> {
  const found = await resultsOf(out);
  expect(found.length).toBe(rows);
  expect(
    found.every(
      (row, i) =>
        row.line === String(i + 2) &&
        row.row_id === `r${i}` &&
        row.proof_ref === `${Math.floor(i / CHUNK)}:${i % CHUNK}`,
    ),
  ).toBe(true);
  const { keySetRoot } = await loadProfile(gateway.profileFolder);
  expect(await verifyReceipt(out, keySetRoot)).toMatchObject({ ok: true, rows, found: 0 });
  expect(readdirSync(folder).sort()).toEqual([
    'profile',
    'results.csv',
    'results.csv.asked',
    'results.csv.receipt',
    'subscribers.csv',
  ]);
}
