import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { splitLine } from '../../../connectors/kit/csv-record.ts';
import { readAgreement } from '../officers/show-body.ts';
import { fieldRows, fieldsCsv } from './agreement-fields.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'policies', 'agreements');
const agreements = readdirSync(FOLDER).map((name) => readAgreement(readFileSync(join(FOLDER, name)), name));
const agreementOf = (id: string) => {
  const found = agreements.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no agreement ${id}`);
  return found;
};

test('every field that an agreement gives has its row, and an agreement without any has one', () => {
  const rows = fieldRows(agreements);
  const wanted = agreements.map(({ id, fields }) => [id, Math.max(1, Object.keys(fields).length)]);
  const found = agreements.map(({ id }) => [id, rows.filter(({ agreement }) => agreement === id).length]);
  expect(found).toEqual(wanted);
  const none = rows.filter(({ field }) => field === undefined);
  expect(none.map(({ agency, use, basis }) => [agency, use, basis])).toEqual([['citizen-page', undefined, undefined]]);
  expect(none[0]?.methods).not.toEqual([]);
});

test('rows stand by agency and purpose, whatever order the agreements come in, and fields by their numbers', () => {
  const rows = fieldRows(agreements);
  expect(fieldRows(agreements.toReversed())).toEqual(rows);
  expect(rows.slice(0, 3).map(({ agency, purpose, field }) => [agency, purpose, field])).toEqual([
    ['bank-demo', 'account-opening', 'personal_id'],
    ['bank-demo', 'account-opening', 'full_name'],
    ['bank-demo', 'account-opening', 'date_of_birth'],
  ]);
});

test('a row says what the agreement says of agency, purpose, law, use and limits', () => {
  const agreement = agreementOf('bank-demo-account-opening');
  const [row] = fieldRows([agreement]);
  const { agency, purpose, purpose_text, citation, methods, limits, valid_from, valid_to, version } = agreement;
  expect(row).toEqual({
    ...{
      agreement: agreement.id,
      version,
      agency,
      purpose,
      purpose_text,
      citation,
      methods,
      limits,
      valid_from,
      valid_to,
    },
    ...{ field: 'personal_id', use: ['match'], basis: 'consent', article: 'Luật 91/2025/QH15' },
  });
});

test('as CSV with the titles and the purpose in the language that was asked for', () => {
  const agreement = agreementOf('bank-demo-account-opening');
  const lines = (language: 'en' | 'vi') => fieldsCsv(fieldRows([agreement]), language).split('\n');
  const [titles, first, ...more] = lines('vi').map((line) => splitLine(line, ','));
  expect(more.length).toBe(2);
  expect(Object.fromEntries((titles ?? []).map((title, i) => [title, first?.[i]]))).toEqual({
    'Cơ quan': 'bank-demo',
    'Mục đích': 'account-opening',
    'Nội dung mục đích': agreement.purpose_text.vi,
    'Căn cứ': agreement.citation,
    'Phương thức': 'VerifyPerson',
    'Trường thông tin': 'personal_id',
    'Cách dùng': 'match',
    'Cơ sở': 'consent',
    'Điều khoản': 'Luật 91/2025/QH15',
    'Hạn mức thỏa thuận': 'rows_per_job=0 rows_per_day=100000 calls_per_minute=6000',
    Từ: '01/01/2026 00:00 +07:00',
    Đến: expect.stringContaining('+07:00'),
    'Thỏa thuận': 'bank-demo-account-opening',
    'Phiên bản': String(agreement.version),
  });
  const english = lines('en').map((line) => splitLine(line, ','));
  expect(english[0]?.length).toBe(titles?.length);
  expect(english[1]?.[2]).toBe(agreement.purpose_text.en);
});

test('no cell is a formula', () => {
  const agreement = { ...agreementOf('bank-demo-account-opening'), citation: '=HYPERLINK("x"),y' };
  expect(fieldsCsv(fieldRows([agreement]), 'en')).toContain(`"'=HYPERLINK(""x""),y"`);
});
