import { BIRTH_REASONS, ROW_REASONS } from './birth-reasons.ts';
import { ID_REASONS } from './id-reasons.ts';
import { NAME_REASONS } from './name-reasons.ts';
import type { ReasonEntry, ReasonField, ReasonKind } from './reason-entry.ts';

/** Every reason that an answer can carry: one closed table. */
export const REASONS = { ...ID_REASONS, ...NAME_REASONS, ...BIRTH_REASONS, ...ROW_REASONS } as const;

export type Reason = keyof typeof REASONS;

type OfKind<Table extends Record<string, ReasonEntry>, Kind extends ReasonKind> = {
  [Name in keyof Table]: Table[Name]['kind'] extends Kind ? Name : never;
}[keyof Table];
/** Why a value cannot be used; a row whose number or name it is is INVALID, one whose date it is is judged without. */
export type IdProblem = OfKind<typeof ID_REASONS, 'problem'>;
export type NameProblem = OfKind<typeof NAME_REASONS, 'problem'>;
export type BirthProblem = OfKind<typeof BIRTH_REASONS, 'problem'>;

/**
 * A set of reasons is three 32-bit words; code c is bit (c & 31) of word (c >> 5), which is the little-endian
 * 12-byte mask of the packed answer read as three words. Word 0 holds the ID's reasons, word 1 the name's, word 2
 * the birth date's and the row's, so that each field works on a single integer. Words may be negative: use `>>> 0`.
 */
export type ReasonWords = { readonly word0: number; readonly word1: number; readonly word2: number };

/** The bit of a reason within its word. */
export function bitOf(reason: Reason): number {
  return 1 << (REASONS[reason].code & 31);
}

const NAMES_BY_CODE: readonly (Reason | undefined)[] = (() => {
  const names: (Reason | undefined)[] = new Array(96).fill(undefined);
  for (const name of Object.keys(REASONS) as Reason[]) names[REASONS[name].code] = name;
  return names;
})();

/** The reason with this code, or undefined for a code that no profile has given yet. */
export function reasonOfCode(code: number): Reason | undefined {
  return NAMES_BY_CODE[code];
}

/** The reasons of a set, by rising code. Allocates: for people, not for the bulk path. */
export function listReasons(words: ReasonWords): Reason[] {
  const found: Reason[] = [];
  const all = [words.word0, words.word1, words.word2];
  for (let code = 1; code < 96; code++) {
    const name = NAMES_BY_CODE[code];
    if (name !== undefined && ((all[code >> 5] ?? 0) & (1 << (code & 31))) !== 0) found.push(name);
  }
  return found;
}

function maskWhere(keep: (entry: ReasonEntry) => boolean): ReasonWords {
  const words = [0, 0, 0];
  for (const entry of Object.values(REASONS) as ReasonEntry[]) {
    if (keep(entry)) words[entry.code >> 5] = (words[entry.code >> 5] ?? 0) | (1 << (entry.code & 31));
  }
  return { word0: words[0] ?? 0, word1: words[1] ?? 0, word2: words[2] ?? 0 };
}

/** The reasons that speak of a field: AND with these words to filter by grants. */
export const FIELD_MASKS: Readonly<Record<ReasonField, ReasonWords>> = {
  id: maskWhere((entry) => entry.field === 'id'),
  name: maskWhere((entry) => entry.field === 'name'),
  birth: maskWhere((entry) => entry.field === 'birth'),
  row: maskWhere((entry) => entry.field === 'row'),
};

/** The reasons of a kind, over all fields. */
export const KIND_MASKS: Readonly<Record<ReasonKind, ReasonWords>> = {
  problem: maskWhere((entry) => entry.kind === 'problem'),
  repair: maskWhere((entry) => entry.kind === 'repair'),
  guess: maskWhere((entry) => entry.kind === 'guess'),
  difference: maskWhere((entry) => entry.kind === 'difference'),
  note: maskWhere((entry) => entry.kind === 'note'),
};
