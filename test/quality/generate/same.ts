/** Rows that mean the person whose number they show: clean, with one damage, with two. */
import type { NameDamage, Person } from './damage.ts';
import { STAGES } from './damage.ts';
import { isWhole } from './dates/calendar.ts';
import { DATE_DAMAGES } from './dates/index.ts';
import { writeDate } from './dates/styles.ts';
import { NAME_DAMAGES } from './names/index.ts';
import { NUMBER_DAMAGES } from './numbers/forms.ts';
import type { Rng } from './random.ts';
import type { Shown } from './row.ts';
import { drawStyle, inStyle, KEEPS_CASE } from './style.ts';

/** What is done to each of the three values of a row; nothing where empty. */
export interface Plan {
  readonly name: readonly string[];
  readonly date?: string;
  readonly id?: string;
}

const stageOf = (key: string): number => STAGES.indexOf(NAME_DAMAGES[key]!.stage);
const CASE_AFTER = STAGES.indexOf('marks');

/** The name as told, typed, set in some case, encoded and surrounded; undefined where a damage would not show. */
export function writeName(person: Person, keys: readonly string[], rng: Rng): string | undefined {
  const ordered = keys.toSorted((a, b) => stageOf(a) - stageOf(b));
  const style = keys.some((key) => KEEPS_CASE.has(key)) ? 'as_is' : drawStyle(rng);
  let name = person.fullName;
  let styled = false;
  for (const key of ordered) {
    const damage: NameDamage = NAME_DAMAGES[key]!;
    if (!styled && stageOf(key) > CASE_AFTER) {
      name = inStyle(name, style);
      styled = true;
    }
    const changed = damage.change(name, rng, person);
    if (changed === undefined) return undefined;
    name = changed;
  }
  return styled ? name : inStyle(name, style);
}

/** A row of this person with what is planned; undefined where this person cannot show it. */
export function sameRow(person: Person, plan: Plan, rng: Rng): Shown | undefined {
  const name = writeName(person, plan.name, rng);
  if (name === undefined) return undefined;
  let birthDate: string | undefined;
  if (plan.date === undefined) birthDate = writeDate(person.born, rng);
  else birthDate = isWhole(person.born) ? DATE_DAMAGES[plan.date]!.write(person.born, rng) : undefined;
  if (birthDate === undefined) return undefined;
  const idNumber = plan.id === undefined ? person.personalId : NUMBER_DAMAGES[plan.id]!.write(person, rng);
  if (idNumber === undefined) return undefined;
  const damages = [
    ...plan.name.map((key) => `name.${key}`),
    ...(plan.date === undefined ? [] : [`date.${plan.date}`]),
    ...(plan.id === undefined ? [] : [`id.${plan.id}`]),
  ];
  return { idNumber, name, birthDate, subject: person.index, holder: person.index, damages };
}
