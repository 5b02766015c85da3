import type { Language } from '../../connectors/kit/messages.ts';
import type { MergedColumn } from '../../connectors/telco/merged-cells.ts';
import type { NoSubscribers } from '../../connectors/telco/odd-rows.ts';
import type { OddRows, RowOddities } from '../../connectors/telco/row-oddities.ts';
import { count } from './numbers.ts';
import { fill } from './problem.ts';
import { visible } from './wrap.ts';

/** What of a file's rows may be a mistake, in words: a line each. */
const WORDS = {
  en: {
    repeatedIds:
      '{rows} rows have the row_id of an earlier row (lines {lines}): each is asked about and counted again.',
    repeatedHeaders: '{rows} rows are the header once more (lines {lines}): take them out.',
    columnNumbers:
      '{rows} rows number the columns, as "(1), (2), …" (lines {lines}): each counts as a subscriber; take them out.',
    totals: '{rows} rows look like a line of totals (lines {lines}): each counts as a subscriber; take them out.',
    controls: '{rows} rows have control characters in their cells (lines {lines}): the results have them too.',
    several:
      '{rows} rows span several lines, the longest {n} lines from line {line}: check that no rows stand in one cell.',
    merged:
      'Merged cells hide {rows} cells of "{header}" ({column}; lines {lines}): each counts as empty, and its row has a result. Unmerge them, and fill in what belongs to these rows.',
    cutLine: 'Line {line}, the last, is not ended and has too few cells: the file may be cut off.',
  },
  vi: {
    repeatedIds: '{rows} dòng có row_id trùng với dòng trước (dòng {lines}): mỗi dòng vẫn được hỏi và tính thêm.',
    repeatedHeaders: '{rows} dòng lặp lại tiêu đề (dòng {lines}): hãy bỏ đi.',
    columnNumbers:
      '{rows} dòng đánh số cột, kiểu "(1), (2), …" (dòng {lines}): mỗi dòng vẫn bị tính như một thuê bao; hãy bỏ đi.',
    totals: '{rows} dòng giống dòng tổng cộng (dòng {lines}): mỗi dòng vẫn bị tính như một thuê bao; hãy bỏ đi.',
    controls: '{rows} dòng có ký tự điều khiển trong ô (dòng {lines}): tệp kết quả cũng có.',
    several:
      '{rows} bản ghi kéo dài nhiều dòng, dài nhất {n} dòng từ dòng {line}: hãy kiểm tra xem có bản ghi nào nằm trong một ô không.',
    merged:
      'Ô gộp che {rows} ô của cột "{header}" ({column}; dòng {lines}): mỗi ô coi như trống, dòng vẫn có kết quả. Hãy bỏ gộp ô và điền giá trị của từng dòng.',
    cutLine: 'Dòng cuối ({line}) không có dấu kết thúc và thiếu ô: tệp có thể bị cắt cụt.',
  },
} as const;

function odd(text: string, { rows, lines }: OddRows, language: Language): string[] {
  return rows === 0 ? [] : [fill(text, { rows: count(rows, language), lines: someLines(lines, rows) })];
}

/** Rows that are no subscribers: what a verification tells too. */
export function noSubscriberLines(found: NoSubscribers | undefined, language: Language): string[] {
  const words = WORDS[language];
  return found === undefined
    ? []
    : [
        ...odd(words.repeatedHeaders, found.repeatedHeaders, language),
        ...odd(words.columnNumbers, found.columnNumbers, language),
        ...odd(words.totals, found.totals, language),
      ];
}

export function oddityLines(found: RowOddities, language: Language): string[] {
  const words = WORDS[language];
  const { longest } = found.several;
  return [
    ...odd(words.repeatedIds, found.repeatedIds, language),
    ...noSubscriberLines(found, language),
    ...odd(words.controls, found.controls, language),
    ...(longest === undefined
      ? []
      : [
          fill(words.several, {
            rows: count(found.several.rows, language),
            n: count(longest.lines, language),
            line: String(longest.line),
          }),
        ]),
    ...(found.cutLine === undefined ? [] : [fill(words.cutLine, { line: String(found.cutLine) })]),
  ];
}

/** Cells of a workbook that merges hide: a line for each column that people are asked about by. */
export function mergedLines(merged: readonly MergedColumn[], language: Language): string[] {
  return merged.map(({ column, header, rows, lines }) =>
    fill(WORDS[language].merged, {
      column,
      header: visible(header),
      rows: count(rows, language),
      lines: someLines(lines, rows),
    }),
  );
}

export function someLines(lines: readonly number[], rows: number): string {
  return lines.join(', ') + (rows > lines.length ? ', …' : '');
}
