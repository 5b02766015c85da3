/** Rows of truly different people: the subject's name and date under a number that is another living person's. */
import type { Person } from './damage.ts';
import { isWhole } from './dates/calendar.ts';
import { writeDate } from './dates/styles.ts';
import { spoken, withoutMarks } from './letters.ts';
import type { Pair } from './population.ts';
import type { Rng } from './random.ts';
import type { Shown } from './row.ts';
import { writeName } from './same.ts';
import type { World } from './world.ts';

type Choose = (world: World, rng: Rng) => Pair | undefined;

const eitherWay = ([a, b]: Pair, rng: Rng): Pair => (rng.chance(0.5) ? [a, b] : [b, a]);

const fromList =
  (list: (world: World) => readonly Pair[]): Choose =>
  (world, rng) => {
    const pairs = list(world);
    return pairs.length === 0 ? undefined : eitherWay(rng.pick(pairs), rng);
  };

/** Two people who have nothing to do with each other. */
const strangers: Choose = ({ subscribers }, rng) => [rng.pick(subscribers), rng.pick(subscribers)];

const relative =
  (of: (person: Person) => number | undefined): Choose =>
  ({ people, subscribers }, rng) => {
    const a = rng.pick(subscribers);
    const b = of(people[a]!);
    return b === undefined || b >= people.length ? undefined : eitherWay([a, b], rng);
  };

/** Kinds with their shares of all rows of different people; `pairs` says whether the world can show it. */
export const DIFFERENT: Readonly<
  Record<
    string,
    { readonly share: number; readonly choose: Choose; readonly pairs?: (world: World) => readonly Pair[] }
  >
> = {
  /** A friend of about the same age lent the ID. */
  borrowed_from_friend: {
    share: 14,
    choose: (world, rng) => {
      const pair = strangers(world, rng);
      const [a, b] = [world.people[pair![0]]!, world.people[pair![1]]!];
      return Math.abs(a.born.year - b.born.year) <= 6 ? pair : undefined;
    },
  },
  borrowed_from_parent: { share: 12, choose: relative(({ mother, father, sex }) => (sex === 'M' ? father : mother)) },
  spouse: { share: 10, choose: relative(({ spouse }) => spouse) },
  sibling: { share: 15, choose: fromList(({ planted }) => planted.siblings), pairs: ({ planted }) => planted.siblings },
  twin: { share: 8, choose: fromList(({ planted }) => planted.twins), pairs: ({ planted }) => planted.twins },
  twin_by_marks: {
    share: 2,
    choose: fromList(({ planted }) => planted.twinsByMarks),
    pairs: ({ planted }) => planted.twinsByMarks,
  },
  father_and_son_of_one_name: {
    share: 6,
    choose: fromList(({ planted }) => planted.namesakes),
    pairs: ({ planted }) => planted.namesakes,
  },
  /** A SIM sold on: the old subscriber's name and date, the new holder's ID. */
  recycled_sim: { share: 10, choose: strangers },
  /** The reverse: the new subscriber's name and date, the old holder's ID. */
  recycled_sim_reversed: { share: 6, choose: strangers },
  slip_hits_other: {
    share: 5,
    choose: fromList(({ planted }) => planted.slips),
    pairs: ({ planted }) => planted.slips,
  },
  transposition_hits_other: {
    share: 4,
    choose: fromList(({ planted }) => planted.transpositions),
    pairs: ({ planted }) => planted.transpositions,
  },
  /** The clerk chose the wrong line of a list of people of one name. */
  wrong_line: { share: 4, choose: fromList(({ sameName }) => sameName), pairs: ({ sameName }) => sameName },
  wrong_line_same_year: {
    share: 2,
    choose: fromList(({ sameNameAndYear }) => sameNameAndYear),
    pairs: ({ sameNameAndYear }) => sameNameAndYear,
  },
  wrong_line_near_date: {
    share: 0.5,
    choose: fromList(({ sameNameNearDate }) => sameNameNearDate),
    pairs: ({ sameNameNearDate }) => sameNameNearDate,
  },
  old_number_of_other: { share: 1.5, choose: strangers },
};

/** Their rows are as damaged as others; only damage that leaves two people two is done to them. */
const LIGHT = [
  'marks_none',
  'tone_dropped',
  'marks_partly',
  'extra_blanks',
  'decomposed',
  'middle_dropped',
  'title',
  'tone_new_placement',
] as const;
const LIGHT_SHARE = 0.25;
const YEAR_ALONE_SHARE = 0.05;

const sameDay = ({ born: a }: Person, { born: b }: Person): boolean =>
  a.year === b.year && a.month === b.month && a.day === b.day;

/** One try; undefined where the people drawn do not show the kind, or are not told apart by name or date. */
export function differentRow(world: World, kind: string, rng: Rng): Shown | undefined {
  const pair = DIFFERENT[kind]!.choose(world, rng);
  if (pair === undefined) return undefined;
  const [subject, holder] = [world.people[pair[0]]!, world.people[pair[1]]!];
  if (holder.life !== 'alive') return undefined;
  if (subject.index === holder.index || !isWhole(subject.born) || !isWhole(holder.born)) return undefined;
  if (spoken(subject.fullName) === spoken(holder.fullName) && sameDay(subject, holder)) return undefined;
  if (holder.oldNumbers.some((number) => subject.oldNumbers.includes(number))) return undefined;
  const idNumber = kind === 'old_number_of_other' ? holder.oldNumbers[0] : holder.personalId;
  if (idNumber === undefined) return undefined;

  const byMarksAlone = withoutMarks(subject.fullName) === withoutMarks(holder.fullName) && sameDay(subject, holder);
  const light = !byMarksAlone && rng.chance(LIGHT_SHARE) ? [rng.pick(LIGHT)] : [];
  // Of twins, a dropped middle name may be all that told them apart.
  if (light[0] === 'middle_dropped' && sameDay(subject, holder)) return undefined;
  const name = writeName(subject, light, rng);
  if (name === undefined) return undefined;
  const yearAlone = subject.born.year !== holder.born.year && rng.chance(YEAR_ALONE_SHARE);
  return {
    idNumber,
    name,
    birthDate: yearAlone ? `${subject.born.year}` : writeDate(subject.born, rng),
    subject: subject.index,
    holder: holder.index,
    damages: [...light.map((key) => `name.${key}`), ...(yearAlone ? ['date.year_only'] : [])],
  };
}
