/** Four officers of a deployment, what they sign in the order in which it was decided, and what gateways decide by then. */
import { type Act, actBytes } from '../acts/act.ts';
import { ADMINISTRATION, mayPair, OPERATOR } from '../acts/book.ts';
import { type ActRow, foldActs } from '../acts/fold-acts.ts';
import { signAct } from '../acts/officer-token.ts';
import { agreementBytes } from '../policy/agreement.ts';
import { buildData, type SignedAgreement } from '../policy/agreements.ts';
import { sampleAgreement } from '../policy/testing/agreements.ts';
import { digestOf } from '../signing/digest.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { createSigner } from '../signing/sign.ts';
import { officerVerifier, signAgreement } from './officers.ts';
import { DEPLOYMENT, RULES } from './testing.ts';

export const NOW = 1_795_000_000;

export interface Signing {
  readonly code: string;
  readonly own: SigningKey;
}
export const officer = async (code: string): Promise<Signing> => ({
  code,
  own: loadSigningKey(await generateSigningJwk()),
});
export const [a, b, c, d] = [await officer('a'), await officer('b'), await officer('c'), await officer('d')];
const enrol = (officers: readonly Signing[]) =>
  officers.map(({ code, own }) => ({ code, kid: own.kid, jwk: JSON.stringify(own.publicJwk), status: 'active' }));
export const fold = (rows: readonly ActRow[], officers: readonly Signing[] = [a, b, c, d]) =>
  foldActs(rows, { deployment: DEPLOYMENT, pinned: undefined, enrolled: enrol(officers), now: NOW + 1_000 });
const signerOf = ({ own }: Signing) => createSigner({ key: own.key, kid: own.kid, issuer: 'gateway' });

let serial = 0;
const nextAct = () => `${String(serial++).padStart(21, '0')}A`;

export function act(own: object, by: readonly Signing[], iat = NOW): ActRow {
  const body = actBytes({ act: nextAct(), deployment: DEPLOYMENT, ...own } as unknown as Act);
  const digest = digestOf(body);
  const [signature = '', approval = null] = by.map((one) =>
    signAct(signerOf(one), { digest, officer: one.code, deployment: DEPLOYMENT, iat }),
  );
  return { digest, kind: 'act', body, signature, outcome: by.length === 1 ? 'alone' : 'approved', approval };
}
export const bar = (what: string, subject: string, by: readonly Signing[], own: object = {}, iat = NOW) =>
  act({ kind: 'bar', what, subject, ...own }, by, iat);

export const terms = (version: number, own: object = {}) =>
  sampleAgreement({ id: ADMINISTRATION, agency: OPERATOR, purpose: 'administration', version, ...own });
export function agreed(agreement: ReturnType<typeof terms>, by: readonly Signing[], iat = NOW): ActRow {
  const body = agreementBytes(agreement);
  const [signature = '', approval = ''] = by.map((one) =>
    signAgreement(signerOf(one), { ...agreement, body, officer: one.code, deployment: DEPLOYMENT, iat }),
  );
  return { digest: digestOf(body), kind: 'agreement', body, signature, outcome: 'approved', approval };
}

/** What gateways decide by, `written` as somebody wrote it into the table of agreements. */
export function loaded(rows: readonly ActRow[], written: readonly SignedAgreement[] = [], officers = [a, b, c, d]) {
  const book = fold(rows, officers);
  const { data, refused } = buildData({
    agencies: Object.fromEntries(
      [OPERATOR, 'sample'].map((code) => [code, { legal_entity: 'LE', status: 'active' as const }]),
    ),
    agreements: [...written, ...book.agreements.map(({ body, signatures }) => ({ bytes: body, signatures }))],
    vocabulary: RULES.vocabulary,
    verify: officerVerifier(book),
    mayPair: (one, other, at) => mayPair(book, one, other, at),
  });
  return {
    version: data.agreements[OPERATOR]?.administration?.version,
    sample: data.agreements.sample?.sampling?.version,
    acts: book.refused.map(({ problem }) => problem),
    agreements: refused.map(({ problem }) => problem),
  };
}
