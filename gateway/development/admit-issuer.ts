/** The development issuer comes as any issuer does: by an act that both officers signed, with a proof that its key is held. */
import { randomBytes } from 'node:crypto';
import { type ActOf, actBytes } from '../acts/act.ts';
import { ACT_PROBLEMS } from '../acts/book.ts';
import { judgeRow } from '../acts/fold-acts.ts';
import { signAct } from '../acts/officer-token.ts';
import { proveKey } from '../acts/possession.ts';
import { readBook, type Trust } from '../acts/read-acts.ts';
import { storeApproved } from '../admin/store-approved.ts';
import { changesOf } from '../admin/subject-of.ts';
import { digestOf } from '../signing/digest.ts';
import type { SigningKey } from '../signing/key-store.ts';
import { createSigner } from '../signing/sign.ts';
import type { Pool } from '../storage/pool.ts';
import type { DevelopmentOfficer } from './four-eyes.ts';
import { DEVELOPMENT_ISSUER } from './issuer.ts';

/** Admits it where no act has; once retired or barred it stays so. @throws {Error} where what the officers sign no longer counts */
export async function admitIssuer(
  pool: Pool,
  trust: Trust,
  { officers, key }: { readonly officers: readonly DevelopmentOfficer[]; readonly key: SigningKey },
): Promise<void> {
  const { code: issuer, legalEntity: legal_entity, nameVi: name_vi, nameEn: name_en } = DEVELOPMENT_ISSUER;
  const book = await readBook(pool, trust);
  if (book.issuers.has(issuer)) return;
  const { deployment } = trust;
  const iat = Math.floor(Date.now() / 1000);
  const { publicJwk } = key;
  const holder = createSigner({ key: key.key, kid: key.kid, issuer });
  const act: ActOf<'issuer.admit'> = {
    ...{ act: randomBytes(16).toString('base64url'), deployment, kind: 'issuer.admit' },
    ...{ issuer, legal_entity, name_vi, name_en, key: publicJwk },
    proof: proveKey(holder, { deployment, of: 'issuer', holder: issuer, key: publicJwk }, iat),
  };
  const body = actBytes(act);
  const digest = digestOf(body);
  const signatures = officers.map(({ code: officer, signer }) => signAct(signer, { digest, officer, deployment, iat }));
  const [signature = '', approval = ''] = signatures;
  const problem = judgeRow(book, { digest, kind: 'act', body, signature, outcome: 'approved', approval });
  if (problem !== undefined) throw new Error(`the development issuer is not admitted: ${ACT_PROBLEMS[problem]}`);
  const codes = officers.map(({ code }) => code);
  await storeApproved(pool, codes, [{ digest, kind: 'act', body, signatures }], changesOf(act));
}
