/** All damages to dates of birth; each is shown by people whose date is wholly known. */
import type { DateDamage } from '../damage.ts';
import { FORM_DAMAGES } from './forms.ts';
import { VALUE_DAMAGES } from './values.ts';

export const DATE_DAMAGES: Readonly<Record<string, DateDamage>> = { ...VALUE_DAMAGES, ...FORM_DAMAGES };
