/** Rows without damage, by what is special about them: writing styles that are nobody's mistake. */
import { PEOPLES } from '../../../gateway/development/synthetic/names-ethnic-data.ts';
import { isoDate } from '../../../gateway/development/synthetic/population.ts';
import type { Person } from './damage.ts';
import { two } from './dates/calendar.ts';
import type { Rng } from './random.ts';
import type { Shown } from './row.ts';
import { sameRow } from './same.ts';

const undamaged = (person: Person, name: string, birthDate: string): Shown => ({
  idNumber: person.personalId,
  name,
  birthDate,
  subject: person.index,
  holder: person.index,
  damages: [],
});

const styledIf =
  (test: (person: Person) => boolean) =>
  (person: Person, rng: Rng): Shown | undefined =>
    test(person) ? sameRow(person, { name: [] }, rng) : undefined;

const custom = ({ ethnicity }: Person) => PEOPLES[ethnicity]?.custom;

/** Rows of a kind with their shares of all clean rows. */
export const CLEAN: Readonly<
  Record<string, { readonly share: number; readonly write: (person: Person, rng: Rng) => Shown | undefined }>
> = {
  /** Exactly as the register writes, ISO date. */
  as_register: { share: 25, write: (person) => undamaged(person, person.fullName, isoDate(person.born)) },
  /** Capitals or small letters, every usual date style. */
  styled: { share: 50, write: styledIf(({ born }) => born.day > 0) },
  /** Tày, Hoa, Khmer, Chăm, Mông…: family, middle, given. */
  other_peoples: { share: 8, write: styledIf((person) => custom(person) === 'viet' || custom(person) === 'mong') },
  /** Ê Đê, Gia Rai, Ba Na, Cơ Ho…: names of another build. */
  other_names: { share: 5, write: styledIf((person) => !['viet', 'mong', undefined].includes(custom(person))) },
  partial_date: { share: 5, write: styledIf(({ born }) => born.day === 0) },
  /** The register knows the year alone, the agency had to fill in a day. */
  partial_date_filled: {
    share: 3,
    write: (person, rng) => {
      const { year, month, day } = person.born;
      if (day > 0) return undefined;
      const filled = rng.pick([
        `01/${two(month || 1)}/${year}`,
        `00/${two(month)}/${year}`,
        `${year}-${two(month || 1)}-01`,
      ]);
      return undamaged(person, person.fullName, filled);
    },
  },
  born_on_new_year: { share: 4, write: styledIf(({ born }) => born.month === 1 && born.day === 1) },
};
