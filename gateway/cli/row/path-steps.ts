import type { Language } from '../../../connectors/kit/messages.ts';
import { STRICTNESS, THRESHOLDS, type Verdict } from '../../matching/index.ts';
import { plain } from '../numbers.ts';
import { fill } from '../problem.ts';
import type { FieldOutcome, RowAnswer } from './answer.ts';
import type { RowReading } from './reading.ts';
import type { VerdictPath } from './verdict-path.ts';
import { DATE_GRADE_WORDS, NAME_GRADE_WORDS, PATH_WORDS, RULE_WORDS } from './words.ts';

/** How the verdict comes about, a sentence a step. */
export function pathSteps(
  { verdict, results }: RowAnswer,
  { rule, nameGrades, dateGrades, ceilings, below }: VerdictPath,
  { number }: RowReading,
  language: Language,
): string[] {
  const say = (name: keyof typeof PATH_WORDS, facts = {}): string => fill(PATH_WORDS[name][language], facts);
  if (verdict === 'NOT_CONFIRMED') return [say('silent')];
  if (rule === undefined) return [say('otherwise')];
  if (verdict === 'AMBIGUOUS') return [say('ambiguous')];
  if (rule === 1 || rule === 2) return [RULE_WORDS[rule][language]];
  const first = RULE_WORDS[rule][language];
  if (ceilings === undefined) return [first, say('withheld')];
  const grades = <G extends string>(
    list: readonly G[],
    words: Readonly<Record<G, Readonly<Record<Language, string>>>>,
  ) => list.map((grade) => `${grade} (${words[grade][language]})`).join(say('or'));
  const field = (name: 'name' | 'date', outcome: FieldOutcome, text: string): string =>
    say(name, { outcome, grades: text });
  const steps = [
    first,
    field('name', results.name, grades(nameGrades, NAME_GRADE_WORDS)),
    field('date', results.date, grades(dateGrades, DATE_GRADE_WORDS)),
    ...(number.trust === 'read' ? [] : [say('guessed')]),
    say('ceiling', { ceilings: ceilingText(ceilings, say('or')) }),
  ];
  if (below === 'NUMBER') steps.push(say('number'));
  if (below === 'WEIGHT') {
    const { verified, probable } = THRESHOLDS.standard;
    const bits = { verified, probable, review: THRESHOLDS.review.probable };
    const told = Object.entries(bits).map(([name, value]) => [name, plain(value, language)]);
    steps.push(say('weight', Object.fromEntries(told)));
  }
  return steps;
}

/** `PROBABLE (standard, review), MISMATCH (exact)`. */
function ceilingText(ceilings: NonNullable<VerdictPath['ceilings']>, or: string): string {
  const byText = new Map<string, string[]>();
  const order = [...STRICTNESS].sort((a, b) => Number(a === 'exact') - Number(b === 'exact'));
  for (const strictness of order) {
    const text = ceilings[strictness]
      .map((verdict: Verdict) => verdict)
      .join(or.trim() === ',' ? or : or.replace(',', ''));
    byText.set(text, [...(byText.get(text) ?? []), strictness]);
  }
  return [...byText].map(([text, which]) => `${text} (${which.join(', ')})`).join(', ');
}
