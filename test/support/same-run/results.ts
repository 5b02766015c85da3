import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { VerifySummary } from '../../../connectors/telco/verify.ts';
import { differing, type Report } from './difference.ts';

/** Records of a CSV file, quotes understood, with the line each begins on. By hand: not with what wrote the results. */
function records(path: string): { line: number; cells: string[] }[] {
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  const all: { line: number; cells: string[] }[] = [];
  let current = { line: 1, cells: [] as string[] };
  let cell = '';
  let quoted = false;
  let line = 1;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '\n') line += 1;
    if (quoted && c === '"' && text[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (c === '"') quoted = !quoted;
    else if (!quoted && (c === ',' || c === '\n')) {
      current.cells.push(cell.replace(/\r$/, ''));
      cell = '';
      if (c === ',') continue;
      all.push(current);
      current = { line, cells: [] };
    } else cell += c;
  }
  return all;
}

const unguarded = (cell = '') => cell.replace(/^'(?='*[=+\-@\t\r])/, '');

/** The results against the file that was asked about, and against those of the undisturbed run. */
export function compareResults(file: string, undisturbed: string, disturbed: string, report: Report): void {
  const [header = { cells: [] as string[] }, ...input] = records(file);
  const [names, ...expected] = records(undisturbed);
  const [found, ...rows] = records(disturbed);
  for (const name of differing({ header: names?.cells }, { header: found?.cells })) report('RESULT_CELL', name);
  if (rows.length !== input.length) report('RESULT_ROWS', `${rows.length} lines for ${input.length} records`);
  const at = (name: string) => found?.cells.indexOf(name) ?? -1;
  const [lineAt, idAt, phoneAt] = [at('line'), at('row_id'), at('msisdn')];
  const [inputId, inputPhone] = [header.cells.indexOf('row_id'), header.cells.indexOf('msisdn')];
  for (const [i, { line, cells }] of input.entries()) {
    const row = rows[i]?.cells ?? [];
    const same =
      row[lineAt] === String(line) &&
      unguarded(row[idAt]) === (cells[inputId] ?? '') &&
      unguarded(row[phoneAt]) === (cells[inputPhone] ?? '');
    if (!same) report('RESULT_ROWS', `the record of line ${line}`);
    const before = expected[i]?.cells ?? [];
    for (const [column, name] of (names?.cells ?? []).entries())
      if (row[column] !== before[column]) report('RESULT_CELL', `line ${line}, ${name}`);
  }
}

export function compareSummaries(undisturbed: VerifySummary, disturbed: VerifySummary, report: Report): void {
  const told = ({ jobId: _id, resumedRows: _resumed, files: _files, ...rest }: VerifySummary) => rest;
  for (const member of differing(told(undisturbed), told(disturbed))) report('SUMMARY', member);
}

/** What a finished run leaves beside its results. */
const KEPT: ReadonlySet<string> = new Set(['.receipt', '.asked']);

/** Parts, states, drafts and locks: none may be there once a run is finished. */
export function findLeftBehind(out: string, report: Report): void {
  const [folder, name] = [dirname(out), basename(out)];
  for (const found of readdirSync(folder))
    if (found.startsWith(`${name}.`) && !KEPT.has(found.slice(name.length))) report('LEFT_BEHIND', join(folder, found));
}
