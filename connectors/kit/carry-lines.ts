import { quote } from './csv-write.ts';
import type { EarlierResults } from './earlier-results.ts';
import { addToTally, newTally, type Tally } from './job-tally.ts';
import { cellsOf } from './record-reader.ts';
import { actionOf, type FormCount, isUncompared, RESULT_HEADER } from './result-lines.ts';
import { RESULT_COLUMN, type ResultColumn } from './result-rows.ts';

/** What came of carried rows; plain JSON, kept with the job's state. */
export type CarriedTally = {
  readonly tally: Tally;
  /** Rows by the job that was asked about them. */
  readonly jobs: Readonly<Record<string, number>>;
  /** The oldest register that a carried row was compared with, as its cell has it. */
  readonly oldest: string;
};

export type CarriedLines = {
  /** The line of a row that is carried, one code unit a byte; without its line end. */
  text(line: number, record: number): string;
  end(): CarriedTally;
};

type Form = FormCount & { count: number };

const COPIED = RESULT_HEADER.length;
const QUOTE = 0x22;
/** Different answers that are counted before they are added up. */
const MOST_FORMS = 20_000;

/** Lines of earlier results as they are carried: as they were, but for the line in front and where they come from behind. */
export function createCarriedLines({ jobId, places, records }: EarlierResults): CarriedLines {
  const tally = newTally();
  const jobs: Record<string, number> = {};
  let forms = new Map<string, Form>();
  let oldest = '';

  function see(answer: string, cell: (name: ResultColumn) => string, line: number, from: string, asOf: string): void {
    jobs[from] = (jobs[from] ?? 0) + 1;
    if (oldest === '' || asOf < oldest) oldest = asOf;
    const known = forms.get(answer);
    if (known !== undefined) {
      known.count++;
      return;
    }
    if (forms.size === MOST_FORMS) addUp();
    const verdict = cell('verdict');
    const [reasons, notices] = [listOf(cell('reasons')), listOf(cell('notices'))];
    const action = actionOf(verdict, notices);
    const uncompared = isUncompared(verdict, [cell('name_result'), cell('dob_result')], reasons);
    forms.set(answer, { verdict, action, reasons, notices, uncompared, count: 1, firstLine: line });
  }

  function addUp(): void {
    addToTally(tally, [...forms.values()], 0);
    forms = new Map();
  }

  /** Cells without quotes: they are cut where the commas are, and copied in one piece. */
  function plain(record: string, line: number): string {
    const ends: number[] = [];
    for (let at = record.indexOf(','); at !== -1; at = record.indexOf(',', at + 1)) ends.push(at);
    ends.push(record.length);
    const cut = (k: number): string => (k < ends.length ? record.slice((ends[k - 1] ?? -1) + 1, ends[k]) : '');
    const cell = (name: ResultColumn): string => cut(RESULT_COLUMN[name]);
    const own = cell('carried_from') === '';
    const from = own ? jobId : cell('carried_from');
    const answer = record.slice(ends[RESULT_COLUMN.msisdn], ends[RESULT_COLUMN.notices]);
    see(answer, cell, line, from, cell('as_of'));
    const copied = record.slice(ends[0], ends[COPIED - 1]);
    return `${line}${copied},${from},${own ? cut(0) : cell('carried_line')}`;
  }

  function quoted(record: Buffer, line: number): string {
    const cells = cellsOf(record);
    const cell = (name: ResultColumn): string => cells[RESULT_COLUMN[name]] ?? '';
    const own = cell('carried_from') === '';
    const from = own ? jobId : cell('carried_from');
    see(cells.slice(RESULT_COLUMN.verdict, COPIED).join(','), cell, line, from, cell('as_of'));
    const fromLine = own ? cell('line') : cell('carried_line');
    const text = [line, ...cells.slice(1, COPIED).map(quote), from, fromLine].join(',');
    return Buffer.from(text, 'utf8').toString('latin1');
  }

  return {
    text(line, record) {
      const bytes = records.at(places.of(record));
      return bytes.includes(QUOTE) ? quoted(bytes, line) : plain(bytes.toString('latin1'), line);
    },
    end() {
      addUp();
      return { tally, jobs, oldest };
    },
  };
}

function listOf(cell: string): string[] {
  return cell === '' ? [] : cell.split('|');
}
