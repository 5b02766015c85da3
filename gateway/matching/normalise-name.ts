import { spellLetter } from './letter-table.ts';
import { LIMITS } from './profile.ts';
import { createNameLetters, readName } from './read-name.ts';
import { bitOf, type NameProblem } from './reasons.ts';
import { foldSpelling } from './spelling.ts';

export type NormalisedName = {
  /** Words in lower case with all their marks, tone in its usual place, i for an exchangeable y, one space between. */
  readonly key: string;
  /** Bits (word 1 of a reason set) of what had to be repaired in this writing. */
  readonly repairs: number;
  /** Why the text cannot be a name; the key is then empty. */
  readonly problem: NameProblem | undefined;
};

const NAME = createNameLetters();
const FOLDED = new Int32Array(LIMITS.name);
const TONE_PLACEMENT = bitOf('TONE_PLACEMENT');
const I_Y_SPELLING = bitOf('I_Y_SPELLING');

/**
 * The comparison key of a name. Two names have the same key exactly when `compareNames` finds them the same by
 * writing and spelling alone; the key of a key is itself. Made for indexes and display of what was compared;
 * the bulk path compares without building it. Never throws.
 */
export function normaliseName(text: string): NormalisedName {
  readName(text, NAME);
  if (NAME.problem !== undefined) return { key: '', repairs: NAME.repairs, problem: NAME.problem };
  foldSpelling(NAME, NAME.starts, NAME.words, FOLDED);
  let repairs = NAME.repairs;
  let key = '';
  for (let word = 0; word < NAME.words; word++) {
    if (word > 0) key += ' ';
    const end = NAME.starts[word + 1] ?? NAME.length;
    for (let i = NAME.starts[word] ?? 0; i < end; i++) {
      const letter = FOLDED[i] ?? 0;
      const written = NAME.letters[i] ?? 0;
      if ((letter ^ written) & 0xffff) repairs |= I_Y_SPELLING;
      if ((letter ^ written) >>> 16) repairs |= TONE_PLACEMENT;
      key += spellLetter(letter);
    }
  }
  return { key, repairs, problem: undefined };
}
