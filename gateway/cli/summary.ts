import type { Language } from '../../connectors/kit/messages.ts';
import { ACTIONS, type Action } from '../../connectors/kit/result-lines.ts';
import type { VerifySummary } from '../../connectors/telco/verify.ts';
import { REASONS, type Reason } from '../matching/reasons.ts';
import { VERDICTS, type Verdict } from '../matching/verdicts.ts';
import { table } from './layout.ts';
import { count, percent } from './numbers.ts';
import { fill } from './problem.ts';
import { ACTION_WORDS, USUAL_ACTION, VERDICT_WORDS } from './verdict-words.ts';

const TITLES = {
  en: {
    verdict: 'Verdict',
    rows: 'Rows',
    share: 'Share',
    meaning: 'What it means',
    todo: 'What to do',
    action: 'In the column "action":',
    reason: 'Reason',
    example: 'First at line',
    fewer: 'and {n} more reasons in the file',
    rounded:
      '{rows} rows hold numbers that a spreadsheet rounded (E+), the first at line {line}: no fault of these subscribers. Export the column as text and verify the file again before anybody is asked to come.',
  },
  vi: {
    verdict: 'Kết luận',
    rows: 'Số dòng',
    share: 'Tỷ lệ',
    meaning: 'Ý nghĩa',
    todo: 'Việc cần làm',
    action: 'Trong cột "action":',
    reason: 'Lý do',
    example: 'Dòng đầu',
    fewer: 'và {n} lý do khác trong tệp',
    rounded:
      '{rows} dòng có số giấy tờ bị bảng tính làm tròn (dạng E+), dòng đầu tiên: {line}. Đây không phải lỗi của chủ thuê bao: hãy xuất lại cột đó ở dạng văn bản và đối chiếu lại trước khi mời ai đến.',
  },
} as const;

/** Rows per verdict, only those there are, in the verdicts' own order. */
export function verdictTable(
  summary: Pick<VerifySummary, 'rows' | 'totals'>,
  language: Language,
  width: number,
): string {
  const titles = TITLES[language];
  const found = (Object.keys(VERDICTS) as Verdict[]).filter((verdict) => (summary.totals[verdict] ?? 0) > 0);
  const rows = found.map((verdict) => {
    const number = summary.totals[verdict] ?? 0;
    const todo = ACTION_WORDS[USUAL_ACTION[verdict]][language];
    return [
      verdict,
      count(number, language),
      percent(number, summary.rows, language),
      VERDICT_WORDS[verdict][language],
      todo,
    ];
  });
  const columns = [
    { title: titles.verdict },
    { title: titles.rows, align: 'right' as const },
    { title: titles.share, align: 'right' as const },
    { title: titles.meaning, wide: true },
    { title: titles.todo, wide: true },
  ];
  return table(columns, rows, width);
}

/** Rows per action, one a line: what a script goes by. */
export function actionLines(summary: Pick<VerifySummary, 'actions'>, language: Language): string {
  const there = ACTIONS.filter((action) => (summary.actions[action] ?? 0) > 0);
  const lines = there.map((action: Action) => {
    const number = count(summary.actions[action] ?? 0, language);
    return `  ${action.padEnd(9)} ${number.padStart(10)}  ${ACTION_WORDS[action][language]}`;
  });
  return [TITLES[language].action, ...lines].join('\n');
}

export const SHOWN_REASONS = 6;
/** Below this width a sentence stands under the name of its reason: beside the longest one no room would be left. */
export const NARROW = 96;

/** The commonest reasons in words, with the line of the agency's file that shows each first. */
export function reasonTable(
  summary: Pick<VerifySummary, 'rows' | 'reasons'>,
  language: Language,
  width: number,
): string {
  const titles = TITLES[language];
  const rows = summary.reasons.slice(0, SHOWN_REASONS).map(({ reason, count: number, line }) => {
    const [sentence, numbers] = [
      reasonSentence(reason, language),
      [count(number, language), percent(number, summary.rows, language)],
    ];
    return width < NARROW
      ? [`${reason}\n${sentence}`, ...numbers, count(line, language)]
      : [reason, ...numbers, sentence, count(line, language)];
  });
  const numbers = [
    { title: titles.rows, align: 'right' as const },
    { title: titles.share, align: 'right' as const },
  ];
  const columns = [
    { title: titles.reason, wide: width < NARROW },
    ...numbers,
    ...(width < NARROW ? [] : [{ title: titles.meaning, wide: true }]),
    { title: titles.example, align: 'right' as const },
  ];
  const more = summary.reasons.length - rows.length;
  return `${table(columns, rows, width)}${more > 0 ? `\n${titles.fewer.replace('{n}', String(more))}` : ''}`;
}

/** The one damage that the file's maker mends and no subscriber can, whatever the column "action" says of its rows. */
export function roundedLines({ reasons }: Pick<VerifySummary, 'reasons'>, language: Language): string[] {
  const lost = reasons.find(({ reason }) => reason === 'ID_DIGITS_LOST');
  if (lost === undefined) return [];
  return [fill(TITLES[language].rounded, { rows: count(lost.count, language), line: count(lost.line, language) })];
}

/** The published sentence of a reason. */
export function reasonSentence(reason: string, language: Language): string {
  return Object.hasOwn(REASONS, reason) ? REASONS[reason as Reason][language] : reason;
}
