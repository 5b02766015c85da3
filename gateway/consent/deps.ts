/** What the methods of `consent.v1` need. */
import type { KeyObject } from 'node:crypto';
import type { ActingDeps } from '../acting/acting-person.ts';
import type { ActBook, LostKey } from '../acts/book.ts';
import type { FindConsents } from '../exchange/consent.ts';
import type { RecordDeps } from '../exchange/entry-parts.ts';
import type { Appender } from '../exchange/log-port.ts';
import type { RowLookup } from '../exchange/lookup-port.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import type { Database } from '../storage/pool.ts';

export const CONSENT_SERVICE = '/lienthong.consent.v1.ConsentService';

export interface ConsentDeps {
  readonly db: Database;
  readonly acting: ActingDeps;
  readonly lookup: Pick<RowLookup, 'resolve' | 'matchByIdentifier'>;
  readonly findConsents: FindConsents;
  readonly appender: Appender;
  readonly keys: RecordDeps['keys'];
  /** Resolves when a head of the log that covers all that is committed is kept outside of the database. */
  readonly keepFirst: () => Promise<void>;
  /** Seals artefacts, and what officers wrote about matters. */
  readonly artefactKey: KeyObject;
  /** Agencies and agreements as decisions are made by. */
  readonly policyData: () => PolicyData;
  /** Keys of issuers that others may have had, and since when, unix seconds: what was granted under one from then on covers nothing. */
  readonly lostKeys: () => readonly LostKey[];
  /** What officers did, as it was last read: a decision of a matter counts by it. */
  readonly book: () => ActBook;
  readonly nowSeconds: () => number;
  /** How long after its first answer the same request may come once more. */
  readonly retrySeconds: number;
}
