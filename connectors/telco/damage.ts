import {
  bitOf,
  createMatchRow,
  type FileProfile,
  listReasons,
  type NormalisedName,
  normaliseName,
  possibleNames,
  REASONS,
  type Reason,
  readRow,
} from '../../gateway/matching/index.ts';

import { isVietnameseWord } from '../kit/learn/vietnamese-word.ts';

/** What reading the rows of a file has to undo, or cannot: counted by the published reasons, with the first lines of each. */
export type Damage = {
  readonly reason: Reason;
  readonly field: (typeof REASONS)[Reason]['field'];
  readonly kind: (typeof REASONS)[Reason]['kind'];
  readonly rows: number;
  /** Lines of the file, the header being line 1. */
  readonly lines: readonly number[];
};

export type DamageTally = {
  add(row: {
    readonly line: number;
    readonly idNumber: string;
    readonly name: string;
    readonly birthDate: string;
  }): void;
  /** Most frequent first. */
  found(): readonly Damage[];
};

const NAMED_LINES = 3;
/** Done to a text on its way here, not by who typed it: shown by the row alone, and undone before names are compared. */
const IN_TRANSIT =
  bitOf('LEGACY_ENCODING') |
  bitOf('ENCODING_MISREAD') |
  bitOf('KEYBOARD_CODES') |
  bitOf('ESCAPED_TEXT') |
  bitOf('NAME_NOTE');
/** Two right ways of writing the same: nothing is damaged. */
const SPELLING = bitOf('I_Y_SPELLING') | bitOf('TONE_PLACEMENT') | bitOf('UNICODE_FORM');
/** Without so much as a mark: a row is not doubted for it, a file where all are is worth asking about. */
const BARE = /^[a-z ]+$/;
const PLAIN = /^\p{L}+(?: \p{L}+)+$/u;
/** A file has some thousands of different words. */
const MOST_WORDS = 50_000;

type LookedAt = Pick<NormalisedName, 'key' | 'repairs' | 'problem'> & { readonly undone: number };

function lookAtName(name: string): LookedAt {
  const { key, repairs, problem } = normaliseName(name);
  return { key, repairs, problem, undone: possibleNames(name)[0]?.reasons ?? 0 };
}

function plainName(name: string): LookedAt {
  return { key: name.toLowerCase(), repairs: 0, problem: undefined, undone: 0 };
}

export function createDamageTally(habits: FileProfile): DamageTally {
  const counts = new Map<Reason, { rows: number; lines: number[] }>();
  const row = createMatchRow();
  const syllables = new Map<string, boolean>();

  function count(reason: Reason, line: number): void {
    const entry = counts.get(reason);
    if (entry === undefined) counts.set(reason, { rows: 1, lines: [line] });
    else if (entry.rows++ < NAMED_LINES) entry.lines.push(line);
  }

  /** Syllables with one space between them, as most names are: seen at once, where looking closely takes a hundred times as long. */
  function isPlain(name: string): boolean {
    if (!PLAIN.test(name)) return false;
    return name.split(' ').every((word) => {
      const known = syllables.get(word);
      if (known !== undefined) return known;
      if (syllables.size > MOST_WORDS) syllables.clear();
      const found = isVietnameseWord(word);
      syllables.set(word, found);
      return found;
    });
  }

  return {
    add({ line, idNumber, name, birthDate }) {
      readRow({ idNumber, name, birthDate }, habits, row);
      const { key, repairs, problem, undone } = isPlain(row.name) ? plainName(row.name) : lookAtName(row.name);
      const word1 = (repairs & ~SPELLING) | (undone & IN_TRANSIT);
      const reasons = new Set(listReasons({ word0: row.idReasons, word1, word2: row.birthReasons }));
      if (problem !== undefined) reasons.add(problem);
      if (key.includes('?')) reasons.add('LETTERS_LOST');
      if (BARE.test(key)) reasons.add('MARKS_MISSING');
      if (row.nameWidth > 0 && row.name.length >= row.nameWidth) reasons.add('NAME_CUT');
      for (const reason of reasons) count(reason, line);
    },
    found: () =>
      [...counts]
        .map(([reason, { rows, lines }]) => ({
          reason,
          field: REASONS[reason].field,
          kind: REASONS[reason].kind,
          rows,
          lines,
        }))
        .sort((a, b) => b.rows - a.rows || a.reason.localeCompare(b.reason)),
  };
}
