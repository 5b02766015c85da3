import type { ProvenAccess } from './check-access.ts';

/** What a proof says of the person, in the codes in which lists of accesses say it. */
export interface ProvenUse {
  /** lienthong.audit.v1.AccessOutcome. */
  readonly outcome: number;
  /** lienthong.audit.v1.FieldBasis. */
  readonly basis: number;
  readonly released: readonly number[];
  readonly compared: readonly number[];
}

/** FieldBasis by the leaf's code: none, statute, consent, agreement, emergency. */
const BASIS_OF: readonly number[] = [0, 4, 2, 1, 3];
const [GIVEN, COMPARED, REFUSED] = [1, 2, 3] as const;
const [LEAF_GIVEN, LEAF_REFUSED, CONSENT_MISSING] = [32, 33, 8];

/** In the codes of AccessOutcome. A comparison may tell a value as well, as the number that took the place of an old one. */
export function outcomeOfLeaf(outcome: number, released: readonly number[]): 1 | 2 | 3 {
  if (outcome === LEAF_REFUSED || outcome === CONSENT_MISSING) return REFUSED;
  return outcome === LEAF_GIVEN || released.length > 0 ? GIVEN : COMPARED;
}

export function usesOf({ uses, refusal }: Pick<ProvenAccess, 'uses' | 'refusal'>): readonly ProvenUse[] {
  return uses.map(({ outcome, basis, released, matched, mismatched, notAvailable }) => ({
    outcome: refusal === 0 ? outcomeOfLeaf(outcome, released) : REFUSED,
    basis: BASIS_OF[basis] ?? 0,
    released,
    compared: [...matched, ...mismatched, ...notAvailable],
  }));
}

/** What a line says, as far as it is said. Fields are ids, joined by dots. */
export interface LineSaid {
  readonly outcome?: string | undefined;
  readonly basis?: string | undefined;
  readonly released?: string | undefined;
  readonly compared?: string | undefined;
  /**
   * How the entry stands in its line: `only` one of it; `newest` of several, whose outcome and basis the line says; or an `older`
   * one. A line of several says the fields of all of them.
   */
  readonly place?: string | undefined;
}

/** Whether a line says what the proof of one of its entries says. */
export function fitsLine(access: Pick<ProvenAccess, 'uses' | 'refusal'>, line: LineSaid): boolean {
  const uses = usesOf(access);
  const hasFields = (text: string | undefined, of: (use: ProvenUse) => readonly number[]) => {
    if (text === undefined) return true;
    const said = new Set(text.split('.').filter((id) => id !== ''));
    const proven = new Set(uses.flatMap(of).map(String));
    return [...proven].every((id) => said.has(id)) && (line.place !== 'only' || said.size === proven.size);
  };
  // Where a value left with one of several entries, the line says that values were given; the newest may have compared only.
  const says = (outcome: number) =>
    String(outcome) === line.outcome ||
    (line.place === 'newest' && outcome === COMPARED && line.outcome === String(GIVEN) && line.released !== '');
  const isTold = uses.some(({ outcome, basis }) => says(outcome) && String(basis) === line.basis);
  return (
    (line.place === 'older' || isTold) &&
    hasFields(line.released, ({ released }) => released) &&
    hasFields(line.compared, ({ compared }) => compared)
  );
}
