/** Numbers for people. Each takes the language: nobody can leave it out, and nothing else in the command line writes one. */
import type { Language } from '../../connectors/kit/messages.ts';

/** 50000 → `50,000`, in Vietnamese `50.000`. Without the tables of languages, which take longer to load than a small file to read. */
export function count(value: number, language: Language): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, language === 'vi' ? '.' : ',');
}

/** {@link count} of one language, for a page full of numbers. */
export const numbers =
  (language: Language) =>
  (value: number): string =>
    count(value, language);

/** One decimal: 1.26 → `1.3`, in Vietnamese `1,3`. Thousands are not grouped. */
export function decimal(value: number, language: Language): string {
  return marked(value.toFixed(1), language);
}

/** As exact as it is: 16, and 7.5 as `7.5`, in Vietnamese `7,5`. Thousands are not grouped. */
export function plain(value: number, language: Language): string {
  return marked(String(value), language);
}

const marked = (digits: string, language: Language): string => (language === 'vi' ? digits.replace('.', ',') : digits);

/** Share with one decimal; a part that is there never reads 0.0 %, one that is not whole never 100.0 %. */
export function percent(part: number, whole: number, language: Language): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  const text = (value: number): string => `${decimal(value, language)} %`;
  if (part > 0 && share < 0.05) return `< ${text(0.1)}`;
  if (part < whole && share >= 99.95) return `> ${text(99.9)}`;
  return text(share);
}

/** 830 → `0.8 s`, in Vietnamese `0,8 s` */
export function seconds(ms: number, language: Language): string {
  return `${decimal(ms / 1000, language)} s`;
}
