/** Three officers of a deployment, and acts as they sign them. */
import { digestOf } from '../signing/digest.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { createSigner } from '../signing/sign.ts';
import { type Act, actBytes } from './act.ts';
import { type ActRow, type FoldOptions, foldActs } from './fold-acts.ts';
import { signAct } from './officer-token.ts';

export const NOW = 1_795_000_000;
const newKey = async () => loadSigningKey(await generateSigningJwk());
export const KEYS: readonly [SigningKey, SigningKey, SigningKey] = [await newKey(), await newKey(), await newKey()];
const CODES = ['officer-a', 'officer-b', 'officer-c'] as const;
export const enrolled = (status = 'active') =>
  CODES.map((code, n) => ({
    ...{ code, status, kid: KEYS[n]?.kid ?? '' },
    jwk: JSON.stringify(KEYS[n]?.publicJwk),
  }));
export const OPTIONS = { deployment: 'dev-tests', pinned: undefined, enrolled: enrolled(), now: NOW };

export const BAR = {
  ...({ act: 'AAAAAAAAAAAAAAAAAAAAAA', deployment: 'dev-tests', kind: 'bar' } as const),
  ...({ what: 'agency', subject: 'viettel' } as const),
};

export function token(n: 0 | 1 | 2, body: Uint8Array, iat = NOW, deployment = 'dev-tests'): string {
  const { key, kid } = KEYS[n];
  const signer = createSigner({ key, kid, issuer: 'gateway' });
  return signAct(signer, { digest: digestOf(body), officer: CODES[n], deployment, iat });
}

export const row = (act: Act, ...by: readonly (0 | 1 | 2)[]): ActRow => rowAt(NOW, act, ...by);

/** @param at when its officers sign, unix seconds */
export function rowAt(at: number, act: Act, ...by: readonly (0 | 1 | 2)[]): ActRow {
  const body = actBytes(act);
  const [signature = '', approval = null] = by.map((n) => token(n, body, at));
  return {
    ...{ digest: digestOf(body), kind: 'act', body, signature, approval },
    outcome: by.length === 1 ? 'alone' : 'approved',
  };
}

export const problemOf = (one: ActRow, options: Partial<FoldOptions> = {}) =>
  foldActs([one], { ...OPTIONS, ...options }).refused.map(({ problem }) => problem);
