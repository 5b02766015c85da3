import type { Language } from '../../../connectors/kit/messages.ts';
import { parseWindow, type SendWindow } from '../../../connectors/kit/send-window.ts';
import type { VerifySummary } from '../../../connectors/telco/verify.ts';
import type { CommandContext } from '../cli.ts';
import { endingLines } from '../ending-words.ts';
import { fileLines } from '../file-words.ts';
import { headerPlace } from '../header-place.ts';
import { noSubscriberLines } from '../inspection-oddities.ts';
import { machineMinute } from '../local-time.ts';
import { count, seconds } from '../numbers.ts';
import { CliProblem, fill } from '../problem.ts';
import { actionLines, reasonTable, roundedLines, verdictTable } from '../summary.ts';
import { widthOf } from '../terminal.ts';
import type { HookEnd } from './on-done.ts';
import { sinceLines } from './telco-since.ts';

/** What `telco verify` says on its way and at its end. */
export const WORDS = {
  en: {
    opening: 'Reading the workbook',
    reading: 'Reading the file',
    earlier: 'Checking the earlier results',
    verifying: 'Verifying',
    looking: 'Looking at the rows',
    rows: '{rows} rows',
    rowsCarried: '{rows} rows, {carried} of them carried',
    done: '{rows} rows in {time}, every one answered.',
    limited: ' Only the first {limit} were asked about (--limit).',
    resumed: ' {rows} of them were answered by an earlier run.',
    purpose: 'Purpose: {purpose}.',
    mapping: 'Columns by {file}.',
    sheet: 'Sheet "{sheet}".',
    files: 'Results: {results}\nReceipt: {receipt}  (check it any time: lienthong receipt verify)',
    excel: 'Workbook: {path}  ({rows} rows)',
    explain: 'One row, step by step: lienthong telco explain {file} --results {results} --row {line}',
    uncompared:
      'Rows with a name or date that was not compared (NOT_AVAILABLE): {rows}, first at line {line}. The register has none, or a limit of wrong values is used up (for 30 days; lienthong quota show).',
    misshapen: '{rows} rows have more cells than the header: see their lines.',
    waiting: 'Rows are sent {window} only: waiting until {until}. Ctrl-C stops; the same command goes on.',
    hookFailed: 'The command of --on-done ended with code {code}. The results are not touched by that.',
  },
  vi: {
    opening: 'Đang đọc bảng tính',
    reading: 'Đang đọc tệp',
    earlier: 'Đang kiểm tra kết quả trước',
    verifying: 'Đang đối chiếu',
    looking: 'Đang xem các dòng',
    rows: '{rows} dòng',
    rowsCarried: '{rows} dòng, trong đó giữ lại {carried}',
    done: '{rows} dòng trong {time}, dòng nào cũng có câu trả lời.',
    limited: ' Chỉ hỏi {limit} dòng đầu (--limit).',
    resumed: ' {rows} dòng đã được trả lời ở lần chạy trước.',
    purpose: 'Mục đích: {purpose}.',
    mapping: 'Các cột theo {file}.',
    sheet: 'Trang tính "{sheet}".',
    files: 'Kết quả: {results}\nBiên nhận: {receipt}  (kiểm tra bất cứ lúc nào: lienthong receipt verify)',
    excel: 'Bảng tính: {path}  ({rows} dòng)',
    explain: 'Giải thích từng bước một dòng: lienthong telco explain {file} --results {results} --row {line}',
    uncompared:
      'Số dòng có họ tên hoặc ngày sinh không được so sánh (NOT_AVAILABLE): {rows}, dòng đầu: {line}. Cơ sở dữ liệu không có, hoặc đã hết số lần được hỏi sai (trong 30 ngày; lienthong quota show).',
    misshapen: '{rows} dòng có nhiều ô hơn tiêu đề: xem các dòng đó.',
    waiting: 'Chỉ gửi trong khung giờ {window}: chờ đến {until}. Ctrl-C để dừng; chạy lại lệnh này để tiếp tục.',
    hookFailed: 'Lệnh --on-done kết thúc với mã {code}. Kết quả không bị ảnh hưởng.',
  },
} as const;

export interface Told {
  readonly file: string;
  readonly ms: number;
  readonly toStdout: boolean;
  readonly mapping: string | undefined;
  /** Path of earlier results that rows were carried from. */
  readonly earlier: string | undefined;
  readonly excel: { readonly path: string; readonly rows: number; readonly sheets: number } | undefined;
  readonly onDone: HookEnd | undefined;
}

/** The summary: for people where the results do not go, as JSON where asked for. */
export function tell({ terminal, settings, give }: CommandContext, summary: VerifySummary, told: Told): void {
  const { file, ms, toStdout, mapping, earlier, excel, onDone } = told;
  const { language, json } = settings;
  if (json && !toStdout) {
    give({ ...summary, mapping, excel, onDone });
    return;
  }
  const words = WORDS[language];
  const stream = toStdout ? terminal.stderr : terminal.stdout;
  const width = widthOf(stream);
  const { limit, sheet, headerLine } = summary;
  const lines = [
    words.done.replace('{rows}', count(summary.rows, language)).replace('{time}', seconds(ms, language)) +
      (limit === undefined ? '' : words.limited.replace('{limit}', count(limit, language))) +
      (summary.resumedRows > 0 ? words.resumed.replace('{rows}', count(summary.resumedRows, language)) : ''),
    fill(words.purpose, { purpose: summary.purpose }),
    ...sinceLines(summary.since, earlier, language),
    ...readingLines({ mapping, sheet, headerLine }, language),
    ...fileLines(summary, language),
    verdictTable(summary, language, width),
    actionLines(summary, language),
  ];
  if (summary.reasons.length > 0) lines.push('', reasonTable(summary, language, width));
  const { uncompared } = summary;
  if (uncompared !== undefined)
    lines.push(fill(words.uncompared, { rows: count(uncompared.count, language), line: uncompared.line }));
  if (summary.misshapen > 0) lines.push(words.misshapen.replace('{rows}', count(summary.misshapen, language)));
  lines.push(...noSubscriberLines(summary.noSubscribers, language), ...roundedLines(summary, language));
  if (!toStdout) lines.push('', fill(words.files, summary.files));
  if (excel !== undefined) lines.push(fill(words.excel, { path: excel.path, rows: count(excel.rows, language) }));
  const [reason] = summary.reasons;
  if (!toStdout && file !== '-' && reason !== undefined)
    lines.push(fill(words.explain, { file, results: summary.files.results, line: reason.line }));
  lines.push(...endingLines(summary.ending ?? [], language));
  stream.write(`${lines.join('\n')}\n`);
}

/** What the bar's line ends with. */
export function rowsLine({ rows, since }: Pick<VerifySummary, 'rows' | 'since'>, language: Language): string {
  const { rows: all, rowsCarried } = WORDS[language];
  if (since === undefined) return fill(all, { rows: count(rows, language) });
  return fill(rowsCarried, { rows: count(rows, language), carried: count(since.carried.rows, language) });
}

/** By what mapping and from which sheet and line a file was read. */
export function readingLines(
  {
    mapping,
    sheet,
    headerLine,
  }: {
    readonly mapping: string | undefined;
    readonly sheet?: string | undefined;
    readonly headerLine?: number | undefined;
  },
  language: Language,
): string[] {
  const words = WORDS[language];
  return [
    ...(mapping === undefined ? [] : [fill(words.mapping, { file: mapping })]),
    ...(sheet === undefined ? [] : [fill(words.sheet, { sheet })]),
    ...headerPlace(headerLine, language),
  ];
}

/** The hours of --window. Throws CliProblem OPTION_WRONG. */
export function parseSendWindow(text: string | undefined): SendWindow | undefined {
  if (text === undefined) return undefined;
  const window = parseWindow(text);
  if (window === undefined) throw new CliProblem('OPTION_WRONG', { option: '--window', wanted: 'window' });
  return window;
}

/** Until when sending waits, in this machine's time, as the window is. */
export function waitingLine(until: Date, window: string, language: Language): string {
  return fill(WORDS[language].waiting, { window, until: machineMinute(until) });
}
