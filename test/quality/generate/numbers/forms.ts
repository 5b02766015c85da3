/** Ways in which the right digits of a number are written so that a reader must know them. The number stays recoverable. */
import type { NumberDamage, Person, Pool, WriteNumber } from '../damage.ts';
import { two } from '../dates/calendar.ts';
import type { Rng } from '../random.ts';

const ofId =
  (change: (id: string, rng: Rng, person: Person) => string | undefined): WriteNumber =>
  (person, rng) =>
    change(person.personalId, rng, person);

const firstOld = ({ oldNumbers }: Person): string | undefined => oldNumbers[0];
const compact = ({ year, month, day }: Person['born']): string => `${two(day)}${two(month)}${year}`;

/** What the QR code of the card holds, pasted whole into the cell: `ID|CMND|name|born|sex|address|issued`. */
const qr: WriteNumber = (person) => {
  const { personalId, fullName, sex, address } = person;
  if (person.born.day === 0) return undefined;
  return [
    personalId,
    firstOld(person) ?? '',
    fullName,
    compact(person.born),
    sex === 'M' ? 'Nam' : 'Nữ',
    address.text,
    '15082021',
  ].join('|');
};

const FORMS = {
  separators: ofId((id, rng) => {
    const sign = rng.pick([' ', '.', '-', ' ', '\u00A0']);
    return rng.chance(0.5) ? id.replace(/(\d{3})(?=\d)/gu, `$1${sign}`) : `${id.slice(0, 6)}${sign}${id.slice(6)}`;
  }),
  decimal_tail: ofId((id, rng) => `${id}${rng.pick(['.0', ',0', '.00', '.'])}`),
  thousands: ofId((id, rng) => id.replace(/(\d)(?=(?:\d{3})+$)/gu, `$1${rng.pick([',', '.'])}`)),
  exponent_all_digits: ofId(
    (id, rng) => `${id[0]}${rng.pick(['.', ','])}${id.slice(1)}${rng.pick(['E+11', 'e+11', 'E11'])}`,
  ),
  text_guard: ofId((id, rng) => rng.pick([`'${id}`, `'${id}'`, `="${id}"`, `"${id}"`, `\`${id}`, `’${id}`])),
  letters_for_digits: ofId((id, rng) => {
    const [digit, letters] = rng.pick([
      ['0', 'Oo'],
      ['1', 'lI'],
      ['5', 'S'],
      ['8', 'B'],
    ] as const);
    const letter = rng.pick([...letters]);
    const all = rng.chance(0.5);
    const changed = all ? id.replaceAll(digit, letter) : id.replace(digit, letter);
    return changed === id ? undefined : changed;
  }),
  label_in_front: ofId(
    (id, rng) =>
      `${rng.pick(['CCCD: ', 'CCCD ', 'Số CCCD: ', 'CC:', 'ĐDCN ', 'cccd-', 'CMND/CCCD: ', 'ID: ', 'Số: ', 'VNM'])}${id}`,
  ),
  note_behind: ofId(
    (id, rng) => `${id}${rng.pick([' (CCCD)', ' cấp 2021', ' - Cục CS', '/CCCD', ' CCCD', ' (mới)', ';', ' .', '*'])}`,
  ),
  two_numbers: (person, rng) => {
    const old = firstOld(person);
    const id = person.personalId;
    return old === undefined
      ? undefined
      : rng.pick([
          `${old}/${id}`,
          `${id}/${old}`,
          `${old}; ${id}`,
          `${id} (${old})`,
          `${old} - ${id}`,
          `CMND ${old}, CCCD ${id}`,
          `${old}\n${id}`,
        ]);
  },
  number_twice: ofId((id, rng) => `${id}${rng.pick([' ', '/', ';', ', '])}${id}`),
  card_qr: qr,
  zero_in_front: ofId((id, rng) => `0${rng.chance(0.2) ? '0' : ''}${id}`),
  invisible: ofId((id, rng) => {
    const sign = rng.pick(['\u200B', '\uFEFF', '\u202A', '\u00A0', '\u200E', '\u00AD', '\t']);
    return rng.chance(0.5) ? `${sign}${id}` : `${id.slice(0, 6)}${sign}${id.slice(6)}`;
  }),
  full_width: ofId((id) => Array.from(id, (digit) => String.fromCodePoint(digit.codePointAt(0)! + 0xfee0)).join('')),
  zeros_lost: ofId((id) => (id.startsWith('0') ? id.replace(/^0+/u, '') : undefined)),
  blanks: ofId((id, rng) => rng.pick([` ${id}`, `${id} `, `  ${id}  `, `${id}\r`, `\t${id}`])),
  old_number_qr: (person) => {
    const text = qr(person, { below: () => 0, chance: () => false, pick: (list) => list[0]! });
    return firstOld(person) === undefined ? undefined : text?.split('|').slice(0, 3).join('|');
  },
} satisfies Record<string, WriteNumber>;

/** Numbers other than the current one that the register knows. */
const OTHERS = {
  old_number: (person) => firstOld(person),
  old_number_last: ({ oldNumbers }) => (oldNumbers.length > 1 ? oldNumbers.at(-1) : undefined),
  old_number_zero_lost: ({ oldNumbers }) => oldNumbers.find((number) => number.startsWith('0'))?.slice(1),
  old_number_padded: (person) => {
    const old = firstOld(person);
    return old === undefined ? undefined : `000${old}`;
  },
  old_number_written: (person, rng) => {
    const old = firstOld(person);
    return old === undefined
      ? undefined
      : rng.pick([
          `CMND: ${old}`,
          `${old.slice(0, 3)} ${old.slice(3, 6)} ${old.slice(6)}`,
          `${old}.0`,
          `'${old}`,
          `CMT ${old}`,
          `CMND số ${old}`,
        ]);
  },
  old_number_shared: ({ oldNumbers }) => oldNumbers.at(-1),
  superseded: ({ formerId }) => formerId?.value,
  cancelled: ({ formerId }) => formerId?.value,
} satisfies Record<string, WriteNumber>;

const POOLS: Readonly<Record<string, Pool>> = {
  two_numbers: 'old_number',
  zeros_lost: 'zero_prefix',
  old_number_qr: 'old_number',
  old_number: 'old_number',
  old_number_last: 'old_number',
  old_number_padded: 'old_number',
  old_number_written: 'old_number',
  old_number_zero_lost: 'old_number_zero',
  old_number_shared: 'shared_old_number',
  superseded: 'superseded',
  cancelled: 'cancelled',
};
const COMMON: readonly string[] = [
  'old_number',
  'superseded',
  'separators',
  'text_guard',
  'old_number_zero_lost',
  'zeros_lost',
];
const RARE: readonly string[] = [
  'full_width',
  'old_number_qr',
  'cancelled',
  'number_twice',
  'invisible',
  'exponent_all_digits',
];

export const NUMBER_DAMAGES: Readonly<Record<string, NumberDamage>> = Object.fromEntries(
  Object.entries<WriteNumber>({ ...FORMS, ...OTHERS }).map(([key, write]) => {
    const pool = POOLS[key];
    const weight = COMMON.includes(key) ? 3 : RARE.includes(key) ? 1 : 2;
    return [key, pool === undefined ? { weight, write } : { weight, write, pool }] satisfies [string, NumberDamage];
  }),
);
