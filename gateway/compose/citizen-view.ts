import { createListAccesses } from '../accesses/list-accesses-method.ts';
import { createIssuerKeys } from '../acting/issuer-keys.ts';
import { type ActBook, countsAsEvidence, OPERATOR } from '../acts/book.ts';
import { createAccessProofs } from '../audit/access-proof.ts';
import type { Heads } from '../audit/heads.ts';
import type { Witnesses } from '../audit/witnesses.ts';
import type { RowLookup } from '../exchange/lookup-port.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import type { DatabaseClock } from '../storage/database-clock.ts';
import type { Pools } from './open-database.ts';
import type { ServingConfig } from './open-serving.ts';

export interface CitizenViewOptions {
  readonly config: Pick<ServingConfig, 'deployment' | 'keys'>;
  readonly pools: Pick<Pools, 'proofs'>;
  readonly heads: Pick<Heads, 'checkpointAt'>;
  readonly witnesses: Pick<Witnesses, 'witnessed'>;
  readonly lookup: Pick<RowLookup, 'resolve'>;
  readonly book: () => ActBook;
  readonly clock: Pick<DatabaseClock, 'nowMs' | 'nowSeconds'>;
  readonly tokenFloor: () => number;
}

/** What a person is shown of the log, wired. */
export function citizenView(options: CitizenViewOptions): readonly UnaryMethod[] {
  const { config, pools, heads, witnesses, lookup, book, clock, tokenFloor } = options;
  const { deployment, keys } = config;
  const { nowMs, nowSeconds } = clock;
  const development = deployment.kind === 'development';

  async function nameOf(code: string) {
    // Officers who look a person up call in the operator's name.
    const admitted = code === OPERATOR ? book().operator : book().agencies.get(code);
    if (admitted !== undefined) return { vi: admitted.name_vi, en: admitted.name_en };
    if (!development) return undefined;
    const { rows } = await pools.proofs.query<{ vi: string; en: string }>(
      'SELECT name_vi AS vi, name_en AS en FROM agency WHERE code = $1',
      [code],
    );
    return rows[0];
  }

  return [
    createListAccesses({
      ...{ db: pools.proofs, evidence: keys.evidence, lookup, nameOf, nowSeconds },
      counts: (kid, loggedAt) => countsAsEvidence(book(), kid, loggedAt),
      proofs: createAccessProofs({ db: pools.proofs, heads, witnesses, keys, nowMs }),
      acting: {
        issuers: createIssuerKeys(book, nowSeconds),
        deployment: deployment.id,
        nowSeconds,
        iatFloor: tokenFloor,
      },
    }),
  ];
}
