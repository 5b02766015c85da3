/** What of a status somebody must look at: a closed list, so that a monitor can tell its entries apart. */
import type { Overdue } from '../retention/read-overdue.ts';
import { daysLeft, type Expiry } from './expiries.ts';
import type { DeploymentStatus, StoredStatus } from './read-status.ts';
import type { ScrapedGateway, Unscraped } from './scraped.ts';

/** `critical`: nothing, or not everything, is served. `warning`: it will be so unless somebody acts. */
export type Weight = 'critical' | 'warning';

export const FINDINGS = {
  MIGRATIONS_PENDING: 'critical',
  LOG_SMALLER: 'critical',
  LOG_FORKED: 'critical',
  LOG_UNKEPT: 'critical',
  NO_WORKER: 'critical',
  OWN_CERTIFICATE_ENDED: 'critical',
  GATEWAY_NOT_SERVING: 'critical',
  GATEWAY_GONE: 'critical',
  RULES_ENDED: 'critical',
  OFFICERS_UNNAMED: 'critical',
  COMMITS_UNSAFE: 'warning',
  DATABASE_LOG_QUOTES: 'warning',
  HEAD_SWOLLEN: 'warning',
  RULES_REFUSED: 'warning',
  KEYS_REFUSED: 'warning',
  RULES_END: 'warning',
  OWN_CERTIFICATE_ENDS: 'warning',
  AGENCY_CERTIFICATE_ENDS: 'warning',
  AGENCY_KEY_ENDS: 'warning',
  AGREEMENT_ENDS: 'warning',
  RAISE_ENDS: 'warning',
  LEASES_OVER: 'warning',
  JOBS_PAUSED: 'warning',
  GUESSES_CROSS: 'warning',
  MISSES_OF_DAY: 'warning',
  OFFICERS_FEW: 'warning',
  OFFICERS_ONE_PAIR: 'warning',
  METHODS_LACKED: 'warning',
  ISSUERS_NONE: 'warning',
  AGREEMENTS_WAIT: 'warning',
  AGREEMENTS_FELL: 'warning',
  DECISIONS_FELL: 'warning',
  PROPOSALS_END: 'warning',
  ROWS_IGNORED: 'warning',
  HEAD_WAITS: 'warning',
  ACCESSES_BEHIND: 'warning',
  MATTERS_UNLISTED: 'warning',
  MATTERS_OVERDUE: 'warning',
  MATTERS_DUE: 'warning',
  RETENTION_OVERDUE: 'warning',
  METRICS_AWAY: 'warning',
} as const satisfies Readonly<Record<string, Weight>>;
export type FindingName = keyof typeof FINDINGS;

export interface Finding {
  readonly finding: FindingName;
  readonly weight: Weight;
  /** How many of them. */
  readonly count: number;
  /** Which, where who mends it has to know. */
  readonly names?: readonly string[];
}

/** What ends within so many days is worth a warning; what ends within 60 is shown. */
export const WARNING_DAYS = 30;
/** A raised limit lasts a quarter of a year at most, and those who signed it know its end: nearer, or it would be warned of all along. */
export const RAISE_WARNING_DAYS = 7;
/** Longer than the second in which every head is kept, shorter than the thirty after which nothing is disclosed. */
const HEAD_WAITS_SECONDS = 5;

/** A page or two while all forget what is past; with so many each append reads 2 MB under an old snapshot, and soon more. */
const HEAD_PAGES = 256;

/** The index of accesses is seconds behind under load; longer, and nothing works on it, or it cannot be read. */
const ACCESSES_BEHIND_SECONDS = 60;

/** A gateway that starts ends what it may in its first minutes: until then what waits for it is no sign that nothing does. */
const RETENTION_BEGINS_SECONDS = 180;
/** Only an operator ends these, whatever gateways run. */
const BY_OPERATORS: ReadonlySet<string> = new Set<keyof Overdue>(['log_people']);

const OF_LOG = { smaller: 'LOG_SMALLER', forked: 'LOG_FORKED', unkept: 'LOG_UNKEPT' } as const;
const isOwn = ({ what }: Expiry) => what === 'ca_certificate' || what === 'server_certificate';

/** Findings that name what they count: somebody has to set each of these. */
const NAMES_OF: Partial<Record<FindingName, (stored: StoredStatus) => readonly string[]>> = {
  METHODS_LACKED: ({ lackedMethods }) => lackedMethods,
  COMMITS_UNSAFE: ({ unsafeSettings }) => unsafeSettings,
  DATABASE_LOG_QUOTES: ({ quotingSettings }) => quotingSettings,
};

/** How many rows are kept beyond their time, and nobody is just about to end them. */
function overdue({ overdue: kinds, workers, now }: StoredStatus): number {
  const live = workers.filter((worker) => worker.live);
  const begins = live.length > 0 && live.every(({ startedAt }) => startedAt > now - RETENTION_BEGINS_SECONDS);
  return Object.entries(kinds).reduce((sum, [kind, n]) => (begins && !BY_OPERATORS.has(kind) ? sum : sum + n), 0);
}

/** `gateway`: what its metrics say, where they are configured. */
export function judgeStatus(
  { pending, stored }: DeploymentStatus,
  gateway: ScrapedGateway | Unscraped | undefined,
): Finding[] {
  const counts: Partial<Record<FindingName, number>> = { MIGRATIONS_PENDING: pending.length };
  if (stored !== undefined) {
    const { log, workers, waiting, expiries, now } = stored;
    if (log.state !== 'sound') counts[OF_LOG[log.state]] = 1;
    const live = workers.filter((worker) => worker.live).length;
    if (live === 0) counts.NO_WORKER = 1;
    counts.LEASES_OVER = workers.length - live;
    counts.JOBS_PAUSED = waiting.jobs.PAUSED ?? 0;
    counts.GUESSES_CROSS = waiting.guessCrossings;
    counts.MISSES_OF_DAY = waiting.missesOfDay;
    counts.COMMITS_UNSAFE = stored.unsafeSettings.length;
    counts.DATABASE_LOG_QUOTES = stored.production ? stored.quotingSettings.length : 0;
    if (stored.headPages > HEAD_PAGES) counts.HEAD_SWOLLEN = stored.headPages;
    counts.PROPOSALS_END = stored.proposals.soon;
    if (stored.officersUnnamed) counts.OFFICERS_UNNAMED = 1;
    if (stored.officerPairs === 0) counts.OFFICERS_FEW = 1;
    if (stored.officerPairs === 1 && stored.production) counts.OFFICERS_ONE_PAIR = 1;
    counts.METHODS_LACKED = stored.lackedMethods.length;
    if (stored.consents && stored.issuers === 0) counts.ISSUERS_NONE = 1;
    counts.ROWS_IGNORED = stored.ignored;
    counts.AGREEMENTS_FELL = stored.fallen;
    counts.DECISIONS_FELL = stored.fallenDecisions;
    counts.AGREEMENTS_WAIT = stored.notBegun;
    counts.RETENTION_OVERDUE = overdue(stored);
    if (stored.accesses.behindSeconds > ACCESSES_BEHIND_SECONDS) counts.ACCESSES_BEHIND = stored.accesses.behind;
    counts.MATTERS_UNLISTED = stored.unlisted;
    const matters = Object.values(stored.matters.counts);
    counts.MATTERS_OVERDUE = matters.reduce((sum, { overdue }) => sum + overdue, 0);
    counts.MATTERS_DUE = matters.reduce((sum, one) => sum + one.soon, 0);
    const soon = expiries.filter(({ until }) => daysLeft(until, now) < WARNING_DAYS);
    const own = soon.filter(isOwn);
    counts.OWN_CERTIFICATE_ENDED = own.filter(({ until }) => until <= now).length;
    counts.OWN_CERTIFICATE_ENDS = own.length - counts.OWN_CERTIFICATE_ENDED;
    const rules = soon.filter(({ what }) => what === 'policy_rules');
    counts.RULES_ENDED = rules.filter(({ until }) => until <= now).length;
    counts.RULES_END = rules.length - counts.RULES_ENDED;
    counts.RULES_REFUSED = stored.rulesCount ? 0 : 1;
    counts.AGENCY_CERTIFICATE_ENDS = soon.filter(({ what }) => what === 'agency_certificate').length;
    counts.AGENCY_KEY_ENDS = soon.filter(({ what }) => what === 'agency_key').length;
    counts.AGREEMENT_ENDS = soon.filter(({ what }) => what === 'agreement').length;
    counts.RAISE_ENDS = soon.filter(
      ({ what, until }) => what === 'raised_limit' && daysLeft(until, now) < RAISE_WARNING_DAYS,
    ).length;
  }
  if (gateway === 'away') counts.METRICS_AWAY = 1;
  else if (gateway === 'gone') counts.GATEWAY_GONE = 1;
  else if (gateway !== undefined) {
    if (gateway.state !== 'serving') counts.GATEWAY_NOT_SERVING = 1;
    if (gateway.rulesRefused) counts.RULES_REFUSED = 1;
    if (gateway.keysRefused) counts.KEYS_REFUSED = 1;
    if (gateway.headWaitingSeconds > HEAD_WAITS_SECONDS) counts.HEAD_WAITS = 1;
  }
  return (Object.keys(FINDINGS) as FindingName[]).flatMap((finding) => {
    const count = counts[finding] ?? 0;
    if (count === 0) return [];
    const names = stored === undefined ? undefined : NAMES_OF[finding]?.(stored);
    return [{ finding, weight: FINDINGS[finding], count, ...(names === undefined ? {} : { names }) }];
  });
}
