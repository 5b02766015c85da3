/** What ends by itself, and when. Officers' keys have no end of their own, agencies' only where they were admitted with one. */
import { type ActBook, endingKeys, isBarred } from '../acts/book.ts';
import { changedLimits } from '../acts/limits.ts';
import type { Agreement } from '../policy/agreement.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import type { Database } from '../storage/pool.ts';
import { validToOf } from './valid-to.ts';

export type Expiring =
  | 'ca_certificate'
  | 'server_certificate'
  | 'agency_certificate'
  | 'agency_key'
  | 'agreement'
  | 'raised_limit'
  | 'policy_rules';

export interface Expiry {
  readonly what: Expiring;
  /** Agency and the beginning of the certificate's fingerprint or the key's thumbprint, or agency, id and version of the agreement, with the limit that is raised, or the revision of the rules; empty for our own. */
  readonly subject: string;
  /** Unix seconds: the first moment at which it no longer counts. */
  readonly until: number;
}

/** What the gateway itself stands on: its certificates, PEM, and its rules, where they count. */
export interface Own {
  readonly ca: Buffer;
  readonly certificate: Buffer;
  readonly rules?: { readonly revision: number; readonly end: number } | undefined;
}

const DAY = 86_400;
/** What ended longer ago is history. */
const ENDED_DAYS = 60;

/** What decides who may what: the agreements, those that are signed and yet to begin, and the officers' acts. */
export interface Decided {
  readonly data: PolicyData;
  readonly coming: readonly Agreement[];
  readonly book: ActBook;
}

/** Certificates and keys that officers' acts let in, of agencies and officers that are not barred. */
function admittedOf(book: ActBook): Expiry[] {
  const open = ({ agency, fingerprint }: { readonly agency: string; readonly fingerprint: string }) =>
    !isBarred(book, 'agency', agency) && !isBarred(book, 'certificate', fingerprint);
  return [
    ...endingKeys(book).map(({ kid, agency, until }) => ({
      ...{ what: 'agency_key' as const, subject: `${agency} ${kid.slice(0, 16)}`, until },
    })),
    ...[...book.certificates.values()].filter(open).map(({ agency, fingerprint, notAfter }) => ({
      what: 'agency_certificate' as const,
      subject: `${agency} ${fingerprint.slice(0, 16)}`,
      until: notAfter,
    })),
    ...[...book.officers.values()]
      .filter(({ certificate, barred, counts }) => certificate !== undefined && counts && !barred)
      .map(({ code, certificate = '', notAfter }) => ({
        what: 'agency_certificate' as const,
        subject: `${code} ${certificate.slice(0, 16)}`,
        until: notAfter,
      })),
  ];
}

/** Raises that count now. What is over is no loss to anybody: it was agreed for a time. */
export function raisesOf(agreements: readonly Agreement[], book: Pick<ActBook, 'limits'>, now: number): Expiry[] {
  return agreements.flatMap((agreement) =>
    changedLimits(book, agreement, now).flatMap(({ limit, until }) => {
      const subject = `${agreement.agency} ${agreement.id}:${agreement.version} ${limit}`;
      return until === undefined ? [] : [{ what: 'raised_limit' as const, subject, until }];
    }),
  );
}

/** The version that an agreement ends with: one that takes over without a gap is no end. @param coming the first to begin first */
export function lastOf(agreement: Agreement, coming: readonly Agreement[]): Agreement {
  return coming.reduce(
    (last, next) =>
      next.id === last.id && next.version > last.version && next.valid_from <= last.valid_to ? next : last,
    agreement,
  );
}

/** Those of active agencies and our own, the first to end first. @throws {StorageError} */
export async function readExpiries(
  db: Database,
  { data: { agencies, agreements }, coming, book }: Decided,
  own: Own,
  now: number,
): Promise<Expiry[]> {
  const inForce = Object.values(agreements)
    .flatMap((byPurpose) => Object.values(byPurpose))
    .filter(({ agency }) => agencies[agency]?.status === 'active');
  const { rows } = await db.query<{ agency: string; start: string; until: number }>(
    `SELECT c.agency, left(c.fingerprint, 16) AS start, extract(epoch FROM c.not_after)::float8 AS until
     FROM agency_certificate c JOIN agency a ON a.code = c.agency
     WHERE c.status = 'active' AND a.status = 'active' AND c.not_after > to_timestamp($1)`,
    [now - ENDED_DAYS * DAY],
  );
  return [
    { what: 'ca_certificate' as const, subject: '', until: validToOf(own.ca) },
    { what: 'server_certificate' as const, subject: '', until: validToOf(own.certificate) },
    ...(own.rules === undefined
      ? []
      : [{ what: 'policy_rules' as const, subject: String(own.rules.revision), until: own.rules.end }]),
    ...rows.map(({ agency, start, until }) => ({
      what: 'agency_certificate' as const,
      subject: `${agency} ${start}`,
      until,
    })),
    ...admittedOf(book).filter(({ until }) => until > now - ENDED_DAYS * DAY),
    ...inForce
      .map((agreement) => lastOf(agreement, coming))
      .filter(({ valid_to }) => valid_to > now - ENDED_DAYS * DAY)
      .map(({ agency, id, version, valid_to }) => ({
        what: 'agreement' as const,
        subject: `${agency} ${id}:${version}`,
        until: valid_to,
      })),
    ...raisesOf(inForce, book, now),
  ].sort((a, b) => a.until - b.until);
}

/** Whole days that are left, rounded down; negative where it has ended. */
export function daysLeft(until: number, now: number): number {
  return Math.floor((until - now) / DAY);
}
