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
  readonly cells: string;
  readonly verdict: string;
  readonly action: Action;
  readonly reasons: readonly string[];
  readonly notices: readonly string[];
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

export type ResultLines = {
  /** Lines of one chunk. Throws ProofError for result bytes that no gateway may send. */
  format(chunk: ChunkResults): { readonly text: string; readonly forms: readonly FormCount[] };
};

/**
 * Formats results. There are few different results among millions of rows, so each is put into words once; a row costs
 * a look-up of its bytes and one concatenation.
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
    return { cells: text, verdict: cells.verdict, action, reasons, notices, count: 0, firstLine: 0 };
  }

  return {
    format({ num, results, asOf, lines, rowIds, msisdns }) {
      const bytes = Buffer.from(results.buffer, results.byteOffset, results.byteLength);
      const tail = `,${new Date(asOf * 1000).toISOString().replace('.000Z', 'Z')},,${num}:`;
      const used: Form[] = [];
      if (forms.size > MOST_FORMS) forms = new Map();
      let text = '';
      for (let i = 0, at = 0; i < lines.length; i++, at += RESULT_BYTES) {
        const key = bytes.toString('latin1', at, at + CURRENT_ID_AT);
        let form = forms.get(key);
        if (form === undefined) {
          form = newForm(bytes.subarray(at, at + RESULT_BYTES));
          forms.set(key, form);
        }
        if (form.count++ === 0) {
          form.firstLine = lines[i] as number;
          used.push(form);
        }
        const current = bytes.readUInt32LE(at + CURRENT_ID_AT) + bytes.readUInt8(at + 21) * 0x1_0000_0000;
        const id = current === 0 ? '' : printId(bytes.subarray(at, at + RESULT_BYTES), codec);
        text += `${lines[i]},${writeCell(rowIds[i] as string)},${writeCell(msisdns[i] as string)},${form.cells},${id}${tail}${i}\n`;
      }
      const counts = used.map(({ verdict, action, reasons, notices, count, firstLine }) => ({
        ...{ verdict, action, reasons, notices, count, firstLine },
      }));
      for (const form of used) form.count = 0;
      return { text, forms: counts };
    },
  };
}

/** By way of the codec, which refuses a number that is none. */
function printId(result: Uint8Array, codec: CellCodec): string {
  return codec.print(decodeResult(result)).current_id;
}

function listOf(cell: string): readonly string[] {
  return cell === '' ? [] : cell.split('|');
}
