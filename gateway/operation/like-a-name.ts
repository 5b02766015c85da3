import { NAME_WEIGHTS } from '../matching/index.ts';

const oneOf = (weights: string) => `(?:${weights.match(/[a-z]+/g)?.join('|')})`;
const { family, middle, given } = NAME_WEIGHTS;
const BETWEEN = '[._/-]*';
/** Of three words or more, with marks between them or none: of two words so many units have a name (HA-NAM, BACH-MAI). */
const NAME = new RegExp(
  `(?<![a-z])${oneOf(family)}${BETWEEN}(?:${oneOf(middle)}${BETWEEN})+${oneOf(given)}(?![a-z])`,
  'i',
);

/**
 * True where a code reads like the name of somebody by common words (`NguyenVanAn`, `tran-thi-bich`). A guess: a street or hospital is
 * named so too, and a rare name is not seen. Good for what is shown, not for what is refused.
 */
export function readsLikeName(code: string): boolean {
  return NAME.test(code);
}
