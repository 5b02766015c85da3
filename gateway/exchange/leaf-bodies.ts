/** What the leaves of a chunk's people say: bodies by what was told. */
import { OUTCOMES, VERDICTS } from '../matching/index.ts';
import { BASES, encodePersonBody } from '../proof/person-body.ts';
import type { ToldRow } from './grants.ts';
import { noticesOf, PERSONAL_ID, withNoticeFields } from './notice-fields.ts';

/** Field ids of what rows are compared on. */
export { PERSONAL_ID };
export const FULL_NAME = 2;
export const DATE_OF_BIRTH = 3;

/** Fields whose values a row's answer tells beside its comparisons. */
function releasedBy({ currentId, notices }: ToldRow): number[] {
  return withNoticeFields(currentId > 0 ? [PERSONAL_ID] : [], noticesOf(notices));
}

/** Bodies of one basis, which nobody changes: there are a few hundred different ones, and a handful that are met. */
interface LeafBodies {
  /** Of somebody who shares a number with the person that the answer speaks of: looked at, and nothing of theirs told. */
  readonly compared: Uint8Array;
  /** Of somebody without the consent that this takes: they were asked about, and whatever the answer says is not of theirs. */
  readonly withheld: Uint8Array;
  /** By what was told. */
  bodyOf(told: ToldRow): Uint8Array;
}

const byBasis = new Map<number, LeafBodies>();

/** Made once for the process: single calls ask for one body each. */
export function leafBodiesOf(basis: number): LeafBodies {
  let bodies = byBasis.get(basis);
  if (bodies === undefined) {
    bodies = createLeafBodies(basis);
    byBasis.set(basis, bodies);
  }
  return bodies;
}

function createLeafBodies(basis: number): LeafBodies {
  const nothing = { released: [], matched: [], mismatched: [], notAvailable: [] };
  const compared = encodePersonBody({ outcome: VERDICTS.MISMATCH, basis, delayUntil: 0, ...nothing });
  const withheld = encodePersonBody({
    outcome: VERDICTS.CONSENT_MISSING,
    basis: BASES.none,
    delayUntil: 0,
    ...nothing,
  });
  const known = new Map<number, Uint8Array>();
  const bodyOf = (told: ToldRow): Uint8Array => {
    const key =
      told.verdict |
      (told.id << 4) |
      (told.name << 6) |
      (told.birth << 8) |
      (told.currentId > 0 ? 1 << 10 : 0) |
      (told.notices << 11);
    let body = known.get(key);
    if (body === undefined) {
      const fields: readonly (readonly [number, number])[] = [
        [PERSONAL_ID, told.id],
        [FULL_NAME, told.name],
        [DATE_OF_BIRTH, told.birth],
      ];
      const having = (outcome: number) => fields.filter(([, value]) => value === outcome).map(([id]) => id);
      body = encodePersonBody({
        outcome: told.verdict,
        basis,
        delayUntil: 0,
        released: releasedBy(told),
        matched: having(OUTCOMES.TRUE),
        mismatched: having(OUTCOMES.FALSE),
        notAvailable: having(OUTCOMES.NOT_AVAILABLE),
      });
      known.set(key, body);
    }
    return body;
  };
  return { compared, withheld, bodyOf };
}
