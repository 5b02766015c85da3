/** Rows of one class beside the register's values, for whoever works on the matcher. All people are synthetic. */
import { isoDate } from '../../gateway/development/synthetic/population.ts';
import type { Row } from './generate/row.ts';
import type { World } from './generate/world.ts';
import { createNumberIndex } from './matchers/number-index.ts';
import { createOurs, type OurAnswer } from './matchers/ours.ts';

const MOST = 20;

/** How far an answer is from the one that is wanted. */
function badness(row: Row, { verdict, person }: OurAnswer): number {
  const positive = verdict === 'VERIFIED' ? 2 : verdict === 'PROBABLE' ? 1 : 0;
  if (row.kind !== 'same') return positive;
  return person !== undefined && person !== row.subject && positive > 0 ? 3 : 2 - positive;
}

const shown = (text: string): string => JSON.stringify(text);

function describe(world: World, row: Row, answer: OurAnswer): string {
  const lines = [
    `row ${row.rowId}  ${row.label}${row.damages.length > 0 ? `  [${row.damages.join(', ')}]` : ''}`,
    `  the row      ${shown(row.idNumber)}  ${shown(row.name)}  ${shown(row.birthDate)}`,
  ];
  const of = (title: string, index: number): string => {
    const { personalId, oldNumbers, formerId, fullName, born } = world.people[index]!;
    const numbers = [
      personalId,
      ...oldNumbers,
      ...(formerId === undefined ? [] : [`${formerId.kind} ${formerId.value}`]),
    ];
    return `  ${title.padEnd(11)}  ${fullName}  ${isoDate(born)}  ${numbers.join(' ')}`;
  };
  lines.push(of('its person', row.subject));
  if (row.holder !== undefined && row.holder !== row.subject) lines.push(of('the holder', row.holder));
  if (answer.person !== undefined && answer.person !== row.holder) lines.push(of('answered', answer.person));
  const score = answer.score === undefined ? '' : `  score ${answer.score}`;
  lines.push(`  ${answer.verdict}${score}  ${answer.reasons().join(' ')}`);
  return lines.join('\n');
}

/** Up to 20 rows of a label or with a damage, the worst answers first; empty where no row has it. */
export function printExamples(world: World, rows: Iterable<Row>, wanted: string): string {
  const ours = createOurs(createNumberIndex(world.people), 'standard');
  const found: { row: Row; answer: OurAnswer; badness: number }[] = [];
  for (const row of rows) {
    if (row.label !== wanted && !row.damages.includes(wanted)) continue;
    const answer = ours(row);
    found.push({ row, answer, badness: badness(row, answer) });
  }
  return found
    .toSorted((a, b) => b.badness - a.badness)
    .slice(0, MOST)
    .map(({ row, answer }) => describe(world, row, answer))
    .join('\n\n');
}
