import type { Language } from '../../../connectors/kit/messages.ts';
import { ACTIONS } from '../../../connectors/kit/result-lines.ts';
import { NOTICES, VERDICTS, type Verdict } from '../../matching/verdicts.ts';
import { localTimeOf } from '../local-time.ts';
import { numbers, percent } from '../numbers.ts';
import { fill } from '../problem.ts';
import { reasonSentence } from '../summary.ts';
import { ACTION_WORDS, NOTICE_WORDS, USUAL_ACTION, VERDICT_WORDS } from '../verdict-words.ts';
import { barChart } from './chart.ts';
import { type Html, html, wholePage } from './html.ts';
import { personSections } from './person-sections.ts';
import { dataTable } from './table.ts';
import type { Tally } from './tally.ts';
import { REPORT_STYLE, REPORT_WORDS } from './words.ts';

export interface ReportFacts {
  /** Name of the results file, without its folder. */
  readonly file: string;
  readonly version: string;
  readonly profile: string;
  /** When the report is made, as people read it. */
  readonly time: string;
  /** How the file was read, a sentence each; undefined where the file was not given. */
  readonly read: readonly string[] | undefined;
}

/** Bars of one chart; the table has all. */
const MOST_BARS = 12;

/** The whole report as one HTML file. */
export function reportPage(tally: Tally, facts: ReportFacts, language: Language): string {
  const words = REPORT_WORDS[language];
  const title = fill(words.title, { file: facts.file });
  const { asOf } = tally;
  const body = html`<main>
<h1>${title}</h1>
<p>${words.rows}: <strong>${numbers(language)(tally.rows)}</strong>. ${asOf.first === '' ? '' : fill(words.asOf, { first: localTimeOf(asOf.first), last: localTimeOf(asOf.last) })}</p>
${partLine(tally, language)}
${carriedLine(tally, language)}
<p>${fill(words.made, { ...facts, read: '' })}</p>
${actionSection(tally, language)}
${verdictSection(tally, language)}
${noticeSection(tally, language)}
${reasonSection(tally, language)}
${facts.read === undefined ? html`<p>${words.noFile}</p>` : personSections(tally, language)}
${facts.read === undefined ? '' : readSection(facts.read, language)}
<p>${fill(words.notIn, { file: facts.file })}</p>
</main>`;
  return wholePage({ language, title, style: REPORT_STYLE, body });
}

/** Results of a part of the file, the first rows or filtered ones, are not to be read as all of it. */
function partLine({ rows, fileRows }: Tally, language: Language): Html | '' {
  if (fileRows === undefined || rows >= fileRows) return '';
  const tell = numbers(language);
  const facts = { rows: tell(rows), all: tell(fileRows), left: tell(fileRows - rows) };
  return html`<p><strong>${fill(REPORT_WORDS[language].part, facts)}</strong></p>`;
}

function carriedLine({ rows, carried }: Tally, language: Language): Html | '' {
  if (carried.size === 0) return '';
  const tell = numbers(language);
  const sum = [...carried.values()].reduce((a, b) => a + b);
  const facts = { asked: tell(rows - sum), carried: tell(sum), jobs: tell(carried.size) };
  return html`<p>${fill(REPORT_WORDS[language].carried, facts)}</p>`;
}

function actionSection({ rows, actions }: Tally, language: Language): Html {
  const words = REPORT_WORDS[language];
  const tell = numbers(language);
  const there = ACTIONS.filter((action) => actions.has(action));
  const lines = there.map((action) => {
    const number = actions.get(action) ?? 0;
    return [action, tell(number), percent(number, rows, language), ACTION_WORDS[action][language]];
  });
  return html`<section>
<h2>${words.todoTitle}</h2>
<p>${words.todoText}</p>
${dataTable(
  words.todoTitle,
  [
    { title: words.action },
    { title: words.rows, number: true },
    { title: words.share, number: true },
    { title: words.todo },
  ],
  lines,
  ([action]) => action === 'STOP',
)}
</section>`;
}

function verdictSection({ rows, verdicts }: Tally, language: Language): Html {
  const words = REPORT_WORDS[language];
  const tell = numbers(language);
  const there = (Object.keys(VERDICTS) as Verdict[]).filter((verdict) => verdicts.has(verdict));
  const counts = there.map((verdict) => ({ verdict, number: verdicts.get(verdict) ?? 0 }));
  const bars = counts.map(({ verdict, number }) => ({ label: verdict, value: number, text: tell(number) }));
  const lines = counts.map(({ verdict, number }) => [
    verdict,
    tell(number),
    percent(number, rows, language),
    VERDICT_WORDS[verdict][language],
    `${USUAL_ACTION[verdict]}: ${ACTION_WORDS[USUAL_ACTION[verdict]][language]}`,
  ]);
  const heads = [
    ...[{ title: words.verdict }, { title: words.rows, number: true }, { title: words.share, number: true }],
    ...[{ title: words.meaning }, { title: words.todo }],
  ];
  return html`<section>
<h2>${words.verdictTitle}</h2>
<figure>${barChart(bars, `${words.verdictTitle}. ${words.chart}`)}</figure>
${dataTable(words.verdictTitle, heads, lines)}
</section>`;
}

function noticeSection({ rows, notices }: Tally, language: Language): Html {
  const words = REPORT_WORDS[language];
  const tell = numbers(language);
  const there = (Object.keys(NOTICES) as (keyof typeof NOTICES)[]).flatMap((notice) => {
    const seen = notices.get(notice);
    return seen === undefined ? [] : [{ notice, ...seen }];
  });
  const lines = there.map(({ notice, rows: number, line }) => [
    ...[notice, tell(number), percent(number, rows, language), NOTICE_WORDS[notice][language], tell(line)],
  ]);
  return html`<section>
<h2>${words.noticeTitle}</h2>
<p>${lines.length === 0 ? words.none : words.noticeText}</p>
${lines.length === 0 ? '' : dataTable(words.noticeTitle, seenHeads(words.notice, language), lines, ([name]) => name === 'DECEASED')}
</section>`;
}

function reasonSection({ rows, reasons }: Tally, language: Language): Html {
  const words = REPORT_WORDS[language];
  const tell = numbers(language);
  const there = [...reasons].sort(([, a], [, b]) => b.rows - a.rows || a.line - b.line);
  const lines = there.map(([reason, { rows: number, line }]) => [
    ...[reason, tell(number), percent(number, rows, language), reasonSentence(reason, language), tell(line)],
  ]);
  const bars = there
    .slice(0, MOST_BARS)
    .map(([reason, { rows: number }]) => ({ label: reason, value: number, text: tell(number) }));
  return html`<section>
<h2>${words.reasonTitle}</h2>
<p>${lines.length === 0 ? words.none : words.reasonText}</p>
${
  lines.length === 0
    ? ''
    : html`<figure>${barChart(bars, `${words.reasonTitle}. ${words.chart}`)}</figure>
${dataTable(words.reasonTitle, seenHeads(words.reason, language), lines)}`
}
</section>`;
}

function seenHeads(first: string, language: Language) {
  const words = REPORT_WORDS[language];
  return [
    { title: first },
    { title: words.rows, number: true },
    { title: words.share, number: true },
    { title: words.meaning },
    { title: words.first, number: true },
  ];
}

function readSection(read: readonly string[], language: Language): Html {
  const words = REPORT_WORDS[language];
  return html`<section>
<h2>${words.readTitle}</h2>
<ul>${read.map((line) => html`<li>${line}</li>`)}</ul>
<p>${words.readText}</p>
</section>`;
}
