/**
 * The register's population as records and as `persons.csv`. The same seed gives the same people, whatever their number:
 * a population of 1,000 is the beginning of one of 1,000,000.
 */
import { type AddressCatalogue, CATALOGUE_VERSION, loadAddressCatalogue } from './addresses.ts';
import { type CsvFormat, createCsvWriter, csvCell } from './csv.ts';
import type { Place } from './households.ts';
import { MAX_PERSONS } from './numbers.ts';
import { createPeople, type People } from './people.ts';
import type { KnownDate, SyntheticPerson, Traits } from './person.ts';
import { PROVINCES } from './provinces.ts';

/** The columns that `persons.csv` promises, in this order. */
export const PERSON_COLUMNS = [
  'personal_id',
  'full_name',
  'date_of_birth',
  'sex',
  'birth_province_code',
  'old_cmnd',
  'status',
  'superseded_by',
  'mobile',
  'permanent_address',
  'ethnicity',
] as const;

/**
 * Further columns, named by field path. Administrative units are written CODE@CATALOGUE (`79@2025-07-01`); several values of
 * one field are joined by `;`.
 */
export const FURTHER_COLUMNS = [
  'religion',
  'nationalities',
  'blood_type',
  'marital_status',
  'residence_file_number',
  'permanent_address.province',
  'permanent_address.commune',
  'household.relation_to_head',
  'household.head_full_name',
  'father.full_name',
  'mother.full_name',
  'spouse.full_name',
] as const;

/** State of a person, or of the number in this row where the person has another. */
export type RowStatus = 'alive' | 'deceased' | 'missing' | 'id_superseded' | 'cancelled';

/** One line of `persons.csv`. */
export interface PersonRecord {
  readonly person: SyntheticPerson;
  /** 12 digits. */
  readonly personalId: string;
  readonly status: RowStatus;
  /** The current ID of the same person; empty where `personalId` is it, or where a cancelled number has no successor. */
  readonly supersededBy: string;
}

export interface PopulationOptions {
  readonly seed: number;
  /** How many people; numbers that are no longer current come as further records. */
  readonly persons: number;
  /** Read from the address package unless given. */
  readonly addresses?: AddressCatalogue;
}

/** YYYY, YYYY-MM or YYYY-MM-DD, as far as the date is known. */
export function isoDate({ year, month, day }: KnownDate): string {
  if (month === 0) return `${year}`;
  const start = month < 10 ? `${year}-0${month}` : `${year}-${month}`;
  if (day === 0) return start;
  return day < 10 ? `${start}-0${day}` : `${start}-${day}`;
}

/** People at random access under a seed. Reads the address package unless a catalogue is given. */
export const createPopulation = (options: { seed: number; addresses?: AddressCatalogue }): People =>
  createPeople({ seed: options.seed, addresses: options.addresses ?? loadAddressCatalogue() });

/** The records of one person: the current number's first, then that of a former number, if any. */
export function recordsOf(person: SyntheticPerson): readonly PersonRecord[] {
  const current: PersonRecord = { person, personalId: person.personalId, status: person.life, supersededBy: '' };
  const { formerId } = person;
  if (formerId === undefined) return [current];
  const former: PersonRecord = {
    person,
    personalId: formerId.value,
    status: formerId.kind === 'superseded' ? 'id_superseded' : 'cancelled',
    supersededBy: formerId.kind === 'cancelled_alone' ? '' : person.personalId,
  };
  return [current, former];
}

function checkSize(persons: number): void {
  if (!(Number.isInteger(persons) && persons >= 0 && persons <= MAX_PERSONS)) {
    throw new RangeError(`persons is a whole number up to ${MAX_PERSONS}`);
  }
}

/** All records in order, one person at a time: memory does not grow with their number. */
export function* generatePopulation(options: PopulationOptions): Generator<PersonRecord> {
  checkSize(options.persons);
  const people = createPopulation(options);
  for (let index = 0; index < options.persons; index++) yield* recordsOf(people.personAt(index));
}

const RELATIONS: Record<Place['relation'], { readonly M: string; readonly F: string }> = {
  head: { M: 'Chủ hộ', F: 'Chủ hộ' },
  spouse: { M: 'Chồng', F: 'Vợ' },
  child: { M: 'Con', F: 'Con' },
  parent: { M: 'Cha', F: 'Mẹ' },
  child_in_law: { M: 'Con rể', F: 'Con dâu' },
  grandchild: { M: 'Cháu', F: 'Cháu' },
};

/** The cells of PERSON_COLUMNS. */
export function personCells({ person, personalId, status, supersededBy }: PersonRecord): string[] {
  return [
    personalId,
    person.fullName,
    isoDate(person.born),
    person.sex,
    PROVINCES[person.province]!.code,
    // Old numbers stand with the current number only.
    supersededBy === '' && status !== 'cancelled' ? person.oldNumbers.join(';') : '',
    status,
    supersededBy,
    person.mobile,
    person.address.text,
    person.ethnicity,
  ];
}

/** The cells of FURTHER_COLUMNS. */
export function furtherCells(person: SyntheticPerson, traits: Traits): string[] {
  const { commune } = person.address;
  return [
    traits.religion,
    'VN',
    traits.bloodType,
    traits.maritalStatus,
    `${PROVINCES[person.province]!.code}${String(person.household.first).padStart(8, '0')}`,
    `${commune.provinceCode}@${CATALOGUE_VERSION}`,
    `${commune.wardCode}@${CATALOGUE_VERSION}`,
    RELATIONS[person.relation][person.sex],
    traits.headName,
    traits.fatherName,
    traits.motherName,
    traits.spouseName,
  ];
}

export interface WrittenPersons {
  readonly persons: number;
  /** Lines after the header: people and numbers that are no longer current. */
  readonly rows: number;
}

export interface WritePersonsOptions extends PopulationOptions {
  /** FURTHER_COLUMNS too; true unless told otherwise. */
  readonly further?: boolean;
  readonly format?: CsvFormat;
  /** Called now and then with the number of people written. */
  readonly onProgress?: (persons: number) => void;
}

const PROGRESS_STEP = 20_000;

/** The only cells that may hold `,` or `;`; names, codes and dates never do, and a test reads every column back. */
const MAY_NEED_QUOTES = [PERSON_COLUMNS.indexOf('old_cmnd'), PERSON_COLUMNS.indexOf('permanent_address')] as const;

/** Writes `persons.csv` (UTF-8, header first). Creates or replaces the file; memory does not grow with its length. */
export async function writePersonsCsv(path: string, options: WritePersonsOptions): Promise<WrittenPersons> {
  checkSize(options.persons);
  const { persons, further = true } = options;
  const people = createPopulation(options);
  const writer = await createCsvWriter(path, options.format);
  let rows = 0;
  try {
    const header = further ? [...PERSON_COLUMNS, ...FURTHER_COLUMNS] : PERSON_COLUMNS;
    await writer.line(header);
    for (let index = 0; index < persons; index++) {
      const person = people.personAt(index);
      const rest = further ? furtherCells(person, people.traitsOf(person)) : [];
      for (const record of recordsOf(person)) {
        const cells = personCells(record);
        for (const column of MAY_NEED_QUOTES) cells[column] = csvCell(cells[column]!, writer.separator);
        const full = writer.plainLine(further ? cells.concat(rest) : cells);
        rows++;
        if (full !== undefined) await full;
      }
      if ((index + 1) % PROGRESS_STEP === 0) options.onProgress?.(index + 1);
    }
    options.onProgress?.(persons);
  } finally {
    await writer.close();
  }
  return { persons, rows };
}
