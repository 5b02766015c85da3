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

/** Rows of a reason that are looked at, of each kind, to find one that reads well. */
const CANDIDATES = 40;
/** Latin letters with their marks, and spaces of any kind, decomposed. */
const LETTERS = /^[a-zđð\p{M}\p{Z}\p{Cf}'.-]*$/iu;
/** Marks that Vietnamese does not have: diaeresis, ring, cedilla. */
const FOREIGN_MARKS = /\u0308|\u030a|\u0327/u;
const CAPITAL_INSIDE = /\p{Ll}\p{Lu}/u;

/** Whether somebody can read the name who does not know what old Vietnamese encodings look like. */
function isReadable(name: string): boolean {
  const apart = name.normalize('NFD');
  return LETTERS.test(apart) && !FOREIGN_MARKS.test(apart) && !CAPITAL_INSIDE.test(name.normalize('NFC'));
}

interface Candidate {
  readonly line: number;
  readonly verdict: string;
}

/**
 * One row for each of the commonest reasons: the first with a readable name that has this reason alone, and so shows what
 * the sentence says; else one that has others too; else any.
 */
export async function exampleRows(
  { reasons, files }: Pick<VerifySummary, 'reasons' | 'files'>,
  subscribersFile: string,
  most: number,
): Promise<ExampleRow[]> {
  const shown = reasons.slice(0, most);
  const candidates = await candidatesOf(files.results, new Set(shown.map(({ reason }) => reason)));
  const own = await rowsAt(subscribersFile, new Set([...candidates.values()].flat().map(({ line }) => line)));
  return shown.flatMap(({ reason, count }) => {
    const rows = (candidates.get(reason) ?? []).flatMap(({ line, verdict }) => {
      const cells = own.get(line);
      return cells === undefined ? [] : [{ reason, count, line, verdict, ...cells }];
    });
    const best = rows.find(({ fullName }) => isReadable(fullName)) ?? rows[0];
    return best === undefined ? [] : [best];
  });
}

/** Rows that may stand for a reason: those that have it alone first, then others, each kind in the order of the file. */
async function candidatesOf(
  results: string,
  reasons: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly Candidate[]>> {
  const found = new Map(
    [...reasons].map((reason) => [reason, { alone: [] as Candidate[], others: [] as Candidate[] }]),
  );
  for await (const { cells, count } of records(results, ['line', 'verdict', 'reasons'])) {
    const [lines = [], verdicts = [], lists = []] = cells;
    for (let i = 0; i < count; i++) {
      const list = (lists[i] ?? '').split('|');
      for (const reason of list) {
        const rows = found.get(reason)?.[list.length === 1 ? 'alone' : 'others'];
        if (rows !== undefined && rows.length < CANDIDATES)
          rows.push({ line: Number(lines[i]), verdict: verdicts[i] ?? '' });
      }
    }
  }
  return new Map([...found].map(([reason, { alone, others }]) => [reason, [...alone, ...others]]));
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
