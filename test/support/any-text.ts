import fc, { type StringConstraints } from 'fast-check';

const SURROGATES = 0xd800;
const BEHIND_SURROGATES = 0xe000;
const COUNT = 0x110000 - (BEHIND_SURROGATES - SURROGATES);

/** A code point of Unicode, and back: with the way back fast-check puts in the strings that it holds to be dangerous. */
const codePoint = fc.nat(COUNT - 1).map(
  (n) => String.fromCodePoint(n < SURROGATES ? n : n - SURROGATES + BEHIND_SURROGATES),
  (value) => {
    const code = typeof value === 'string' ? value.codePointAt(0) : undefined;
    if (code === undefined || String.fromCodePoint(code) !== value) throw new Error('not one code point');
    return code < SURROGATES ? code : code - BEHIND_SURROGATES + SURROGATES;
  },
);

/** Texts of any code points, as `unit: 'binary'` makes them: that one first puts all 1.1 million into a table, for two seconds. */
export const anyText = (constraints: Omit<StringConstraints, 'unit'> = {}) =>
  fc.string({ ...constraints, unit: codePoint });
