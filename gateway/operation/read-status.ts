/** How a deployment stands, read of its database and of the head kept beside it. */
import { type Delays, readDelays } from '../accesses/delayed.ts';
import { type IndexState, readIndexState } from '../accesses/index-state.ts';
import { lackedMethods, separatePairs } from '../acts/administration.ts';
import { type ActBook, ADMINISTRATION, OPERATOR } from '../acts/book.ts';
import { countIssuers } from '../acts/issuers.ts';
import { countOpenProposals, type OpenProposals } from '../acts/open-proposals.ts';
import { fallenAgreements, ignoredRows, type LoadedAgreements, officersUnnamed } from '../agreements/store.ts';
import { pagesOfHead } from '../audit/head-pages.ts';
import type { LogState } from '../audit/heads.ts';
import { readWitnessed, type WitnessedFacts } from '../audit/witnesses.ts';
import { type OpenMatters, readOpenMatters } from '../consent/open-matters.ts';
import { type Overdue, readOverdue } from '../retention/read-overdue.ts';
import { unsafeSettings } from '../storage/durability.ts';
import { listPending } from '../storage/migrate.ts';
import type { Pool } from '../storage/pool.ts';
import { quotingSettings } from '../storage/server-log.ts';
import { countAgencyKeys, type KeyState } from './agency-keys.ts';
import { type Expiry, type Own, readExpiries } from './expiries.ts';
import { readWaiting, type Waiting } from './waiting.ts';

/** A gateway process and its lease. Times in unix seconds. */
export interface WorkerStatus {
  readonly epoch: number;
  readonly startedAt: number;
  readonly leaseUntil: number;
  readonly live: boolean;
}

export interface KeptHeadStatus {
  /** Of so many entries: what came after them could be set back unseen. */
  readonly entries: number;
  /** When it was last written, unix seconds. */
  readonly at: number;
}

export interface StoredStatus {
  /** The database's time, unix seconds. */
  readonly now: number;
  readonly workers: readonly WorkerStatus[];
  readonly log: {
    readonly state: LogState;
    readonly entries: number;
    /** The head outside of the database; undefined where none is kept. */
    readonly headKept: KeptHeadStatus | undefined;
    /** How far it is witnessed, and how many organisations that takes. */
    readonly witnessed: WitnessedFacts;
    readonly witnessesNeeded: number;
  };
  readonly waiting: Waiting;
  readonly agencyKeys: Readonly<Record<KeyState, number>>;
  /** How far the index of accesses is behind the log. */
  readonly accesses: IndexState;
  /** Uses that persons are not shown yet. */
  readonly delays: Delays;
  /** Matters of persons that wait for the end of a legal clock. */
  readonly matters: OpenMatters;
  /** Matters of persons that wait and that no list of what waits has: they are not among those counted above. */
  readonly unlisted: number;
  /** What officers put before each other and nobody decided. */
  readonly proposals: OpenProposals;
  /** What is kept beyond its time, by kind of data. */
  readonly overdue: Overdue;
  readonly expiries: readonly Expiry[];
  /** Officers who can sign agreements: enrolled, active and, where keys are pinned, pinned. */
  readonly officers: number;
  /** True where there are officers and the configuration names none of them. */
  readonly officersUnnamed: boolean;
  /** Pairs of a proposer and an approver who count for two, sharing nobody, 2 at most. */
  readonly officerPairs: 0 | 1 | 2;
  /** Methods of this version that the agreement under which officers call lacks: none of them can call these. */
  readonly lackedMethods: readonly string[];
  /** How many may sign on behalf of people. */
  readonly issuers: number;
  /** Whether anybody ever consented. */
  readonly consents: boolean;
  /** A development deployment has its two officers and needs no more. */
  readonly production: boolean;
  /** False where the rules on the disk are none that a gateway would start with. */
  readonly rulesCount: boolean;
  /** Settings of the database server by which its machine may lose what was committed. */
  readonly unsafeSettings: readonly string[];
  /** Settings of the database server by which values of statements come into its own log. */
  readonly quotingSettings: readonly string[];
  /** Pages of the row that all appends lock. */
  readonly headPages: number;
  /** Rows that count for nothing: agreements, acts, decisions of matters and officers that nobody signed for. */
  readonly ignored: number;
  /** Agreements that count no longer, since an officer who signed them was barred. */
  readonly fallen: number;
  /** Decisions of persons' matters that count for nothing since their officer was barred or the key was lost: these wait again. */
  readonly fallenDecisions: number;
  /** Agreements of which no version's term has begun: until then their agencies have none. */
  readonly notBegun: number;
}

/** How the deployment stands; of a schema that is not this version's only what it lacks. */
export type DeploymentStatus =
  | { readonly pending: readonly string[]; readonly stored: undefined }
  | { readonly pending: readonly []; readonly stored: StoredStatus };

export interface StatusSources {
  readonly db: Pool;
  readonly own: Own;
  /** False where the rules on the disk are none that a gateway would start with. */
  readonly rulesCount: boolean;
  /** Whether agencies and their keys count by officers' acts alone. */
  readonly actsOnly: boolean;
  readonly readAgreements: () => Promise<LoadedAgreements>;
  readonly checkLog: () => Promise<LogState>;
  readonly readHeadKept: () => Promise<KeptHeadStatus | undefined>;
  /** How many organisations make a head witnessed. */
  readonly witnessesNeeded: number;
  /** How many decisions of persons' matters count for nothing by this book, and how many of these fell with their officer. */
  readonly ignoredMatterActs: (
    now: number,
    book: ActBook,
  ) => Promise<{ readonly ignored: number; readonly fallen: number }>;
  /** How many matters of persons no list of what waits has. */
  readonly countMissed: (now: number, book: ActBook) => Promise<number>;
}

/** @throws {StorageError} */
export async function readStatus(sources: StatusSources): Promise<DeploymentStatus> {
  const { db } = sources;
  const pending = (await listPending(db)).map(({ name }) => name);
  if (pending.length > 0) return { pending, stored: undefined };
  const { rows: clock } = await db.query<{ now: number }>(
    'SELECT extract(epoch FROM clock_timestamp())::float8 AS now',
  );
  const now = clock[0]?.now ?? Number.NaN;
  const { rows: head } = await db.query<{ size: number }>('SELECT size::float8 AS size FROM log_head');
  const loaded = await sources.readAgreements();
  const { book } = loaded;
  const decisions = await sources.ignoredMatterActs(now, book);
  const stored = {
    now,
    workers: await readWorkers(db),
    log: {
      state: await sources.checkLog(),
      entries: head[0]?.size ?? 0,
      headKept: await sources.readHeadKept(),
      witnessed: await readWitnessed(db, sources.witnessesNeeded),
      witnessesNeeded: sources.witnessesNeeded,
    },
    waiting: await readWaiting(db),
    agencyKeys: await countAgencyKeys(db, book, { actsOnly: sources.actsOnly, now }),
    accesses: await readIndexState(db),
    delays: await readDelays(db),
    matters: await readOpenMatters(db, now),
    unlisted: await sources.countMissed(now, book),
    proposals: await countOpenProposals(db),
    overdue: await readOverdue(db),
    expiries: await readExpiries(db, loaded, sources.own, now),
    officers: [...book.officers.values()].filter(({ counts, barred }) => counts && !barred).length,
    officersUnnamed: officersUnnamed(book),
    officerPairs: separatePairs(book, now),
    lackedMethods: Object.values(loaded.data.agreements[OPERATOR] ?? {})
      .filter(({ id }) => id === ADMINISTRATION)
      .flatMap(lackedMethods),
    issuers: countIssuers(book, now),
    consents: (await db.query('SELECT FROM consent LIMIT 1')).rowCount > 0,
    production: sources.actsOnly,
    ignored: ignoredRows(loaded) + decisions.ignored,
    fallen: fallenAgreements(loaded),
    fallenDecisions: decisions.fallen,
    notBegun: Object.values(loaded.data.agreements)
      .flatMap((byPurpose) => Object.values(byPurpose))
      .filter(({ agency, valid_from }) => valid_from > now && loaded.data.agencies[agency]?.status === 'active').length,
    rulesCount: sources.rulesCount,
    unsafeSettings: await unsafeSettings(db),
    quotingSettings: await quotingSettings(db),
    headPages: await pagesOfHead(db),
  };
  return { pending: [], stored };
}

async function readWorkers(db: Pool): Promise<WorkerStatus[]> {
  const { rows } = await db.query<{ epoch: number; started: number; until: number; live: boolean }>(
    `SELECT epoch::float8 AS epoch, extract(epoch FROM started_at)::float8 AS started,
            extract(epoch FROM lease_until)::float8 AS until, lease_until > clock_timestamp() AS live
     FROM worker ORDER BY epoch`,
  );
  return rows.map(({ epoch, started, until, live }) => ({ epoch, startedAt: started, leaseUntil: until, live }));
}
