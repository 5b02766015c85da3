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
const [GIVEN, COMPARED, REFUSED] = [1, 2, 3];
const [LEAF_GIVEN, LEAF_REFUSED] = [32, 33];

export function usesOf({ uses, refusal }: Pick<ProvenAccess, 'uses' | 'refusal'>): readonly ProvenUse[] {
  return uses.map(({ outcome, basis, released, matched, mismatched, notAvailable }) => ({
    outcome: refusal !== 0 || outcome === LEAF_REFUSED ? REFUSED : outcome === LEAF_GIVEN ? GIVEN : COMPARED,
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
  const isTold = uses.some(({ outcome, basis }) => String(outcome) === line.outcome && String(basis) === line.basis);
  return (
    (line.place === 'older' || isTold) &&
    hasFields(line.released, ({ released }) => released) &&
    hasFields(line.compared, ({ compared }) => compared)
  );
}
