import type { Language } from '../../connectors/kit/messages.ts';
import type { Found, Inspection } from '../../connectors/telco/inspect.ts';
import { MAPPING_COLUMNS, mappingPathOf } from '../../connectors/telco/mapping-file.ts';
import type { ProposedColumn } from '../../connectors/telco/propose-columns.ts';
import { fileLines } from './file-words.ts';
import { headerPlace } from './header-place.ts';
import { mergedLines, oddityLines, someLines } from './inspection-oddities.ts';
import { table } from './layout.ts';
import { count, percent } from './numbers.ts';
import { fill } from './problem.ts';
import { NARROW, reasonSentence } from './summary.ts';
import { visible, wrap } from './wrap.ts';

export interface InspectedFile {
  readonly file: string;
  readonly found: Inspection;
  readonly mapping: { readonly path: string; readonly written: boolean; readonly differs: boolean };
}

const WORDS = {
  en: {
    head: '{file}: {rows} rows. {form}',
    form: 'Separator {separator}, lines end in {lineEnd}, {quotes}, {mark}.',
    quoted: 'cells in quotes',
    unquoted: 'no quotes',
    mark: 'with byte order mark',
    noMark: 'no byte order mark',
    tab: 'tab',
    sheet: 'Sheet "{sheet}".',
    column: 'Column',
    header: 'In the file',
    by: 'Known by',
    fits: 'Looks so',
    first: 'First row',
    unused: 'Not used: {headers}',
    more: 'and {rest} more',
    dates: 'Of {dates} dates {dayFirst} can only be day before month, {monthFirst} only month before day.',
    damage: 'What has to be undone or cannot be read, of {looked} rows looked at:',
    sound: 'Nothing of {looked} rows looked at has to be undone.',
    reason: 'Reason',
    meaning: 'What it means',
    rows: 'Rows',
    share: 'Share',
    lines: 'For example lines',
    tooMany: '{rows} rows have more cells than the header (lines {lines}): they would be INVALID.',
    tooFew: '{rows} rows have fewer cells than the header (lines {lines}): what is missing counts as empty.',
    written: 'Mapping: {path}',
    kept: 'Mapping: {path} was there already and is the same.',
    differs:
      'Mapping: {path} was there already and says something else: it was left as it is. Write this one with --out.',
    beside: 'Correct it if need be; used by itself: lienthong telco verify {file} --out results.csv',
    named: 'Correct it if need be; used with: lienthong telco verify {file} --mapping {path} --out results.csv',
  },
  vi: {
    head: '{file}: {rows} dòng. {form}',
    form: 'Dấu phân cách {separator}, cuối dòng {lineEnd}, {quotes}, {mark}.',
    quoted: 'có ngoặc kép',
    unquoted: 'không ngoặc kép',
    mark: 'có dấu thứ tự byte (BOM)',
    noMark: 'không có BOM',
    tab: 'tab',
    sheet: 'Trang tính "{sheet}".',
    column: 'Cột',
    header: 'Trong tệp',
    by: 'Nhận ra nhờ',
    fits: 'Đúng dạng',
    first: 'Dòng đầu',
    unused: 'Không dùng: {headers}',
    more: 'và {rest} cột khác',
    dates:
      'Trong {dates} ngày có {dayFirst} chỉ có thể là ngày trước tháng, {monthFirst} chỉ có thể là tháng trước ngày.',
    damage: 'Những gì phải sửa lại hoặc không đọc được, trong {looked} dòng đã xem:',
    sound: 'Không có gì phải sửa trong {looked} dòng đã xem.',
    reason: 'Lý do',
    meaning: 'Ý nghĩa',
    rows: 'Số dòng',
    share: 'Tỷ lệ',
    lines: 'Ví dụ các dòng',
    tooMany: '{rows} dòng có nhiều ô hơn tiêu đề (dòng {lines}): sẽ là INVALID.',
    tooFew: '{rows} dòng có ít ô hơn tiêu đề (dòng {lines}): ô thiếu coi như trống.',
    written: 'Tệp ánh xạ: {path}',
    kept: 'Tệp ánh xạ: {path} đã có sẵn và giống hệt.',
    differs: 'Tệp ánh xạ: {path} đã có sẵn và khác: được giữ nguyên. Dùng --out để ghi tệp mới.',
    beside: 'Sửa lại nếu cần; được dùng tự động: lienthong telco verify {file} --out results.csv',
    named: 'Sửa lại nếu cần; dùng bằng: lienthong telco verify {file} --mapping {path} --out results.csv',
  },
} as const;

const BY: Readonly<Record<ProposedColumn['by'], Readonly<Record<Language, string>>>> = {
  stated: { en: 'you', vi: 'người dùng' },
  header: { en: 'its name', vi: 'tên cột' },
  cells: { en: 'its cells', vi: 'nội dung' },
  both: { en: 'name and cells', vi: 'tên và nội dung' },
  instead: { en: 'stands in', vi: 'dùng thay' },
};

/** An inspection for people, in lines of at most `width` but for paths. What it shows of the rows is the agency's own. */
export function printInspection({ file, found, mapping }: InspectedFile, language: Language, width: number): string {
  const words = WORDS[language];
  const { learnt, proposal, tooMany, tooFew, looked } = found;
  const { dates = 0, dayFirst = 0, monthFirst = 0 } = learnt.dateOrder.evidence;
  const odd = (text: string, { rows, lines }: Found): string[] =>
    rows === 0 ? [] : [fill(text, { rows: count(rows, language), lines: someLines(lines, rows) })];
  const usedBy = mapping.path === mappingPathOf(file) ? words.beside : words.named;
  return [
    fill(words.head, { file, rows: count(found.rows, language), form: formLine(found, language) }),
    ...headerPlace(found.headerLine, language),
    ...fileLines(found, language),
    ...(dates === 0
      ? []
      : [
          fill(words.dates, {
            dates: count(dates, language),
            dayFirst: count(dayFirst, language),
            monthFirst: count(monthFirst, language),
          }),
        ]),
    columnsTable(found, language, width),
    ...(proposal.unused.length === 0
      ? []
      : wrap(fill(words.unused, { headers: someHeaders(proposal.unused, language) }), width)),
    '',
    fill(found.damage.length === 0 ? words.sound : words.damage, { looked: count(looked, language) }),
    ...(found.damage.length === 0 ? [] : [damageTable(found, language, width)]),
    ...odd(words.tooMany, tooMany),
    ...odd(words.tooFew, tooFew),
    ...oddityLines(found.oddities, language),
    ...mergedLines(found.merged, language),
    '',
    fill(mapping.differs ? words.differs : mapping.written ? words.written : words.kept, { path: mapping.path }),
    fill(usedBy, { file, path: mapping.path }),
  ].join('\n');
}

/** A sheet may have hundreds of columns, which would push what was found off the screen. */
const MOST_HEADERS = 12;

export function someHeaders(headers: readonly string[], language: Language): string {
  const rest = headers.length - MOST_HEADERS;
  const more = rest > 0 ? [fill(WORDS[language].more, { rest: count(rest, language) })] : [];
  return [...headers.slice(0, MOST_HEADERS).map(visible), ...more].join(', ');
}

function formLine({ form, sheet }: Inspection, language: Language): string {
  const words = WORDS[language];
  if (form === undefined) return fill(words.sheet, { sheet: visible(sheet ?? '') });
  return fill(words.form, {
    separator: form.separator === '\t' ? words.tab : `"${form.separator}"`,
    lineEnd: form.lineEnd,
    quotes: form.quotes ? words.quoted : words.unquoted,
    mark: form.byteOrderMark ? words.mark : words.noMark,
  });
}

function columnsTable({ proposal, examples }: Inspection, language: Language, width: number): string {
  const words = WORDS[language];
  const [first] = examples;
  const rows = MAPPING_COLUMNS.flatMap((name, at) => {
    const column = proposal.columns.find((one) => one.name === name);
    if (column === undefined) return [];
    // A key may look like anything.
    const fits = name === 'row_id' ? '' : `${Math.round(column.fits * 100)} %`;
    return [[name, visible(column.header), BY[column.by][language], fits, visible(first?.cells[at] ?? '')]];
  });
  const columns = [
    { title: words.column },
    { title: words.header, wide: true },
    { title: words.by },
    { title: words.fits, align: 'right' as const },
    { title: words.first, wide: true },
  ];
  return table(columns, rows, width);
}

function damageTable({ damage, looked }: Inspection, language: Language, width: number): string {
  const words = WORDS[language];
  const narrow = width < NARROW;
  const rows = damage.map(({ reason, rows: number, lines }) => {
    const sentence = reasonSentence(reason, language);
    const numbers = [count(number, language), percent(number, looked, language), someLines(lines, number)];
    return narrow ? [`${reason}\n${sentence}`, ...numbers] : [reason, sentence, ...numbers];
  });
  const columns = [
    { title: words.reason, wide: narrow },
    ...(narrow ? [] : [{ title: words.meaning, wide: true }]),
    { title: words.rows, align: 'right' as const },
    { title: words.share, align: 'right' as const },
    { title: words.lines },
  ];
  return table(columns, rows, width);
}
