import type { Language } from '../../../connectors/kit/messages.ts';
import { ID_PREFIX_PROVINCES, isBirthRegistrationCode } from '../../register/provinces.ts';
import { REPORT_WORDS } from './words.ts';

const NAMES: ReadonlyMap<string, string> = new Map(ID_PREFIX_PROVINCES);
const SYNTHETIC = /^9\d\d$/;

/** The name of a group of the province table: of a code, or of why there is none. */
export function provinceName(code: string, language: Language): string {
  const words = REPORT_WORDS[language].provinces;
  if (code === 'CMND' || code === 'NONE') return words[code];
  const name = NAMES.get(code);
  if (name !== undefined) return name;
  if (SYNTHETIC.test(code)) return words.synthetic;
  return isBirthRegistrationCode(code) ? words.abroad : words.other;
}
