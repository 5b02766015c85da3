import { REASONS } from '../../gateway/matching/reasons.ts';
import { NOTICES, VERDICTS } from '../../gateway/matching/verdicts.ts';
import { decodeResult, RESULT_BYTES } from '../../gateway/proof/result-bytes.ts';
import { type CellCodec, createCellCodec } from '../../gateway/proof/result-cells.ts';
import { writeCell } from './csv-write.ts';

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
  /** From verdict to notices, with a comma on either side; ASCII. */
  readonly cells: Uint8Array;
  readonly verdict: string;
  readonly action: Action;
  readonly reasons: readonly string[];
  readonly notices: readonly string[];
  /** The result bytes without the current ID. */
  readonly bytes: Uint8Array;
  count: number;
  firstLine: number;
};

export type FormCount = Pick<Form, 'verdict' | 'action' | 'reasons' | 'notices' | 'count' | 'firstLine'>;

export type ChunkResults = {
  readonly num: number;
  readonly results: Uint8Array;
  /** Unix seconds. */
  readonly asOf: number;
  readonly lines: readonly number[];
  readonly rowIds: readonly string[];
  readonly msisdns: readonly string[];
};

const CURRENT_ID_AT = 17;
const MOST_FORMS = 20_000;
/** Bytes of a line but for its form and its two cells: two numbers, an ID, a time, commas. */
const LINE_ROOM = 128;
const TYPICAL_LINE = 128;
const [COMMA, LF] = [0x2c, 0x0a];

export type ResultLines = {
  /** Lines of one chunk. Throws ProofError for result bytes that no gateway may send. */
  format(chunk: ChunkResults): { readonly text: Uint8Array; readonly forms: readonly FormCount[] };
};

/**
 * Formats results. There are few different results among millions of rows, so each is put into words once; a row costs
 * a look-up of its bytes and copies into one buffer, a third of what strings cost.
 */
export function createResultLines(): ResultLines {
  const codec = resultCodec();
  let forms = new Map<string, Form>();

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
      cells: Buffer.from(`,${text},`, 'latin1'),
      verdict: cells.verdict,
      action,
      reasons,
      notices,
      bytes: form,
      count: 0,
      firstLine: 0,
    };
  }

  function formOf(bytes: Buffer, at: number): Form {
    const key = bytes.toString('latin1', at, at + CURRENT_ID_AT);
    const known = forms.get(key);
    if (known !== undefined) return known;
    const made = newForm(bytes.subarray(at, at + RESULT_BYTES));
    forms.set(key, made);
    return made;
  }

  return {
    format({ num, results, asOf, lines, rowIds, msisdns }) {
      const bytes = Buffer.from(results.buffer, results.byteOffset, results.byteLength);
      const tail = Buffer.from(`,${printTime(asOf)},,${num}:`, 'latin1');
      const used: Form[] = [];
      if (forms.size > MOST_FORMS) forms = new Map();
      let out = Buffer.allocUnsafe(lines.length * TYPICAL_LINE + LINE_ROOM);
      let end = 0;
      // Most rows have the form of the row above: compared with that before it is looked up.
      let form: Form | undefined;
      for (let i = 0, at = 0; i < lines.length; i++, at += RESULT_BYTES) {
        if (form === undefined || !isForm(form, bytes, at)) form = formOf(bytes, at);
        const line = lines[i] as number;
        if (form.count++ === 0) {
          form.firstLine = line;
          used.push(form);
        }
        const [rowId, msisdn] = [rowIds[i] as string, msisdns[i] as string];
        const room = LINE_ROOM + form.cells.length + 6 * (rowId.length + msisdn.length);
        if (end + room > out.length) out = Buffer.concat([out], (end + room) * 2);
        end = writeNumber(out, end, line);
        out[end++] = COMMA;
        end = writeText(out, end, rowId);
        out[end++] = COMMA;
        end = writeText(out, end, msisdn);
        end = copy(out, end, form.cells);
        if (bytes[at + 17] !== 0 || bytes.readUInt32LE(at + 18) !== 0) {
          end += out.write(printId(bytes.subarray(at, at + RESULT_BYTES), codec), end, 'latin1');
        }
        end = copy(out, end, tail);
        end = writeNumber(out, end, i);
        out[end++] = LF;
      }
      const counts = used.map(({ verdict, action, reasons, notices, count, firstLine }) => ({
        ...{ verdict, action, reasons, notices, count, firstLine },
      }));
      for (const form of used) form.count = 0;
      return { text: out.subarray(0, end), forms: counts };
    },
  };
}

function isForm(form: Form, bytes: Buffer, at: number): boolean {
  for (let i = 0; i < CURRENT_ID_AT; i++) if (form.bytes[i] !== bytes[at + i]) return false;
  return true;
}

function printTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** A whole number from 0 on, in decimal. */
function writeNumber(out: Buffer, at: number, value: number): number {
  let end = at + 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++;
  for (let i = end - 1, rest = value; i >= at; i--) {
    const next = Math.floor(rest / 10);
    out[i] = 0x30 + (rest - next * 10);
    rest = next;
  }
  return end;
}

/** A cell from outside. Digits and ASCII letters are what they are; anything else goes the long way. */
function writeText(out: Buffer, start: number, cell: string): number {
  let at = start;
  for (let i = 0; i < cell.length; i++) {
    const c = cell.charCodeAt(i);
    const plain = (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
    if (!plain) return start + out.write(writeCell(cell), start, 'utf8');
    out[at++] = c;
  }
  return at;
}

function copy(out: Buffer, at: number, from: Uint8Array): number {
  for (let i = 0; i < from.length; i++) out[at + i] = from[i] as number;
  return at + from.length;
}

/** By way of the codec, which refuses a number that is none. */
function printId(result: Uint8Array, codec: CellCodec): string {
  return codec.print(decodeResult(result)).current_id;
}

function listOf(cell: string): readonly string[] {
  return cell === '' ? [] : cell.split('|');
}
