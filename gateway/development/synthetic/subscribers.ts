/**
 * A telco's subscriber file over the synthetic population, as telcos have them: mostly right, partly damaged, some under a
 * number that nobody has, some under somebody else's. With it, on demand, the truth of each row for tests.
 */
import type { AddressCatalogue } from './addresses.ts';
import { type CsvFormat, createCsvWriter } from './csv.ts';
import { type Claim, claimOf, type Damage, damaged } from './damage.ts';
import { choice } from './names.ts';
import { MAX_PERSONS } from './numbers.ts';
import type { People } from './people.ts';
import type { SyntheticPerson } from './person.ts';
import { createPopulation } from './population.ts';
import { below, chance, createScramble, draw, seedOf } from './random.ts';
import {
  type Different,
  dealLabels,
  type Invalid,
  type Label,
  MIXES,
  type Mix,
  type MixName,
} from './subscriber-mix.ts';
import { TELCO_PREFIXES, type Telco } from './telco-prefixes.ts';
import { USE } from './uses.ts';

export { expectedCounts, type Label, MIXES, type Mix, type MixName } from './subscriber-mix.ts';

export interface SubscriberOptions {
  readonly seed: number;
  /** Size of the population that the register holds, made under the same seed. */
  readonly persons: number;
  readonly subscribers: number;
  /** `demo` unless told otherwise. */
  readonly mix?: MixName | Mix;
  readonly telco?: Telco;
  /** Read from the address package unless given. */
  readonly addresses?: AddressCatalogue;
}

export interface Subscriber extends Claim {
  /** From 1, in the order of the file. */
  readonly rowId: number;
  /** 84 and nine digits. */
  readonly msisdn: string;
  readonly label: Label;
  /** Index of the person whose name and date the row shows. */
  readonly subject: number;
  /** Index of the person whose number the row shows; undefined where nobody has it. */
  readonly holder: number | undefined;
}

const LINES_PER_PREFIX = 10_000_000;
const UPPER_CASE_SHARE = 0.3;
const SLASHED_DATE_SHARE = 0.35;
/** Nobody younger holds a subscription of their own. */
const LAST_YEAR_OF_SUBSCRIBERS = 2011;
/** A rare trait is looked for in this many people before the population is called too small. */
const TRIES = 40_000;

/** What a row shows and of whom, before style. */
interface Shown {
  readonly claim: Claim;
  readonly subject: number;
  readonly holder: number | undefined;
}

interface Draws {
  readonly people: People;
  readonly persons: number;
  readonly mix: Mix;
  /** Candidates for a row, without end. */
  readonly candidate: (row: number, attempt: number) => number;
  /** 32 bits for what varies within a kind. */
  readonly variant: (row: number) => number;
}

const isWhole = (person: SyntheticPerson): boolean => person.born.day > 0;
/** Old enough; of the dead only every fourth still has a subscription (about one row in a hundred). */
const isSubscriber = (person: SyntheticPerson): boolean =>
  person.born.year <= LAST_YEAR_OF_SUBSCRIBERS && (person.life !== 'deceased' || person.index % 4 === 0);

function search<T>(draws: Draws, row: number, find: (index: number) => T | undefined): T {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = find(draws.candidate(row, attempt));
    if (found !== undefined) return found;
  }
  throw new RangeError('the population is too small to show every kind of row');
}

const subject = (claim: Claim, index: number): Shown => ({ claim, subject: index, holder: index });

function cleanRow(draws: Draws, row: number): Shown {
  return search(draws, row, (index) => {
    const person = draws.people.personAt(index);
    return isSubscriber(person) && (draws.mix.styled || isWhole(person)) ? subject(claimOf(person), index) : undefined;
  });
}

function damagedRow(draws: Draws, row: number, damage: Damage): Shown {
  return search(draws, row, (index) => {
    if (damage === 'superseded_id' && !draws.people.hasFormerId(index)) return undefined;
    const person = draws.people.personAt(index);
    const claim = isSubscriber(person) ? damaged(person, damage) : undefined;
    return claim === undefined ? undefined : subject(claim, index);
  });
}

/** Those who are absent are drawn from below this index, or from so many behind a population that reaches further. */
const ABSENT_BELOW = 8_000_000;
const FEWEST_ABSENT = 1_000_000;

/** Someone of this seed who is not of the population: a whole, plausible person under a number never given out. */
function absentRow(draws: Draws, row: number): Shown {
  const beyond = Math.min(MAX_PERSONS - draws.persons, Math.max(FEWEST_ABSENT, ABSENT_BELOW - draws.persons));
  for (let attempt = 0; ; attempt++) {
    const index = draws.persons + ((draws.candidate(row, attempt) + row) % beyond);
    const person = draws.people.personAt(index);
    if (isSubscriber(person)) return { claim: claimOf(person), subject: index, holder: undefined };
  }
}

/** The relative whose number is shown instead of the person's own; undefined where there is none in the register. */
function relative(draws: Draws, person: SyntheticPerson, kind: Exclude<Different, 'borrowed_id'>): number | undefined {
  const within = (index: number | undefined) => (index !== undefined && index < draws.persons ? index : undefined);
  if (kind === 'spouse') return within(person.spouse);
  if (kind === 'parent_and_child') return within(person.father ?? person.mother);
  const { first, size } = person.household;
  for (let index = first; index < first + size; index++) {
    if (index === person.index || within(index) === undefined) continue;
    const other = draws.people.personAt(index);
    const siblings = person.mother !== undefined && other.mother === person.mother;
    // Twins share a date: still two people, but a row that only a face could tell apart is no fair test.
    if (siblings && (other.born.year !== person.born.year || other.born.month !== person.born.month)) return index;
  }
  return undefined;
}

function differentRow(draws: Draws, row: number, kind: Different): Shown {
  return search(draws, row, (index) => {
    const person = draws.people.personAt(index);
    if (!isSubscriber(person) || !isWhole(person)) return undefined;
    const holder = kind === 'borrowed_id' ? draws.variant(row) % draws.persons : relative(draws, person, kind);
    if (holder === undefined || holder === index) return undefined;
    const owner = draws.people.personAt(holder);
    if (owner.born.year === person.born.year && kind === 'borrowed_id') return undefined;
    return { claim: { ...claimOf(person), idNumber: owner.personalId }, subject: index, holder };
  });
}

const INVALIDS: Record<Invalid, (claim: Claim, bits: number) => Claim> = {
  id_letters: (claim, bits) => ({
    ...claim,
    idNumber: `${claim.idNumber.slice(0, 8)}${choice(['O', 'l', 'X'], bits)}${claim.idNumber.slice(9)}`,
  }),
  id_length: (claim, bits) => ({
    ...claim,
    idNumber: chance(bits, 0.5) ? claim.idNumber.slice(0, 11) : `${claim.idNumber}7`,
  }),
  // A spreadsheet kept six digits of twelve: nobody can tell whose it was.
  id_exponent: (claim) => ({ ...claim, idNumber: `${claim.idNumber.slice(0, 1)}.${claim.idNumber.slice(1, 6)}E+11` }),
  date_impossible: (claim, bits) => ({
    ...claim,
    dateOfBirth: `${claim.dateOfBirth.slice(0, 4)}-${choice(['02-30', '13-41', '00-17', '04-31'], bits)}`,
  }),
  date_future: (claim) => ({ ...claim, dateOfBirth: `2${claim.dateOfBirth.slice(1).replace(/^[09]/u, '1')}` }),
  date_text: (claim, bits) => ({ ...claim, dateOfBirth: choice(['không rõ', 'NULL', '#REF!', '1900-00-00x'], bits) }),
  name_empty: (claim, bits) => ({ ...claim, fullName: choice(['', '   '], bits) }),
  id_empty: (claim) => ({ ...claim, idNumber: '' }),
};

function show(draws: Draws, row: number, label: Label): Shown {
  const [kind, detail] = label.split('.');
  switch (kind) {
    case 'damaged':
      return damagedRow(draws, row, detail as Damage);
    case 'different':
      return differentRow(draws, row, detail as Different);
    case 'absent':
      return absentRow(draws, row);
    case 'invalid': {
      const shown = search(draws, row, (index) => {
        const person = draws.people.personAt(index);
        return isSubscriber(person) && isWhole(person) ? subject(claimOf(person), index) : undefined;
      });
      return { ...shown, claim: INVALIDS[detail as Invalid](shown.claim, draws.variant(row)) };
    }
    default:
      return cleanRow(draws, row);
  }
}

/** 1985-03-07 → 07/03/1985; partial and broken dates as far as they have parts. */
const slashed = (date: string): string =>
  /^\d{4}(-\d{2}){0,2}$/u.test(date) ? date.split('-').reverse().join('/') : date;

/** How a telco keeps a value that is otherwise right: capitals, day first. Never of a value whose damage it would hide. */
function styled(claim: Claim, label: Label, seed: number, row: number): Claim {
  const upper =
    chance(draw(seed, row, USE.nameStyle), UPPER_CASE_SHARE) && !/tcvn3|vni|lookalike|decomposed/u.test(label);
  const dayFirst = chance(draw(seed, row, USE.dateStyle), SLASHED_DATE_SHARE);
  return {
    idNumber: claim.idNumber,
    fullName: upper ? claim.fullName.toUpperCase() : claim.fullName,
    dateOfBirth: dayFirst ? slashed(claim.dateOfBirth) : claim.dateOfBirth,
  };
}

/** All rows in order; memory does not grow with their number. */
export function* generateSubscribers(options: SubscriberOptions): Generator<Subscriber> {
  const { persons, subscribers, telco = 'viettel' } = options;
  if (!(persons > 0 && persons < MAX_PERSONS)) throw new RangeError(`persons lies in 1..${MAX_PERSONS - 1}`);
  const mix = typeof options.mix === 'object' ? options.mix : MIXES[options.mix ?? 'demo'];
  const seed = seedOf(options.seed);
  const labelOf = dealLabels(seed, subscribers, mix);
  const prefixes = TELCO_PREFIXES[telco];
  const line = createScramble(seed, USE.msisdnScramble, prefixes.length * 1000, LINES_PER_PREFIX / 1000);
  const draws: Draws = {
    people: createPopulation(options),
    persons,
    mix,
    candidate: (row, attempt) => below(draw(seed ^ attempt, row, USE.subscriber), persons),
    variant: (row) => draw(seed, row, USE.variant),
  };
  for (let row = 0; row < subscribers; row++) {
    const label = labelOf(row);
    const shown = show(draws, row, label);
    const number = line(row);
    const prefix = prefixes[Math.floor(number / LINES_PER_PREFIX)]!;
    yield {
      rowId: row + 1,
      msisdn: `84${prefix.slice(1)}${String(number % LINES_PER_PREFIX).padStart(7, '0')}`,
      ...(mix.styled ? styled(shown.claim, label, seed, row) : shown.claim),
      label,
      subject: shown.subject,
      holder: shown.holder,
    };
  }
}

export const SUBSCRIBER_COLUMNS = ['row_id', 'msisdn', 'id_number', 'full_name', 'date_of_birth'] as const;

export interface WriteSubscribersOptions extends SubscriberOptions {
  /** Five headers in the order of SUBSCRIBER_COLUMNS, where the telco names them otherwise. */
  readonly headers?: readonly [string, string, string, string, string];
  readonly format?: CsvFormat;
  /** Where to write the truth: row_id, label, subject and holder (indices of people, empty where nobody holds the number). */
  readonly truthPath?: string;
  readonly onProgress?: (rows: number) => void;
}

const PROGRESS_STEP = 10_000;

/** Writes the file and returns how many rows of each label it holds. Creates or replaces files. */
export async function writeSubscribersCsv(
  path: string,
  options: WriteSubscribersOptions,
): Promise<ReadonlyMap<Label, number>> {
  const writer = await createCsvWriter(path, options.format);
  const truth = options.truthPath === undefined ? undefined : await createCsvWriter(options.truthPath);
  const counts = new Map<Label, number>();
  try {
    await writer.line(options.headers ?? SUBSCRIBER_COLUMNS);
    await truth?.line(['row_id', 'label', 'subject', 'holder']);
    for (const row of generateSubscribers(options)) {
      counts.set(row.label, (counts.get(row.label) ?? 0) + 1);
      const full = writer.line([`${row.rowId}`, row.msisdn, row.idNumber, row.fullName, row.dateOfBirth]);
      if (full !== undefined) await full;
      await truth?.line([`${row.rowId}`, row.label, `${row.subject}`, row.holder === undefined ? '' : `${row.holder}`]);
      if (row.rowId % PROGRESS_STEP === 0) options.onProgress?.(row.rowId);
    }
  } finally {
    await writer.close();
    await truth?.close();
  }
  return counts;
}
