/**
 * Personal IDs, old 9-digit numbers and mobile numbers, unique by construction: each is a one-to-one scramble of the
 * person's index, so no set of numbers already given has to be kept.
 *
 * ID `PPP G YY NNNNNN`: NNNNNN is a scramble of (index mod 1,000,000). Two people with the same NNNNNN are a whole number of
 * millions apart; `birthProvince` moves each million by one eleventh of the population, and no province holds an eleventh, so
 * their PPP differs. That holds for eleven millions, the greatest population.
 */

import { formerPrefixOf, prefixOf, provinceAt, QUANTILES } from './provinces.ts';
import { createScramble, draw } from './random.ts';
import { ALL_PREFIXES } from './telco-prefixes.ts';
import { USE } from './uses.ts';

const MILLION = 1_000_000;
const EPOCHS = 11;
/** Greatest number of people under one seed. */
export const MAX_PERSONS = EPOCHS * MILLION;
/** Old numbers a person may have had. */
export const MAX_CMND = 3;

/** 0–3 for births in 1900–2099; the law's table goes on to 9. */
export const centuryAndSex = (year: number, sex: 'M' | 'F'): number =>
  2 * (Math.floor(year / 100) - 19) + (sex === 'F' ? 1 : 0);

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);

/**
 * Birth province of a person who was drawn `home` (32 random bits that must depend on the index only through index mod
 * 1,000,000, else IDs could meet).
 */
export const birthProvince = (home: number, index: number): number =>
  provinceAt((home >>> 20) + Math.floor(index / MILLION) * Math.floor(QUANTILES / EPOCHS));

export interface Numbers {
  /** The current ID. */
  readonly personalId: (index: number, province: number, year: number, sex: 'M' | 'F') => string;
  /** An ID that the person had before; year and sex as it was then issued for. */
  readonly formerId: (index: number, province: number, year: number, sex: 'M' | 'F') => string;
  /** The person's n-th old 9-digit number, n from 0 to MAX_CMND − 1. */
  readonly cmnd: (index: number, n: number) => string;
  /** A mobile number, ten digits with the leading 0. */
  readonly mobile: (index: number) => string;
}

// 9-digit numbers began with a province number 01–38; 10 million numbers each.
const CMND_FIRST = 10_000_000;
const CMND_LEFT = 19_000;
const CMND_RIGHT = 20_000;
const LINES_PER_PREFIX = 10_000_000;

export function createNumbers(seed: number): Numbers {
  const current = createScramble(seed, USE.idScramble, 1000, 1000);
  const former = createScramble(seed, USE.formerScramble, 1000, 1000);
  const cmnd = createScramble(seed, USE.cmndScramble, CMND_LEFT, CMND_RIGHT);
  const mobile = createScramble(seed, USE.mobileScramble, ALL_PREFIXES.length * 1000, LINES_PER_PREFIX / 1000);
  const id = (prefix: number, year: number, sex: 'M' | 'F', serial: number): string =>
    `${prefix}${centuryAndSex(year, sex)}${two(year % 100)}${String(serial).padStart(6, '0')}`;
  return {
    personalId: (index, province, year, sex) => id(prefixOf(province), year, sex, current(index % MILLION)),
    formerId: (index, province, year, sex) => id(formerPrefixOf(province), year, sex, former(index % MILLION)),
    cmnd: (index, n) => String(CMND_FIRST + cmnd(index * MAX_CMND + n)).padStart(9, '0'),
    mobile: (index) => {
      const line = mobile(index);
      const prefix = Math.floor(line / LINES_PER_PREFIX);
      return ALL_PREFIXES[prefix]! + String(line % LINES_PER_PREFIX).padStart(7, '0');
    },
  };
}

/** Bits that are the same for people a whole number of millions apart: what birth provinces must be drawn from. */
export const drawWithinMillion = (seed: number, index: number, use: number): number => draw(seed, index % MILLION, use);
