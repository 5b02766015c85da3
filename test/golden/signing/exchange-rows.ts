/** The rows of the job of the vectors, and the results that the client writes of them. */
import { writeCell } from '../../../connectors/kit/csv-write.ts';
import { actionOf, RESULT_HEADER, resultCodec } from '../../../connectors/kit/result-lines.ts';
import type { RowResult } from '../../../gateway/proof/result-bytes.ts';

const BLANK: RowResult = {
  ...{ verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], reasons: [], currentId: 0 },
  ...{ nameScore: undefined, score: undefined },
};
/** Rows as the file has them; the middle one does not fit the slim form. */
export const ROWS = [
  { rowId: 'S1', msisdn: '0971000001', id: '901085000017', name: 'NGUYEN VAN AN', born: '1985-03-27', result: BLANK },
  {
    rowId: 'S2',
    msisdn: '0971000002',
    id: '023456789',
    name: 'Vũ Thị Hoa',
    born: '08/1988',
    result: { ...BLANK, verdict: 2, birthDate: 3 },
  },
  {
    rowId: 'S3',
    msisdn: '0971000003',
    id: '901050000021',
    name: 'Tran Thi B',
    born: '1950-06-12',
    result: { ...BLANK, verdict: 3, name: 2, nameScore: 93, score: 88 },
  },
] as const satisfies readonly { readonly result: RowResult; readonly [cell: string]: unknown }[];

/** results.csv, as the client writes it. `asOf` in unix seconds. */
export function resultsText(asOfSeconds: number): string {
  const codec = resultCodec();
  const asOf = new Date(asOfSeconds * 1000).toISOString().replace('.000Z', 'Z');
  const lines = ROWS.map(({ rowId, msisdn, result }, i) => {
    const cells = codec.print(result);
    const told = [cells.verdict, actionOf(cells.verdict, []), cells.id_result, cells.name_result, cells.dob_result];
    const more = [cells.name_score, cells.score, cells.reasons, cells.notices, cells.current_id, asOf, '', `0:${i}`];
    return [String(i + 2), writeCell(rowId), writeCell(msisdn), ...told, ...more].join(',');
  });
  return `${[RESULT_HEADER.join(','), ...lines].join('\n')}\n`;
}
