import type { Caller } from '../exchange/authenticate.ts';
import {
  type KeyLookup,
  keyLookup,
  readPublicJwk,
  type VerificationKey,
  verificationKeyOf,
} from '../signing/public-key.ts';
import type { Pool } from '../storage/pool.ts';
import { inTransaction } from '../storage/transaction.ts';
import { lastRevision } from './changes.ts';

/** All agencies at one revision. */
export interface DirectoryContents {
  readonly revision: bigint;
  /** By fingerprint of the certificate. */
  readonly callers: ReadonlyMap<string, Caller | 'barred'>;
  /** Verification keys by agency and kid, to be used again by the next reading. */
  readonly keys: ReadonlyMap<string, VerificationKey>;
  /** Kids of active rows that hold no usable key: they verify nothing, and somebody should look at them. */
  readonly unusable: readonly string[];
}

interface CertificateRow {
  readonly fingerprint: string;
  readonly agency: string;
  readonly legal_entity: string;
  readonly active: boolean;
}

interface KeyRow {
  readonly kid: string;
  readonly agency: string;
  readonly jwk: string;
}

/**
 * Reads everything in one snapshot with the highest revision in it. `known` spares making a KeyObject again.
 * @throws {StorageError}
 */
export async function readDirectory(
  pool: Pool,
  known: ReadonlyMap<string, VerificationKey> = new Map(),
): Promise<DirectoryContents> {
  const { revision, certificates, keyRows } = await inTransaction(
    pool,
    async (tx) => ({
      revision: await lastRevision(tx),
      certificates: (
        await tx.query<CertificateRow>(
          `SELECT c.fingerprint, c.agency, a.legal_entity, c.status = 'active' AND a.status = 'active' AS active
           FROM agency_certificate c JOIN agency a ON a.code = c.agency`,
        )
      ).rows,
      keyRows: (await tx.query<KeyRow>(`SELECT kid, agency, jwk FROM agency_key WHERE state = 'active'`)).rows,
    }),
    { isolation: 'REPEATABLE READ' },
  );

  const keys = new Map<string, VerificationKey>();
  const unusable: string[] = [];
  for (const row of keyRows) {
    const name = `${row.agency}/${row.kid}`;
    const key = known.get(name) ?? keyOf(row);
    if (key === undefined) unusable.push(row.kid);
    else keys.set(name, key);
  }
  const byAgency = Map.groupBy(keys.values(), ({ issuer }) => issuer);
  const lookups = new Map<string, KeyLookup>();
  for (const [agency, own] of byAgency) lookups.set(agency, keyLookup(own));

  const callers = new Map<string, Caller | 'barred'>();
  for (const { fingerprint, agency, legal_entity: legalEntity, active } of certificates) {
    const own = lookups.get(agency) ?? (() => undefined);
    callers.set(fingerprint, active ? { agency, legalEntity, certificate: fingerprint, keys: own } : 'barred');
  }
  return { revision, callers, keys, unusable };
}

/** The key of a row; undefined where the text is no public key or not the one that `kid` names. */
function keyOf({ kid, agency, jwk }: KeyRow): VerificationKey | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(jwk);
  } catch {
    return undefined;
  }
  const read = readPublicJwk(parsed);
  if (read === undefined) return undefined;
  const key = verificationKeyOf(read, agency);
  return key.kid === kid ? key : undefined;
}
