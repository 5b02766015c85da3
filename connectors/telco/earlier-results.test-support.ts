/** A file that is verified again and again, and which of its rows the gateway was asked about. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../kit/failure.test-support.ts';
import { loadProfile } from '../kit/profile.ts';
import { ALL_AGREE, openTinyTelco } from './tiny-telco.test-support.ts';
import type { VerifyOptions } from './verify.ts';

export const HEADER = 'row_id,msisdn,id_number,full_name,date_of_birth';
export const ROWS = 700;
/** The register of this gateway is always of one day. */
const CENTURY = 36_500 * 86_400;

export type Row = [rowId: string, msisdn: string, id: string, name: string, date: string];
/** Numbers that end in 0…5, 8 and 9: every answer is final. */
export const rowOf = (i: number): Row => [
  ...([
    `r${i}`,
    `09${10_000_000 + i}`,
    `9${10_850_000_00 + Math.floor(i / 8)}${[0, 1, 2, 3, 4, 5, 8, 9][i % 8]}`,
  ] as const),
  ...([`Nguyễn Văn Ân ${i}`, '1985-03-27'] as const),
];
export const people = (count = ROWS): Row[] => Array.from({ length: count }, (_, i) => rowOf(i));

export type EarlierResults = Awaited<ReturnType<typeof openEarlierResults>>;

/** First results go to the file `tiny.out`, those that look back to `second`. */
export async function openEarlierResults() {
  /** Names of the rows that the gateway was asked about since the last run began. */
  const asked: string[] = [];
  const tiny = await openTinyTelco(({ id, name }) => {
    asked.push(name);
    if (!/^\d{12}$/.test(id)) return { ...ALL_AGREE, verdict: 6, id: 0, name: 0, birthDate: 0, reasons: [10] };
    if (id.endsWith('7')) return { ...ALL_AGREE, verdict: 9 };
    if (id.endsWith('6')) return { ...ALL_AGREE, verdict: 1, notices: [3] };
    return id.endsWith('9') ? { ...ALL_AGREE, verdict: 4, id: 2, name: 3, birthDate: 3 } : ALL_AGREE;
  });
  const second = join(tiny.folder, 'second.csv');

  const write = (rows: readonly Row[], header = HEADER): void =>
    writeFileSync(tiny.file, `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`);

  const since = (results = tiny.out, rule: Partial<VerifyOptions['since'] & object> = {}) => ({
    since: { results, mostSeconds: CENTURY, askAgain: [], ...rule },
  });

  /** Runs on the rows, and tells which were asked about. */
  async function run(rows: readonly Row[], options: Partial<VerifyOptions> = {}, header?: string) {
    write(rows, header);
    asked.length = 0;
    const summary = await tiny.run({ channels: 1, nameWidth: 0, ...options });
    return { summary, asked: [...asked].sort() };
  }

  return {
    ...{ tiny, second, asked, write, since, run },
    /** The same, looking back at the first results. */
    next: (rows: readonly Row[], options: Partial<VerifyOptions> = {}) =>
      run(rows, { out: second, replace: true, ...since(), ...options }),
    root: async () => (await loadProfile(tiny.gateway.profileFolder)).keySetRoot,
  };
}

export function records(path: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, k) => [names[k], cell])));
}

export const reasonOf = async (work: Promise<unknown>): Promise<string> => (await failure(work)).reason;

export const jobOf = (path: string): string =>
  /"job_id":"([0-9a-f]+)"/.exec(readFileSync(`${path}.receipt`, 'utf8'))?.[1] ?? '';
