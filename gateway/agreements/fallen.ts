/**
 * Agreements that stood until an officer who signed them was barred. They are told apart from what nobody signed for, which is an
 * alarm; and the version before does not come back in their place, which nobody agreed to last.
 */
import { type ActBook, mayPair } from '../acts/book.ts';
import type { BuiltData, OfficerSigned, SignedAgreement } from '../policy/agreements.ts';
import { digestOf } from '../signing/digest.ts';
import { officerVerifier } from './officers.ts';
import { readAgreementBody } from './read-body.ts';

export interface StoredAgreement extends SignedAgreement {
  /** Where it stands among the acts; of a row of the table `agreement` nowhere. */
  readonly decided?: ActBook['agreements'][number];
}

/** A version that fell with a signer. */
export interface Fallen {
  readonly index: number;
  readonly id: string;
  readonly version: number;
  /** No later version counts, and its agency could use it. */
  readonly isLoss: boolean;
}

/** Those among what was refused. */
export function fallenOf(
  { data, refused }: BuiltData,
  agreements: readonly StoredAgreement[],
  book: ActBook,
): Fallen[] {
  const fallen = refused.flatMap(({ index, problem }) => {
    const { decided, bytes } = agreements[index] ?? {};
    const agreement = problem === 'NOT_SIGNED_BY_TWO' && bytes ? readAgreementBody(bytes) : undefined;
    if (agreement === undefined || decided === undefined || !fellWithSigner(book, decided, agreement)) return [];
    return [{ index, agreement }];
  });
  const last = new Map<string, number>();
  for (const { agreement } of fallen) {
    last.set(agreement.id, Math.max(agreement.version, last.get(agreement.id) ?? 0));
  }
  return fallen.map(({ index, agreement: { id, version, agency, purpose } }) => {
    const counted = data.agreements[agency]?.[purpose];
    const isOver = counted?.id === id && counted.version > version;
    const isLoss = !isOver && version === last.get(id) && data.agencies[agency]?.status === 'active';
    return { index, id, version, isLoss };
  });
}

/** The versions seen, those that fell among them. */
export function raised(seen: ReadonlyMap<string, number>, fallen: readonly Fallen[]): ReadonlyMap<string, number> {
  const versions = new Map(seen);
  for (const { id, version } of fallen) versions.set(id, Math.max(version, versions.get(id) ?? 0));
  return versions;
}

/** What was refused, with what fell under its own name; what was over before it fell is nobody's loss. */
export function tellFallen(built: BuiltData, fallen: readonly Fallen[]): BuiltData {
  const fell = new Map(fallen.map((one) => [one.index, one]));
  const last = new Set(fallen.map(({ id }) => id));
  const refused: BuiltData['refused'][number][] = [];
  const superseded = [...built.superseded];
  for (const row of built.refused) {
    const own = fell.get(row.index);
    // The version before one that fell, which would otherwise count again.
    const before = row.problem === 'VERSION_FELL' && row.id !== undefined && last.has(row.id);
    if (own?.isLoss === true) refused.push({ ...row, problem: 'SIGNER_BARRED' });
    else if (own !== undefined || before) superseded.push(row.index);
    else refused.push(row);
  }
  return { ...built, refused, superseded };
}

/**
 * Whether two who counted signed it when it was decided, so that it counts no longer only because one of them, or a key of theirs,
 * was barred or is known to have been lost since. Whatever else counts for nothing was written past the officers, and is an alarm.
 */
export function fellWithSigner(
  book: ActBook,
  { body, signatures, before }: ActBook['agreements'][number],
  { id, version }: { readonly id: string; readonly version: number },
): boolean {
  const then = bookBefore(book, before);
  const verify = officerVerifier(then);
  const digest = digestOf(body);
  const signed = signatures
    .map((token) => verify(token, { digest, agreement: id, version }))
    .filter((one): one is OfficerSigned => one !== undefined && one.unpinned !== true);
  const [one, other] = signed;
  if (one === undefined || other === undefined) return false;
  return mayPair(then, one.officer, other.officer, Math.max(one.at ?? 0, other.at ?? 0));
}

/** The book without what was barred after that place in the order of acts. */
function bookBefore(book: ActBook, before: ActBook['agreements'][number]['before']): ActBook {
  // Both only grow, each in the order of acts.
  const barred = new Set([...book.barred].slice(0, before.barred));
  const compromised = new Map([...book.compromised].slice(0, before.compromised));
  const officers = [...book.officers].map(([code, officer]) => {
    const barredLater = book.barred.has(`officer:${code}`) && !barred.has(`officer:${code}`);
    return [code, barredLater ? { ...officer, barred: false } : officer] as const;
  });
  const keys = [...book.officerKeys].map(([kid, { compromisedFrom, ...key }]) => {
    const known = compromised.has(kid) && compromisedFrom !== undefined;
    return [kid, known ? { ...key, compromisedFrom } : key] as const;
  });
  return { ...book, barred, compromised, officers: new Map(officers), officerKeys: new Map(keys) };
}
