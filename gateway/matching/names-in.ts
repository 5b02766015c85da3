import { lookOf } from './name-look.ts';
import { repairsOf } from './name-repairs.ts';
import { withoutNotes } from './note-text.ts';
import { createNameLetters, readName } from './read-name.ts';

const NAME = createNameLetters();

/**
 * The text of a row's name, then whatever of it a comparison with anybody's name would try as well: without titles and notes, with
 * its escapes, bytes and keystrokes read. For whoever must know that two texts may stand for one name, before it is known whose.
 * Nothing more than the text for nearly all: one look. Never throws; a handful at most of what is damaged.
 */
export function namesIn(text: string): readonly string[] {
  const letters = readName(text, NAME);
  if (letters.problem !== undefined) return [text];
  const { signs, readable } = lookOf(text, letters);
  // Without marks hardly a word is a syllable, and yet nothing is damaged.
  if (!signs && (readable || letters.bare)) return [text, ...withoutNotes(text, true)];
  // Compared with no name at all: everything is tried, and whatever number of words the name has.
  return [text, ...repairsOf(text, letters, '', 0).map((repair) => repair.text)];
}
