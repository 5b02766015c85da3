import type { BarredKind } from '../acts/act.ts';
import { type ActBook, OPERATOR } from '../acts/book.ts';
import { readBook, type Trust } from '../acts/read-acts.ts';
import type { Caller } from '../exchange/authenticate.ts';
import { type RecipientKey, readEncryptionJwk, recipientKeyOf } from '../signing/encryption-key.ts';
import {
  type KeyLookup,
  keyLookup,
  readPublicJwk,
  untilTheirEnd,
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
  /** Certificates and keys in the tables that no act of officers admitted, where only acts are believed. */
  readonly unsigned: number;
  /** What officers did, up to this revision; undefined where tables alone are read. */
  readonly book: ActBook | undefined;
}

/** By what officers' acts are read; `actsOnly`: rows of the tables count for nothing. Production is so. */
export interface OfficersTrust extends Trust {
  readonly actsOnly: boolean;
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
 *
 * @param nowSeconds asked at each look-up of a key that ends by itself
 * @throws {StorageError}
 */
export async function readDirectory(
  pool: Pool,
  known: ReadonlyMap<string, VerificationKey> = new Map(),
  officers?: OfficersTrust,
  nowSeconds: () => number = () => Date.now() / 1000,
): Promise<DirectoryContents> {
  const { revision, book, certificates, keyRows, encryptionRows } = await inTransaction(
    pool,
    async (tx) => ({
      revision: await lastRevision(tx),
      book: officers === undefined ? undefined : await readBook(tx, officers),
      certificates: (
        await tx.query<CertificateRow>(
          `SELECT c.fingerprint, c.agency, a.legal_entity, c.status = 'active' AND a.status = 'active' AS active
           FROM agency_certificate c JOIN agency a ON a.code = c.agency`,
        )
      ).rows,
      keyRows: (await tx.query<KeyRow>(`SELECT kid, agency, jwk FROM agency_key WHERE state = 'active'`)).rows,
      encryptionRows: (
        await tx.query<KeyRow>(
          `SELECT kid, agency, jwk FROM agency_encryption_key WHERE state = 'active' ORDER BY number`,
        )
      ).rows,
    }),
    { isolation: 'REPEATABLE READ' },
  );

  const keys = new Map<string, VerificationKey>();
  const unusable: string[] = [];
  const isBarred = (kind: BarredKind, subject: string) => book?.barred.has(`${kind}:${subject}`) === true;
  const believed = officers?.actsOnly !== true;
  for (const row of believed ? keyRows : []) {
    if (isBarred('key', row.kid)) continue;
    const name = `${row.agency}/${row.kid}`;
    const key = known.get(name) ?? keyOf(row);
    if (key === undefined) unusable.push(row.kid);
    else keys.set(name, key);
  }
  const ends = new Map<string, number>();
  for (const [kid, { key, agency, state, until }] of book?.keys ?? []) {
    if (state !== 'active' || isBarred('key', kid)) continue;
    keys.set(`${agency}/${kid}`, key);
    if (until !== undefined) ends.set(kid, until);
  }
  const byAgency = Map.groupBy(keys.values(), ({ issuer }) => issuer);
  const lookups = new Map<string, KeyLookup>();
  for (const [agency, own] of byAgency) lookups.set(agency, untilTheirEnd(keyLookup(own), ends, nowSeconds));

  // In their order: of each agency's, the last one stays.
  const encryptionKeys = new Map<string, RecipientKey>();
  for (const row of believed ? encryptionRows : []) {
    if (isBarred('key', row.kid)) continue;
    const key = recipientOf(row);
    if (key === undefined) unusable.push(row.kid);
    else encryptionKeys.set(row.agency, key);
  }
  for (const [kid, { key, agency, state }] of book?.encryptionKeys ?? []) {
    if (state === 'active' && !isBarred('key', kid)) encryptionKeys.set(agency, key);
  }

  const callers = new Map<string, Caller | 'barred'>();
  const enter = (fingerprint: string, agency: string, legalEntity: string, active: boolean) => {
    const own = lookups.get(agency) ?? (() => undefined);
    const open = active && !isBarred('certificate', fingerprint) && !isBarred('agency', agency);
    const encryptionKey = encryptionKeys.get(agency);
    const caller = { agency, legalEntity, certificate: fingerprint, keys: own, encryptionKey };
    callers.set(fingerprint, open ? caller : 'barred');
  };
  for (const { fingerprint, agency, legal_entity, active } of believed ? certificates : []) {
    enter(fingerprint, agency, legal_entity, active);
  }
  if (book !== undefined) {
    for (const { fingerprint, agency } of book.certificates.values()) {
      enter(fingerprint, agency, book.agencies.get(agency)?.legal_entity ?? '', true);
    }
    enterOfficers(book, callers);
  }
  const unsigned = believed ? 0 : certificates.length + keyRows.length + encryptionRows.length;
  return { revision, callers, keys, unusable, unsigned, book };
}

/** Officers call in the operator's name, each with the one certificate and the one key that are theirs. */
function enterOfficers(book: ActBook, callers: Map<string, Caller | 'barred'>): void {
  const { operator } = book;
  if (operator === undefined) return;
  for (const { code, kid, certificate, counts, barred } of book.officers.values()) {
    const key = book.officerKeys.get(kid)?.verification;
    if (certificate === undefined || key === undefined || !counts) continue;
    const open = !barred && !book.barred.has(`certificate:${certificate}`) && !book.barred.has(`key:${kid}`);
    const keys = keyLookup([{ ...key, issuer: OPERATOR }]);
    const caller = { agency: OPERATOR, legalEntity: operator.legal_entity, certificate, keys, officer: code };
    callers.set(certificate, open ? caller : 'barred');
  }
}

/** The key of a row; undefined where the text is no public key or not the one that `kid` names. */
function keyOf({ kid, agency, jwk }: KeyRow): VerificationKey | undefined {
  const read = readPublicJwk(parsed(jwk));
  const key = read && verificationKeyOf(read, agency);
  return key?.kid === kid ? key : undefined;
}

function recipientOf({ kid, jwk }: KeyRow): RecipientKey | undefined {
  const read = readEncryptionJwk(parsed(jwk));
  const key = read && recipientKeyOf(read);
  return key?.kid === kid ? key : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
