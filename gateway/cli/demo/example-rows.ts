import { fileBytes, readCsv } from '../../../connectors/kit/csv-read.ts';
import type { VerifySummary } from '../../../connectors/telco/verify.ts';

/** A row of the telco's own file, as it stands there, and what it was answered. */
export interface ExampleRow {
  readonly reason: string;
  /** Rows that carry the reason. */
  readonly count: number;
  readonly line: number;
  readonly idNumber: string;
  readonly fullName: string;
  readonly dateOfBirth: string;
  readonly verdict: string;
}

const BATCH_ROWS = 8192;

/**
 * One row for each of the commonest reasons: the first that has this reason alone, so that it shows what the sentence says;
 * else the first that has it at all.
 */
export async function exampleRows(
  { reasons, files }: Pick<VerifySummary, 'reasons' | 'files'>,
  subscribersFile: string,
  most: number,
): Promise<ExampleRow[]> {
  const shown = reasons.slice(0, most);
  const chosen = new Map<string, { line: number; verdict: string }>();
  const firstLines = new Map(shown.map(({ reason, line }) => [reason, line]));
  const alone = new Set<string>();
  for await (const { cells, count } of records(files.results, ['line', 'verdict', 'reasons'])) {
    const [lines = [], verdicts = [], lists = []] = cells;
    for (let i = 0; i < count; i++) {
      const list = (lists[i] ?? '').split('|');
      for (const reason of list) {
        if (!firstLines.has(reason) || alone.has(reason)) continue;
        const row = { line: Number(lines[i]), verdict: verdicts[i] ?? '' };
        if (list.length === 1) {
          alone.add(reason);
          chosen.set(reason, row);
        } else if (row.line === firstLines.get(reason)) chosen.set(reason, row);
      }
    }
  }
  const wanted = new Set([...chosen.values()].map(({ line }) => line));
  const own = await rowsAt(subscribersFile, wanted);
  return shown.flatMap(({ reason, count }) => {
    const row = chosen.get(reason);
    const cells = row === undefined ? undefined : own.get(row.line);
    return row === undefined || cells === undefined ? [] : [{ reason, count, ...row, ...cells }];
  });
}

async function rowsAt(path: string, wanted: ReadonlySet<number>) {
  const found = new Map<number, Pick<ExampleRow, 'idNumber' | 'fullName' | 'dateOfBirth'>>();
  for await (const { cells, lines, count } of records(path, ['id_number', 'full_name', 'date_of_birth'])) {
    const [ids = [], names = [], dates = []] = cells;
    for (let i = 0; i < count; i++) {
      const line = lines[i] ?? 0;
      if (!wanted.has(line)) continue;
      found.set(line, { idNumber: ids[i] ?? '', fullName: names[i] ?? '', dateOfBirth: dates[i] ?? '' });
    }
    if (found.size === wanted.size) break;
  }
  return found;
}

function records(path: string, names: readonly string[]) {
  const columns = names.map((name) => ({ name, header: name }));
  return readCsv(fileBytes(path), { columns, batchRows: BATCH_ROWS });
}
