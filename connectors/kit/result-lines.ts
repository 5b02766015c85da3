import { REASONS } from '../../gateway/matching/reasons.ts';
import { NOTICES, VERDICTS } from '../../gateway/matching/verdicts.ts';
import { copyBytes, viewOf } from '../../gateway/proof/copy-bytes.ts';
import { needRange } from '../../gateway/proof/errors.ts';
import { writeNumber } from '../../gateway/proof/packed-texts.ts';
import { decodeResult, LAST_PERSONAL_ID, RESULT_BYTES } from '../../gateway/proof/result-bytes.ts';
import { type CellCodec, createCellCodec } from '../../gateway/proof/result-cells.ts';
import type { RowEcho } from './row-echo.ts';

/** The lines of results.csv. Columns are only ever appended. */
export const RESULT_HEADER = [
  'line',
  'row_id',
  'msisdn',
  'verdict',
  'action',
  'id_result',
  'name_result',
  'dob_result',
  'name_score',
  'score',
  'reasons',
  'notices',
  'current_id',
  'as_of',
  'case_id',
  'proof_ref',
] as const;

/**
 * Behind them where rows were carried from earlier results (`--changed-since`): the job that was asked about the row, and the
 * row's line in that job's file. Empty for a row that was asked now; then all cells are this job's.
 */
export const CARRIED_HEADER = ['carried_from', 'carried_line'] as const;

/** What to do with a subscription. */
export const ACTIONS = ['KEEP', 'STOP', 'UPDATE_ID', 'REVIEW', 'CONTACT'] as const;
export type Action = (typeof ACTIONS)[number];

const noticeBits = Object.fromEntries(Object.entries(NOTICES).map(([name, mask]) => [name, 31 - Math.clz32(mask)]));
const reasonCodes = Object.fromEntries(Object.entries(REASONS).map(([name, { code }]) => [name, code]));

/** Result bytes ⇄ cells, with the published names. */
export function resultCodec(): CellCodec {
  return createCellCodec({ verdicts: VERDICTS, notices: noticeBits, reasons: reasonCodes });
}

/**
 * What a verdict and its notices ask for. A death comes first: whoever filters VERIFIED alone keeps dead subscribers.
 *
 * @param verdict name of a verdict
 * @param notices names of notices
 */
export function actionOf(verdict: string, notices: readonly string[]): Action {
  switch (verdict) {
    case 'VERIFIED':
      if (notices.includes('DECEASED')) return 'STOP';
      if (notices.includes('ID_SUPERSEDED')) return 'UPDATE_ID';
      if (notices.includes('MISSING') || notices.includes('UNDER_INVESTIGATION')) return 'REVIEW';
      return 'KEEP';
    case 'PROBABLE':
    case 'AMBIGUOUS':
    case 'LIMITED':
    case 'NOT_PERMITTED':
      return 'REVIEW';
    default:
      return 'CONTACT';
  }
}

/** One form of result: all but the current ID, which is a row's own. */
type Form = {
  /**
   * From verdict to notices, with a comma on either side; ASCII. A string, because forms stay as long as the file lasts: a small
   * Buffer keeps the whole piece of memory that it was cut from, 64 KiB a form.
   */
  readonly cells: string;
  /** Where its ending begins, in the chunk being written: see `endings`. */
  from: number;
  readonly verdict: string;
  readonly action: Action;
  readonly reasons: readonly string[];
  readonly notices: readonly string[];
  readonly uncompared: boolean;
  /** The result bytes without the current ID. */
  readonly bytes: Uint8Array;
  count: number;
  firstLine: number;
};

export type FormCount = Pick<Form, 'verdict' | 'action' | 'reasons' | 'notices' | 'uncompared' | 'count' | 'firstLine'>;

/** Reasons that one side has no value: then no limit kept it from being compared. */
const NO_VALUE: ReadonlySet<string> = new Set<keyof typeof REASONS>([
  'BIRTH_DATE_MISSING',
  'BIRTH_DATE_PLACEHOLDER',
  'BIRTH_DATE_NOT_IN_REGISTER',
  'NAME_NOT_IN_REGISTER',
]);

/**
 * Whether the answer is about one person, and name or date was not compared though no reason says which side lacks it: a limit of
 * wrong values is used up. Where reasons are not granted, rows without a value on either side count among them.
 */
export function isUncompared(
  verdict: string,
  outcomes: readonly [name: string, date: string],
  reasons: readonly string[],
): boolean {
  const ofOne = verdict === 'VERIFIED' || verdict === 'PROBABLE' || verdict === 'MISMATCH';
  return ofOne && outcomes.includes('NOT_AVAILABLE') && !reasons.some((reason) => NO_VALUE.has(reason));
}

export type ChunkResults = {
  readonly num: number;
  readonly results: Uint8Array;
  /** Unix seconds. */
  readonly asOf: number;
  readonly echo: RowEcho;
};

const CURRENT_ID_AT = 17;
const ID_DIGITS = 12;
const MOST_FORMS = 20_000;
/** Bytes of a line but for its beginning and its form: a number, an ID, a time, commas. */
const LINE_ROOM = 128;
const LF = 0x0a;

export type ResultLines = {
  /** Lines of one chunk; `text` stands until the next call. Throws ProofError for result bytes that no gateway may send. */
  format(chunk: ChunkResults): { readonly text: Uint8Array; readonly forms: readonly FormCount[] };
};

/**
 * Formats results. There are few different results among millions of rows, so each is put into words once; a row costs
 * a look-up of its bytes and copies into one buffer, a third of what strings cost.
 */
export function createResultLines(): ResultLines {
  const codec = resultCodec();
  let forms = new Map<string, Form>();
  let out = Buffer.alloc(0);
  /** Of each form in the chunk being written: `cells` and all behind it but the row's number, of a row without a current ID. */
  let endings = Buffer.alloc(0);

  function newForm(bytes: Uint8Array): Form {
    const form = Uint8Array.from(bytes);
    form.fill(0, CURRENT_ID_AT);
    const cells = codec.print(decodeResult(form));
    const [reasons, notices] = [listOf(cells.reasons), listOf(cells.notices)];
    const action = actionOf(cells.verdict, notices);
    const text = [
      cells.verdict,
      action,
      cells.id_result,
      cells.name_result,
      cells.dob_result,
      cells.name_score,
      cells.score,
      cells.reasons,
      cells.notices,
    ].join(',');
    return {
      cells: `,${text},`,
      from: 0,
      verdict: cells.verdict,
      action,
      reasons,
      notices,
      uncompared: isUncompared(cells.verdict, [cells.name_result, cells.dob_result], reasons),
      bytes: form,
      count: 0,
      firstLine: 0,
    };
  }

  function formOf(bytes: Uint8Array, at: number): Form {
    let key = '';
    for (let i = at; i < at + CURRENT_ID_AT; i++) key += String.fromCharCode(bytes[i] as number);
    const known = forms.get(key);
    if (known !== undefined) return known;
    const made = newForm(bytes.subarray(at, at + RESULT_BYTES));
    forms.set(key, made);
    return made;
  }

  return {
    format({ num, results, asOf, echo }) {
      const { lines, ends } = echo;
      const begins = viewOf(echo.bytes);
      const tail = `,${printTime(asOf)},,${num}:`;
      const used: Form[] = [];
      if (forms.size > MOST_FORMS) forms = new Map();
      let view = viewOf(out);
      let end = 0;
      let endingsView = viewOf(endings);
      let ended = 0;
      // Most rows have the form of the row above: compared with that before it is looked up.
      let form: Form | undefined;
      for (let i = 0, at = 0, from = 0; i < lines.length; i++, at += RESULT_BYTES) {
        if (form === undefined || !isForm(form, results, at)) form = formOf(results, at);
        if (form.count++ === 0) {
          form.firstLine = lines[i] as number;
          form.from = ended;
          const next = ended + form.cells.length + tail.length;
          if (next > endings.length) {
            endings = Buffer.concat([endings], 2 * next);
            endingsView = viewOf(endings);
          }
          endings.write(form.cells + tail, ended, 'latin1');
          ended = next;
          used.push(form);
        }
        const to = ends[i] as number;
        const room = LINE_ROOM + form.cells.length + to - from;
        if (end + room > out.length) {
          out = Buffer.concat([out], (end + room) * 2);
          view = viewOf(out);
        }
        end = copyBytes(view, end, begins, from, to);
        from = to;
        const id = currentIdAt(results, at);
        const idAt = form.from + form.cells.length;
        if (id === 0) end = copyBytes(view, end, endingsView, form.from, idAt + tail.length);
        else {
          end = copyBytes(view, end, endingsView, form.from, idAt);
          end += out.write(String(id).padStart(ID_DIGITS, '0'), end, 'latin1');
          end = copyBytes(view, end, endingsView, idAt, idAt + tail.length);
        }
        end = writeNumber(out, end, i);
        out[end++] = LF;
      }
      const counts = used.map(({ verdict, action, reasons, notices, uncompared, count, firstLine }) => ({
        ...{ verdict, action, reasons, notices, uncompared, count, firstLine },
      }));
      for (const form of used) form.count = 0;
      return { text: out.subarray(0, end), forms: counts };
    },
  };
}

function isForm(form: Form, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < CURRENT_ID_AT; i++) if (form.bytes[i] !== bytes[at + i]) return false;
  return true;
}

function printTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Throws ProofError RANGE for a number that is none. */
function currentIdAt(results: Uint8Array, at: number): number {
  let id = results[at + RESULT_BYTES - 1] as number;
  for (let i = RESULT_BYTES - 2; i >= CURRENT_ID_AT; i--) id = id * 256 + (results[at + i] as number);
  if (id !== 0) needRange(id, 0, LAST_PERSONAL_ID, 'current_id');
  return id;
}

function listOf(cell: string): readonly string[] {
  return cell === '' ? [] : cell.split('|');
}
