/** Keeps the policy in step with the stored agreements, and denies once it cannot know whether it is. */
import type { ActBook } from '../acts/book.ts';
import { limitsNow } from '../acts/limits.ts';
import type { CallerDirectory } from '../exchange/authenticate.ts';
import { type Decision, denied } from '../policy/decision.ts';
import { createPolicyHost, type PolicyFault, type PolicyHost } from '../policy/host.ts';
import type { PolicyInput } from '../policy/input.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import type { PolicyBundle } from '../policy/revision.ts';
import { createPoll } from '../storage/poll.ts';
import type { Pool } from '../storage/pool.ts';
import { type AgreementRules, type LoadedAgreements, loadAgreements, officersUnnamed, readRevisions } from './store.ts';

/** The narrow part of a structured logger. Fields are closed codes, paths of members and revisions. */
export interface AgreementsLog {
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

export interface AgreementsWatch {
  /** As the host's, with its limits as officers changed them, and POLICY_UNAVAILABLE where the agreements have not been in step for {@link MAX_STALE_MS}. */
  decide(input: PolicyInput): Decision;
  /** Highest change revision, of any kind, that decisions take into account. */
  readonly revision: bigint;
  /** What decisions are made by. */
  readonly data: PolicyData;
  /** What will be, once its term begins, the first first. */
  readonly coming: LoadedAgreements['coming'];
  /** By what officers they count. */
  readonly book: ActBook;
  /** Agreements of the database that count for nothing. Each is worth an alarm. */
  readonly refused: LoadedAgreements['refused'];
  start(): void;
  stop(): Promise<void>;
  /** Looks now. @throws {StorageError}, or whatever the host throws for contents that it cannot load */
  refresh(): Promise<void>;
}

export interface WatchOptions extends AgreementRules {
  readonly pool: Pool;
  readonly host: PolicyHost;
  /** What the host was made with. */
  readonly loaded: LoadedAgreements;
  readonly log: AgreementsLog;
  /** Milliseconds between two looks. */
  readonly pollMs?: number;
  readonly onFault?: (fault: 'STALE') => void;
  /** Milliseconds on a clock that never goes back. */
  readonly clock?: () => number;
  /** Unix seconds, of the clock that decisions go by: of the database, and not of this machine. May throw while that is away. */
  readonly nowSeconds: () => number;
}

export const MAX_STALE_MS = 60_000;
const POLL_MS = 500;

/**
 * A reading that fails leaves the last good agreements in use and is logged; so does one that the host cannot load. Neither
 * for longer than {@link MAX_STALE_MS}: an agreement may have ended meanwhile.
 */
export function createAgreementsWatch(options: WatchOptions): AgreementsWatch {
  const { pool, host, log, pollMs = POLL_MS, onFault, clock = () => performance.now() } = options;
  const { nowSeconds } = options;
  let { versions, seen, data, coming, book, refused, at: dataAt, begins } = options.loaded;
  /** When the data were read, and what moment they are of now, unix seconds. */
  let loadedFor = Math.floor(book.now);
  let madeFor = loadedFor;
  let inStepAt = clock();
  let failing = '';

  /**
   * Takes up the versions whose term has begun: they were read long before. Where the clock is set back, those whose term has not begun
   * by it wait again. False where they cannot be loaded.
   */
  function advance(moment: number): boolean {
    const now = Math.floor(moment);
    if (now === madeFor) return true;
    // Of terms that had begun when they were read no list is kept: by a clock of before that, each second is looked at.
    const listed = Math.min(now, madeFor) >= loadedFor;
    if (listed && !begins.some((at) => at <= now !== at <= madeFor)) return true;
    const then = dataAt(now);
    try {
      if (versionsOf(then) !== versionsOf(data)) host.advance(then);
    } catch (error) {
      log.error({ code: codeOf(error), revision: host.revision.agreements }, 'agreements could not be read');
      return false;
    }
    data = then;
    madeFor = now;
    return true;
  }

  /** What is agreed is told while the database, and its clock, are away too: as it was last. */
  function nowOrLast(): number {
    try {
      return nowSeconds();
    } catch {
      return madeFor;
    }
  }

  async function look(): Promise<void> {
    const began = clock();
    const now = await readRevisions(pool);
    if (now.seen < seen) throw new Error('the list of changes shrank');
    if (now.own > BigInt(host.revision.agreements)) {
      const next = await loadAgreements(options, versions);
      // With whatever rules are in use by now.
      host.replace({
        ...host.contents,
        data: next.data,
        revision: { ...host.revision, agreements: next.revision },
      });
      versions = next.versions;
      data = next.data;
      coming = next.coming;
      book = next.book;
      refused = next.refused;
      dataAt = next.at;
      begins = next.begins;
      loadedFor = Math.floor(book.now);
      madeFor = loadedFor;
      seen = next.seen;
      report(next, log);
    } else {
      seen = now.seen;
    }
    inStepAt = began;
    if (failing !== '') log.info({ revision: host.revision.agreements }, 'agreements are in step again');
    failing = '';
  }

  const poll = createPoll(look, pollMs, (error) => {
    const code = codeOf(error);
    // Once a kind of failure, not at every poll.
    if (code !== failing) log.error({ code, revision: host.revision.agreements }, 'agreements could not be read');
    failing = code;
  });

  return {
    decide(input) {
      if (clock() - inStepAt > MAX_STALE_MS) {
        onFault?.('STALE');
        return denied('POLICY_UNAVAILABLE');
      }
      // In the very second, and by the clock that the decision goes by.
      if (!advance(input.now)) return denied('POLICY_UNAVAILABLE');
      const decision = host.decide(input);
      // By the second that the call is decided in: a raise ends by itself.
      return decision.allow
        ? { ...decision, limits: limitsNow(book, { ...decision.agreement, limits: decision.limits }, input.now) }
        : decision;
    },
    get revision() {
      return seen;
    },
    get data() {
      advance(nowOrLast());
      return data;
    },
    get coming() {
      const now = nowOrLast();
      return coming.filter(({ valid_from }) => valid_from > now);
    },
    get book() {
      return book;
    },
    get refused() {
      return refused;
    },
    start: poll.start,
    stop: poll.stop,
    refresh: poll.refresh,
  };
}

/** Which version of each agreement prevails. */
function versionsOf({ agreements }: PolicyData): string {
  const prevailing = Object.values(agreements).flatMap((byPurpose) => Object.values(byPurpose));
  return JSON.stringify(prevailing.map(({ id, version }) => [id, version]));
}

/** Loads the stored agreements, makes the host over them and the watch over both; `start` is the caller's. */
export async function openAgreements(
  options: Omit<WatchOptions, 'host' | 'loaded' | 'onFault'> & {
    readonly bundle: PolicyBundle;
    readonly onFault?: (fault: PolicyFault | 'STALE') => void;
  },
): Promise<{ readonly host: PolicyHost; readonly watch: AgreementsWatch; readonly loaded: LoadedAgreements }> {
  const { bundle, log, onFault } = options;
  const loaded = await loadAgreements(options);
  const host = createPolicyHost({
    wasm: bundle.module,
    data: loaded.data,
    revision: { policy: bundle.revision, agreements: loaded.revision },
    ...(bundle.end === undefined ? {} : { rulesEnd: bundle.end }),
    ...(onFault === undefined ? {} : { onFault }),
  });
  report(loaded, log);
  return { host, watch: createAgreementsWatch({ ...options, host, loaded }), loaded };
}

/**
 * The directory with a revision that the policy has caught up with as well. Without it a call that is let in under a new
 * revision and decided under the old agreement would not be looked at again when it is recorded.
 */
export function inStep(directory: CallerDirectory, watch: Pick<AgreementsWatch, 'revision'>): CallerDirectory {
  return {
    get revision() {
      return directory.revision < watch.revision ? directory.revision : watch.revision;
    },
    find: (fingerprint) => directory.find(fingerprint),
  };
}

/** Each of them is worth a look: somebody wrote into a table what nobody signed. */
function report({ data, refused, revision, unpinned, book }: LoadedAgreements, log: AgreementsLog): void {
  if (officersUnnamed(book)) log.error({ revision }, 'the configuration names none of the officers: nobody is served');
  if (unpinned > 0)
    log.warn({ count: unpinned, revision }, 'officers are enrolled whom the configuration does not name');
  for (const { problem } of refused) log.warn({ problem, revision }, 'an agreement was refused');
  const count = Object.values(data.agreements).reduce((sum, byPurpose) => sum + Object.keys(byPurpose).length, 0);
  log.info({ revision, count }, 'agreements were loaded');
}

const CODE = /^[A-Z0-9_]{2,40}$/;

/** A failure's closed code: its message may quote what was read. */
function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : '';
  if (typeof code === 'string' && CODE.test(code)) return code;
  return error instanceof Error ? error.constructor.name : 'UNKNOWN';
}
