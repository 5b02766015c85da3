/** The ceremony that makes the first two officers: both sign who they are, and the agreement under which officers call. */
import { randomBytes } from 'node:crypto';
import { type ActOf, actBytes, type OfficerPart, type OperatorPart } from '../acts/act.ts';
import { ACT_PROBLEMS, type ActProblem } from '../acts/book.ts';
import { foldActs } from '../acts/fold-acts.ts';
import { signAct } from '../acts/officer-token.ts';
import { signAgreement } from '../agreements/officers.ts';
import { agreementBytes } from '../policy/agreement.ts';
import { digestOf } from '../signing/digest.ts';
import { thumbprintOf } from '../signing/public-key.ts';
import type { Signer } from '../signing/sign.ts';
import type { Pool } from '../storage/pool.ts';
import { administrationAgreement } from './administration.ts';
import { type ApprovedRow, storeApproved } from './store-approved.ts';
import { changesOf } from './subject-of.ts';

/** A ceremony that would make nobody an officer. */
export class GenesisRefused extends Error {
  override readonly name = 'GenesisRefused';
  readonly problem: ActProblem;
  constructor(problem: ActProblem) {
    super(`the ceremony would not count: ${ACT_PROBLEMS[problem]}`);
    this.problem = problem;
  }
}

export interface FirstOfficer extends OfficerPart {
  /** On the officer's key, issuer `gateway`. */
  readonly signer: Signer;
}

export interface Genesis {
  readonly deployment: string;
  readonly operator: OperatorPart;
  /** Two. */
  readonly officers: readonly FirstOfficer[];
}

/**
 * Stores the ceremony. It counts where the configuration names both keys, and where it is the first.
 *
 * @param before called with the act's digest before anything is stored: to put it into the log
 * @returns the act's digest, base64url
 * @throws {GenesisRefused} where it would not count; nothing is stored then
 */
export async function storeGenesis(
  pool: Pool,
  { deployment, operator, officers }: Genesis,
  before: (digest: string) => Promise<void> = async () => {},
): Promise<string> {
  const act: ActOf<'genesis'> = {
    act: randomBytes(16).toString('base64url'),
    kind: 'genesis',
    deployment,
    operator,
    officers: officers.map(({ code, person, key, certificate }) => ({ code, person, key, certificate })),
  };
  const body = actBytes(act);
  const digest = digestOf(body);
  const iat = Math.floor(Date.now() / 1000);
  const agreement = administrationAgreement(iat);
  const terms = agreementBytes(agreement);
  const rows: ApprovedRow[] = [
    {
      ...{ digest, kind: 'act', body },
      signatures: officers.map(({ code, signer }) => signAct(signer, { digest, officer: code, deployment, iat })),
    },
    {
      ...{ digest: digestOf(terms), kind: 'agreement', body: terms },
      signatures: officers.map(({ code, signer }) =>
        signAgreement(signer, { ...agreement, body: terms, officer: code, deployment, iat }),
      ),
    },
  ];
  const [proposal = '', approval = ''] = rows[0]?.signatures ?? [];
  const pinned = new Set(officers.map(({ key }) => thumbprintOf(key)));
  const row = { digest, kind: 'act', body, signature: proposal, outcome: 'approved', approval } as const;
  const [refused] = foldActs([row], { deployment, pinned, enrolled: [], now: iat }).refused;
  if (refused !== undefined) throw new GenesisRefused(refused.problem);
  await before(digest);
  const codes = officers.map(({ code }) => code);
  await storeApproved(pool, codes, rows, [...changesOf(act), { kind: 'agreement', subject: agreement.id }]);
  return digest;
}
