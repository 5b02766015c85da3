import type { Language } from '../../../connectors/kit/messages.ts';
import { numbers, percent } from '../numbers.ts';
import { barChart, columnChart } from './chart.ts';
import { type Html, html } from './html.ts';
import { provinceName } from './provinces.ts';
import { dataTable } from './table.ts';
import { LEAST_TOLD, type Tally } from './tally.ts';
import { REPORT_WORDS } from './words.ts';

const MOST_BARS = 20;
/** Columns of the chart of years; the table has all. */
const MOST_YEARS = 110;

/** By province, by year of birth, and both crossed. */
export function personSections(tally: Tally, language: Language): Html {
  return html`${provinceSection(tally, language)}
${yearSection(tally, language)}
${crossSection(tally, language)}`;
}

/** The code first: of a long name it is what is left to see. */
function labelOf(code: string, language: Language): string {
  const name = provinceName(code, language);
  return /^\d/.test(code) ? `${code} ${name}` : name;
}

function provinceSection({ provinces }: Tally, language: Language): Html {
  const words = REPORT_WORDS[language];
  const tell = numbers(language);
  const there = [...provinces].sort(([a, x], [b, y]) => y.rows - x.rows || (a < b ? -1 : 1));
  const bars = there.slice(0, MOST_BARS).map(([code, { rows }]) => {
    const label = labelOf(code, language);
    return { label, value: rows, text: tell(rows) };
  });
  const lines = there.map(([code, { rows, work }]) => [
    ...[
      provinceName(code, language),
      /^\d/.test(code) ? code : '',
      tell(rows),
      tell(work),
      percent(work, rows, language),
    ],
  ]);
  const heads = [
    { title: words.province },
    { title: words.code },
    ...[words.rows, words.work, words.share].map((title) => ({ title, number: true })),
  ];
  return html`<section>
<h2>${words.provinceTitle}</h2>
<p>${words.provinceText}</p>
<figure>${barChart(bars, `${words.provinceTitle}. ${words.chart}`)}</figure>
${dataTable(words.provinceTitle, heads, lines)}
</section>`;
}

/**
 * The years that the chart shows: all, or the {@link MOST_YEARS} in which most rows are, so that a few wrong dates do not
 * press the others together. `last` below `first` where no year is known.
 */
export function yearWindow(years: Tally['years']): { first: number; last: number } {
  const known = [...years.keys()].filter((year) => year > 0).sort((a, b) => a - b);
  const rowsFrom = (first: number): number =>
    known.reduce(
      (sum, year) => sum + (year >= first && year < first + MOST_YEARS ? (years.get(year)?.rows ?? 0) : 0),
      0,
    );
  const first = known.reduce((best, year) => (rowsFrom(year) > rowsFrom(best) ? year : best), known[0] ?? 1);
  return { first, last: known.findLast((year) => year < first + MOST_YEARS) ?? 0 };
}

function yearSection({ years }: Tally, language: Language): Html {
  const words = REPORT_WORDS[language];
  const tell = numbers(language);
  const there = [...years].sort(([a], [b]) => a - b);
  const { first, last } = yearWindow(years);
  const columns = Array.from({ length: last - first + 1 }, (_, at) => {
    const { rows, work } = years.get(first + at) ?? { rows: 0, work: 0 };
    return { label: String(first + at), work, rest: rows - work };
  });
  const lines = there.map(([year, { rows, work }]) => [
    ...[year === 0 ? words.unknown : String(year), tell(rows), tell(work), percent(work, rows, language)],
  ]);
  const heads = [
    { title: words.year },
    ...[words.rows, words.work, words.share].map((title) => ({ title, number: true })),
  ];
  return html`<section>
<h2>${words.yearTitle}</h2>
<p>${words.yearText}</p>
${columns.length === 0 ? '' : html`<figure>${columnChart(columns, tell, `${words.yearTitle}. ${words.chart}`)}</figure>`}
${dataTable(words.yearTitle, heads, lines)}
</section>`;
}

function crossSection({ provinces, crossings }: Tally, language: Language): Html {
  const words = REPORT_WORDS[language];
  const tell = numbers(language);
  const decades = [...new Set([...crossings.keys()].map((key) => Number(key.split(' ')[1])))].sort((a, b) => a - b);
  const small = (value: number): string => (value > 0 && value < LEAST_TOLD ? `<${LEAST_TOLD}` : tell(value));
  const lines = [...provinces]
    .filter(([, { work }]) => work > 0)
    .sort(([a, x], [b, y]) => y.work - x.work || (a < b ? -1 : 1))
    .map(([code]) => [
      labelOf(code, language),
      ...decades.map((decade) => small(crossings.get(`${code} ${decade}`) ?? 0)),
    ]);
  if (lines.length === 0) return html`<section><h2>${words.crossTitle}</h2><p>${words.none}</p></section>`;
  const heads = [
    { title: words.province },
    ...decades.map((decade) => ({ title: decade === 0 ? words.unknown : `${decade}–${decade + 9}`, number: true })),
  ];
  return html`<section>
<h2>${words.crossTitle}</h2>
<p>${words.crossText}</p>
${dataTable(words.crossTitle, heads, lines)}
</section>`;
}
