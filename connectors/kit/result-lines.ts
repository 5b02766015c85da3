import { REASONS } from '../../gateway/matching/reasons.ts';
import { NOTICES, VERDICTS } from '../../gateway/matching/verdicts.ts';
import { writeNumber } from '../../gateway/proof/packed-texts.ts';
import { decodeResult, RESULT_BYTES } from '../../gateway/proof/result-bytes.ts';
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
  readonly echo: RowEcho;
};

const CURRENT_ID_AT = 17;
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
    format({ num, results, asOf, echo }) {
      const { lines, ends, bytes: begins } = echo;
      const bytes = Buffer.from(results.buffer, results.byteOffset, results.byteLength);
      const tail = Buffer.from(`,${printTime(asOf)},,${num}:`, 'latin1');
      const used: Form[] = [];
      if (forms.size > MOST_FORMS) forms = new Map();
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
        const [from, to] = [i === 0 ? 0 : (ends[i - 1] as number), ends[i] as number];
        const room = LINE_ROOM + form.cells.length + to - from;
        if (end + room > out.length) out = Buffer.concat([out], (end + room) * 2);
        end = copy(out, end, begins, from, to);
        end = copy(out, end, form.cells, 0, form.cells.length);
        if (bytes[at + 17] !== 0 || bytes.readUInt32LE(at + 18) !== 0) {
          end += out.write(printId(bytes.subarray(at, at + RESULT_BYTES), codec), end, 'latin1');
        }
        end = copy(out, end, tail, 0, tail.length);
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

function copy(out: Buffer, at: number, source: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) out[at + i - from] = source[i] as number;
  return at + to - from;
}

/** By way of the codec, which refuses a number that is none. */
function printId(result: Uint8Array, codec: CellCodec): string {
  return codec.print(decodeResult(result)).current_id;
}

function listOf(cell: string): readonly string[] {
  return cell === '' ? [] : cell.split('|');
}
