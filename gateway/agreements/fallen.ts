import { type ActBook, mayPair } from '../acts/book.ts';
import type { OfficerSigned } from '../policy/agreements.ts';
import { digestOf } from '../signing/digest.ts';
import { officerVerifier } from './officers.ts';

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
