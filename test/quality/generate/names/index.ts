/** All damages to names. */
import type { NameDamage } from '../damage.ts';
import { AROUND_DAMAGES } from './around.ts';
import { ENCODING_DAMAGES } from './encodings.ts';
import { MARK_DAMAGES } from './marks.ts';
import { PEOPLES_DAMAGES } from './peoples.ts';
import { SPELLING_DAMAGES } from './spelling.ts';
import { WORD_DAMAGES } from './words.ts';

export const NAME_DAMAGES: Readonly<Record<string, NameDamage>> = {
  ...WORD_DAMAGES,
  ...SPELLING_DAMAGES,
  ...PEOPLES_DAMAGES,
  ...MARK_DAMAGES,
  ...ENCODING_DAMAGES,
  ...AROUND_DAMAGES,
};
