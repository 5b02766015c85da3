import type { FileRow } from '../../../connectors/kit/find-row.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import type { Reason } from '../../matching/index.ts';
import { localTimeOf } from '../local-time.ts';
import { fill } from '../problem.ts';
import { reasonSentence } from '../summary.ts';
import { ACTION_WORDS, NOTICE_WORDS, VERDICT_WORDS } from '../verdict-words.ts';
import { definitions, visible, wrap } from '../wrap.ts';
import { type FieldOutcome, type RowAnswer, type Told, uncomparedOf } from './answer.ts';
import { pathSteps } from './path-steps.ts';
import type { RowReading } from './reading.ts';
import type { VerdictPath } from './verdict-path.ts';
import {
  FOLDED_WORDS,
  KIND_WORDS,
  KNOWN_WORDS,
  OUTCOME_WORDS,
  READING_WORDS,
  TITLES,
  TOLD_WORDS,
  UNCOMPARED,
} from './words.ts';

/** One row explained: all of it the agency's own data, the codes that it was answered, and published rules. */
export interface ExplainedRow {
  readonly file: string;
  /** Encoding and habits of the file, in words. */
  readonly readAs: string;
  readonly row: FileRow;
  readonly reading: RowReading;
  readonly answer: RowAnswer;
  readonly path: VerdictPath;
  /** The answer can be to the row as it reads now. */
  readonly fits: boolean;
  readonly profile: { readonly id: string; readonly version: string };
  /** What the receipt says the row was answered under, where that is another profile. */
  readonly answeredUnder: string | undefined;
}

type Line = readonly [label: string, text: string];

/** For people, in lines of at most `width`. */
export function printRow(explained: ExplainedRow, language: Language, width: number): string {
  const { file, readAs, row, reading, answer, path, fits, profile, answeredUnder } = explained;
  const title = (name: keyof typeof TITLES): string => TITLES[name][language];
  const say = (name: keyof typeof READING_WORDS, facts = {}): string => fill(READING_WORDS[name][language], facts);
  const head = `${fill(title('head'), { file, line: row.line })}${row.rowId === '' ? '' : `, row_id ${visible(row.rowId)}`}. ${readAs}`;
  const sections: (readonly string[])[] = [
    wrap(head, width),
    [title('cells'), ...definitions(cellLines(row, language), width)],
    [title('reading'), ...definitions(readingLines(reading, row.misshapen, language), width)],
    [title('answer'), ...definitions(answerLines(answer, reading, language), width)],
    [
      title('path'),
      ...definitions(
        pathSteps(answer, path, reading, language).map((step, i): Line => [`${i + 1}.`, step]),
        width,
      ),
    ],
    [title('todo'), ...definitions([[answer.action, ACTION_WORDS[answer.action][language]]], width)],
    wrap(
      [
        say('profile', profile),
        ...(answeredUnder === undefined ? [] : [say('answeredUnder', { answered: answeredUnder })]),
      ].join(' '),
      width,
    ),
  ];
  if (!fits) sections.splice(4, 0, wrap(say('unfit'), width));
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function cellLines(row: FileRow, language: Language): Line[] {
  const cell = (text: string): string => (text === '' ? TITLES.empty[language] : visible(text));
  return [
    ['id_number', cell(row.idNumber)],
    ['full_name', cell(row.fullName)],
    ['date_of_birth', cell(row.dateOfBirth)],
  ];
}

function readingLines(reading: RowReading, misshapen: boolean, language: Language): Line[] {
  const say = (name: keyof typeof READING_WORDS, facts = {}): string => fill(READING_WORDS[name][language], facts);
  if (misshapen) return [['', say('misshapen')]];
  const { number, name, date, shifted } = reading;
  const moved: readonly Reason[] = shifted ? ['COLUMNS_SHIFTED'] : [];
  const undone = (reasons: readonly Reason[]): string[] =>
    reasons.length === 0 ? [say('plain')] : reasons.map((reason) => whenRead(reason, language));
  const kind = KIND_WORDS[number.kind][language];
  const known = KNOWN_WORDS[date.known][language];
  const names = [
    name.key === '' ? say('noName') : say('key', { key: visible(name.key) }),
    ...undone([...moved, ...name.reasons]),
    ...(name.bare ? [say('bare')] : []),
    ...(name.lettersLost ? [say('lost')] : []),
    ...(name.cut ? [say('cut')] : []),
    ...name.possible
      .slice(0, SHOWN_NAMES)
      .map(({ text, reasons }) =>
        say('possible', { text: visible(text), why: reasons.map((reason) => withCode(reason, language)).join(' ') }),
      ),
    ...(name.possible.length > SHOWN_NAMES ? [say('more', { n: name.possible.length - SHOWN_NAMES })] : []),
  ];
  return [
    [
      TITLES.number[language],
      [number.digits === '' ? kind : `${number.digits}, ${kind}`, ...undone(number.reasons)].join('\n'),
    ],
    [TITLES.name[language], names.join('\n')],
    [
      TITLES.date[language],
      [
        date.text === '' ? known : `${date.text.split('-').reverse().join('/')}, ${known}`,
        ...undone([...moved, ...date.reasons]),
      ].join('\n'),
    ],
  ];
}

/** Texts that a damaged name may have been: more are counted. */
const SHOWN_NAMES = 3;

/** Some sentences speak of two names; of one that is only read they say what was done to it. */
function whenRead(reason: Reason, language: Language): string {
  const own = FOLDED_WORDS[reason];
  return own === undefined ? withCode(reason, language) : `${reason}: ${own[language]}`;
}

function withCode(reason: Reason, language: Language): string {
  return `${reason}: ${reasonSentence(reason, language)}`;
}

function answerLines(answer: RowAnswer, reading: RowReading, language: Language): Line[] {
  const { verdict, results, nameScore, score, reasons, notices } = answer;
  const told = (state: Told, text: () => string): string => (state === 'TOLD' ? text() : TOLD_WORDS[state][language]);
  const uncompared = uncomparedOf({ verdict, ...results, reasons: reasons.list }, reading);
  const outcome = (value: FieldOutcome, ownOnly = false): string =>
    told(results.told, () =>
      value === '' ? '' : `${value}: ${(ownOnly ? UNCOMPARED : OUTCOME_WORDS[value])[language]}`,
    );
  const scored = (name: 'likeness' | 'share', value = 0): string =>
    fill(READING_WORDS[name][language], { n: value }) + (value % 20 === 0 ? READING_WORDS.band[language] : '');
  const noticed = notices.list.map((notice) => `${notice}: ${NOTICE_WORDS[notice][language]}`);
  if (answer.newNumber) noticed.push(READING_WORDS.newNumber[language]);
  const lines: Line[] = [
    [TITLES.verdict[language], `${verdict}: ${VERDICT_WORDS[verdict][language]}`],
    [TITLES.number[language], outcome(results.number)],
    [TITLES.name[language], outcome(results.name, uncompared.name)],
    [TITLES.date[language], outcome(results.date, uncompared.date)],
    [TITLES.reasons[language], told(reasons.told, () => reasons.list.map((one) => withCode(one, language)).join('\n'))],
    [TITLES.notices[language], noticed.length > 0 ? noticed.join('\n') : told(notices.told, () => '')],
    [TITLES.asOf[language], localTimeOf(answer.asOf)],
    ...carriedLines(answer, language),
  ];
  const shown = (state: Told) => state === 'TOLD' || state === 'NOT_GRANTED' || state === 'NONE_OR_NOT_GRANTED';
  if (shown(score.told))
    lines.splice(4, 0, [TITLES.score[language], told(score.told, () => scored('share', score.value))]);
  if (shown(nameScore.told)) {
    lines.splice(4, 0, [TITLES.nameScore[language], told(nameScore.told, () => scored('likeness', nameScore.value))]);
  }
  return lines;
}

function carriedLines({ carriedFrom: job }: RowAnswer, language: Language): Line[] {
  return job === undefined
    ? []
    : [[TITLES.carried[language], fill(TITLES.carriedFrom[language], { job: visible(job) })]];
}
