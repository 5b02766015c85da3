/** The record of processing: which field each agency may use for what, on which basis, as the agreements in force say it. */
import { writeCell } from '../../../connectors/kit/csv-write.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import type { Agreement, AgreementField } from '../../policy/agreement.ts';
import { localTime } from '../local-time.ts';
import { fieldOf } from '../officers/show-body.ts';

type Terms = Pick<
  Agreement,
  'agency' | 'purpose' | 'purpose_text' | 'citation' | 'methods' | 'limits' | 'valid_from' | 'valid_to'
>;

/** One field of one agreement; without the members of a field where the agreement has none. */
export interface FieldRow extends Terms, Partial<AgreementField> {
  readonly agreement: string;
  readonly version: number;
  /** Path, or the number of a field that this program's vocabulary does not have. */
  readonly field?: string;
}

const TITLES: Readonly<Record<Language, readonly string[]>> = {
  en: [
    ...['Agency', 'Purpose', 'What for', 'Rests on', 'Methods', 'Field', 'Use', 'Basis', 'Article'],
    ...['Limits agreed', 'From', 'Until', 'Agreement', 'Version'],
  ],
  vi: [
    ...['Cơ quan', 'Mục đích', 'Nội dung mục đích', 'Căn cứ', 'Phương thức', 'Trường thông tin', 'Cách dùng', 'Cơ sở'],
    ...['Điều khoản', 'Hạn mức thỏa thuận', 'Từ', 'Đến', 'Thỏa thuận', 'Phiên bản'],
  ],
};

const orderOf = ({ agency, purpose }: FieldRow): string => `${agency} ${purpose}`;

/** By code unit: the same in every language. Rows of one agreement stay as they stand. */
const compare = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

/** By agency and purpose, and in the order of the fields' numbers. An agreement that gives none lets its agency call all the same. */
export function fieldRows(agreements: readonly Agreement[]): FieldRow[] {
  return agreements.flatMap(rowsOf).toSorted((one, other) => compare(orderOf(one), orderOf(other)));
}

function rowsOf({ id, version, fields, ...agreement }: Agreement): FieldRow[] {
  const { agency, purpose, purpose_text, citation, methods, limits, valid_from, valid_to } = agreement;
  const terms = { agency, purpose, purpose_text, citation, methods, limits, valid_from, valid_to };
  // Whole numbers, which stand in their order.
  const rows = Object.entries(fields).map(([no, field]) => ({ field: fieldOf(Number(no)), ...field }));
  return (rows.length > 0 ? rows : [{}]).map((row) => ({ agreement: id, version, ...terms, ...row }));
}

/** The rows for a spreadsheet, without the end of the last line. Codes are those of the agreements, in either language. */
export function fieldsCsv(rows: readonly FieldRow[], language: Language): string {
  const lines = rows.map((row) => [
    ...[row.agency, row.purpose, row.purpose_text[language], row.citation],
    row.methods.map((path) => path.replace(/^.*\//, '')).join(' '),
    ...[row.field ?? '', (row.use ?? []).join(' '), row.basis ?? '', row.article ?? ''],
    Object.entries(row.limits)
      .map(([limit, most]) => `${limit}=${most}`)
      .join(' '),
    ...[localTime(row.valid_from), localTime(row.valid_to), row.agreement, String(row.version)],
  ]);
  return [TITLES[language], ...lines].map((cells) => cells.map(writeCell).join(',')).join('\n');
}
