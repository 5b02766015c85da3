/** Which damages the rows of the matching benchmark show, and how often: shares as a telco's file has them. */
import type { Weight } from '../quality/generate/damage.ts';
import { DATE_DAMAGES } from '../quality/generate/dates/index.ts';
import { NAME_DAMAGES } from '../quality/generate/names/index.ts';
import { NUMBER_DAMAGES } from '../quality/generate/numbers/forms.ts';
import type { Plan } from '../quality/generate/same.ts';

interface MixPart {
  readonly name: string;
  /** Hundredths of the damaged rows. */
  readonly share: number;
  /** Damages of the quality generator, `area.key`; among each other they weigh as there. */
  readonly labels: readonly string[];
}

const labels = (area: string, keys: string): readonly string[] => keys.split(' ').map((key) => `${area}.${key}`);

/**
 * Judgement, not measurement: nobody has published how often each damage occurs. Case alone is not here, for such rows are
 * the clean ones; every other row is in capitals or small letters as often as the generator has it.
 */
export const TELCO_MIX: readonly MixPart[] = [
  { name: 'no marks', share: 30, labels: labels('name', 'marks_none') },
  {
    name: 'spaces, composition, tone placement',
    share: 40,
    labels: [
      ...labels('name', 'extra_blanks no_break_blanks invisible decomposed tone_new_placement tone_misplaced i_y'),
      ...labels('id', 'separators text_guard blanks'),
    ],
  },
  {
    name: 'forms of dates',
    share: 15,
    labels: labels(
      'date',
      'two_digit_year month_first month_name_english month_name_vietnamese day_number timestamp_utc timestamp_local time_appended zero_lost odd_separators label text_guard year_only month_and_year new_year_for_unknown',
    ),
  },
  {
    name: 'encodings, keystrokes, notes',
    share: 5,
    labels: labels(
      'name',
      'telex telex_one_word vni_keys viqr tcvn3 vni_font viscii cp1258 utf8_as_1252 lost_question html_named d_lookalike title title_label note note_phone note_year quotes truncated',
    ),
  },
  {
    name: 'slips',
    share: 10,
    labels: [
      ...labels(
        'name',
        'neighbour_key letter_doubled letter_dropped letters_transposed tone_dropped tone_mistaken shape_dropped hoi_nga middle_dropped given_first',
      ),
      ...labels('date', 'swapped day_slip month_slip year_slip year_by_one'),
    ],
  },
];

const WEIGHTS: Readonly<Record<string, Readonly<Record<string, { readonly weight: Weight }>>>> = {
  name: NAME_DAMAGES,
  date: DATE_DAMAGES,
  id: NUMBER_DAMAGES,
};

/** @throws {RangeError} for a damage that the generator does not know */
export function weightOf(label: string): Weight {
  const [area = '', key = ''] = label.split('.');
  const damage = WEIGHTS[area]?.[key];
  if (damage === undefined) throw new RangeError(`there is no damage ${label}`);
  return damage.weight;
}

/** Every label with its share of the damaged rows; the shares add up to 1. */
export function telcoShares(): readonly (readonly [label: string, share: number])[] {
  return TELCO_MIX.flatMap((part) => {
    const sum = part.labels.reduce((total, label) => total + weightOf(label), 0);
    return part.labels.map((label) => [label, (part.share / 100) * (weightOf(label) / sum)] as const);
  });
}

/** What is done to a row of that label. */
export function planOf(label: string): Plan {
  weightOf(label);
  const [area = '', key = ''] = label.split('.');
  if (area === 'name') return { name: [key] };
  return area === 'date' ? { name: [], date: key } : { name: [], id: key };
}
