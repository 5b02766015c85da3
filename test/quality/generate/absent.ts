/** Rows under a number that nobody has, and rows that nobody can read. Reported apart from the rates. */
import type { Person } from './damage.ts';
import type { Rng } from './random.ts';
import type { Claim, Shown } from './row.ts';
import { sameRow } from './same.ts';
import type { World } from './world.ts';

const digits = (rng: Rng, count: number): string => Array.from({ length: count }, () => rng.below(10)).join('');

type Wrong = (id: string, rng: Rng, person: Person) => string;

/** Kinds with their shares of all rows of absent numbers. */
export const ABSENT: Readonly<Record<string, { readonly share: number; readonly number: Wrong }>> = {
  unknown_number: { share: 50, number: (id, rng) => id.slice(0, 6) + digits(rng, 6) },
  slip: {
    share: 20,
    number: (id, rng) => {
      const at = 3 + rng.below(9);
      return `${id.slice(0, at)}${(Number(id[at]) + 1 + rng.below(9)) % 10}${id.slice(at + 1)}`;
    },
  },
  transposition: {
    share: 10,
    number: (id, rng) => {
      const at = 3 + rng.below(8);
      return `${id.slice(0, at)}${id[at + 1]}${id[at]}${id.slice(at + 2)}`;
    },
  },
  unknown_old_number: { share: 10, number: (_id, rng) => digits(rng, 9) },
  digit_lost: { share: 5, number: (id, rng) => id.slice(0, 5) + id.slice(6 + rng.below(2)) },
  digit_added: { share: 5, number: (id, rng) => `${id.slice(0, 7)}${rng.below(10)}${id.slice(7)}` },
};

type Spoil = (claim: Claim, rng: Rng) => Partial<Claim>;

/** Kinds with their shares of all unreadable rows. */
export const UNREADABLE: Readonly<Record<string, { readonly share: number; readonly spoil: Spoil }>> = {
  number_missing: {
    share: 3,
    spoil: (_, rng) => ({ idNumber: rng.pick(['', ' ', '-', 'NULL', 'N/A', 'không có', '0']) }),
  },
  /** A spreadsheet kept six digits of twelve: nobody can tell whose it was. */
  number_cut_by_exponent: {
    share: 3,
    spoil: ({ idNumber }) => ({ idNumber: `${idNumber[0]}.${idNumber.slice(1, 6)}E+11` }),
  },
  number_filler: {
    share: 2,
    spoil: (_, rng) => ({
      idNumber: rng.pick([
        '000000000000',
        '111111111',
        '123456789',
        '999999999999',
        'XXXXXXXXXXXX',
        '#N/A',
        '############',
      ]),
    }),
  },
  number_masked: {
    share: 2,
    spoil: ({ idNumber }, rng) => ({
      idNumber: rng.pick([
        `${idNumber.slice(0, 6)}******`,
        `******${idNumber.slice(6)}`,
        `${idNumber.slice(0, 3)}xxxxxx${idNumber.slice(9)}`,
      ]),
    }),
  },
  date_missing: {
    share: 3,
    spoil: (_, rng) => ({ birthDate: rng.pick(['', ' ', 'NULL', 'không rõ', '/  /', '-', '0']) }),
  },
  date_garbage: {
    share: 2,
    spoil: (_, rng) => ({
      birthDate: rng.pick(['#REF!', '########', 'abc', '99/99/9999', '32/13/1985', '1985-13-41', '30/02/1985']),
    }),
  },
  name_missing: { share: 3, spoil: (_, rng) => ({ name: rng.pick(['', '  ', '-', '.', 'NULL', 'N/A', '???', '_']) }) },
  name_filler: {
    share: 2,
    spoil: (_, rng) => ({
      name: rng.pick(['KHACH HANG', 'Test', 'aaaa', 'Khách lẻ', 'CTY TNHH ABC', 'Không tên', 'x', '123456', 'Ẩn danh']),
    }),
  },
};

export function absentRow(world: World, kind: string, person: Person, rng: Rng): Shown | undefined {
  const shown = sameRow(person, { name: [] }, rng);
  const idNumber = ABSENT[kind]!.number(person.personalId, rng, person);
  // It must not be somebody's after all, nor be somebody's once a lost zero is put back.
  if (shown === undefined || [idNumber, `0${idNumber}`, idNumber.slice(1)].some((number) => world.numbers.has(number)))
    return undefined;
  return { ...shown, idNumber, holder: undefined, damages: [`id.${kind}`] };
}

export function unreadableRow(kind: string, person: Person, rng: Rng): Shown | undefined {
  const shown = sameRow(person, { name: [] }, rng);
  return shown === undefined || person.born.day === 0
    ? undefined
    : { ...shown, ...UNREADABLE[kind]!.spoil(shown, rng) };
}
