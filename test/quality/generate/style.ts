/** How an agency keeps names that are otherwise right. */
import type { Rng } from './random.ts';

export type NameStyle = 'as_is' | 'capitals' | 'small';

/** Most files of telcos and banks are in capitals or as people write; small letters are rare. */
export function drawStyle(rng: Rng): NameStyle {
  return rng.chance(0.4) ? 'capitals' : rng.chance(0.06) ? 'small' : 'as_is';
}

export function inStyle(name: string, style: NameStyle): string {
  if (style === 'capitals') return name.toUpperCase();
  return style === 'small' ? name.toLowerCase() : name;
}

/** Damages that live by the case of their letters. */
export const KEEPS_CASE: ReadonlySet<string> = new Set([
  'camel_case',
  'all_joined',
  'ocr',
  'ocr_capitals',
  'capitals_ascii_only',
  'case_inverted',
  'tcvn3_capital_font',
  'html_named',
]);
