/** Who may say who a person is, and witness a consent. */
import { parseToken } from '../signing/parse.ts';
import { readPublicJwk, type VerificationKey, verificationKeyOf } from '../signing/public-key.ts';
import type { Database } from '../storage/pool.ts';

/** A registered issuer, by one of its active keys. */
export interface Issuer {
  /** Its code: the `iss` of its tokens. */
  readonly code: string;
  readonly legalEntity: string;
  readonly key: VerificationKey;
}

export interface IssuerKeys {
  /** Undefined for a key that is nobody's, retired or barred. */
  find(kid: string): Promise<Issuer | undefined>;
}

/** The issuers of a table, which count in a development deployment only: elsewhere officers' acts name them. */
export function createTableIssuers(db: Database, believed: boolean): IssuerKeys {
  return {
    async find(kid) {
      if (!believed) return undefined;
      const { rows } = await db.query<{ code: string; legal_entity: string; jwk: string }>(
        `SELECT code, legal_entity, jwk FROM consent_issuer WHERE kid = $1 AND state = 'active'`,
        [kid],
      );
      const [row] = rows;
      const jwk = row && readPublicJwk(JSON.parse(row.jwk));
      if (row === undefined || jwk === undefined) return undefined;
      const key = verificationKeyOf(jwk, row.code);
      return key.kid === kid ? { code: row.code, legalEntity: row.legal_entity, key } : undefined;
    },
  };
}

/** Whose token it claims to be; nothing of it is believed by that. */
export async function issuerOf(issuers: IssuerKeys, jws: string): Promise<Issuer | undefined> {
  const parsed = parseToken(jws);
  return parsed.ok ? issuers.find(parsed.token.kid) : undefined;
}
