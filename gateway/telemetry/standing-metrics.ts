/** How a gateway and what it keeps stand: its log, its keys, and what waits, ends or is kept in the database. */
import type { MetricRow } from './metric-row.ts';

export const GATEWAY_STATES = ['serving', 'draining', 'cut_off', 'fenced', 'broken'] as const;
export const JOB_STATES = ['OPEN', 'PAUSED', 'CLOSING', 'DONE', 'CANCELLED', 'EXPIRED'] as const;
export const KEY_STATES = ['active', 'retired', 'barred'] as const;
export const EXPIRING = [
  'ca_certificate',
  'server_certificate',
  'agency_certificate',
  'agency_key',
  'agreement',
  'raised_limit',
  'policy_rules',
] as const;
export const MATTERS = ['withdrawal', 'restriction', 'objection', 'provision', 'correction', 'deletion'] as const;
export const DUE = ['overdue', 'soon', 'later'] as const;
export const WITHIN_DAYS = [7, 30, 60] as const;

export const STANDING_METRICS = {
  state: {
    name: 'lienthong_state',
    type: 'gauge',
    help: '1 for the state that this gateway is in. Cut off: its lease could not be renewed in the database for 5 s; calls are refused. Fenced: struck off as a writer. Broken: the log is not the one last seen, or its heads cannot be kept; nothing is disclosed.',
    labels: { state: GATEWAY_STATES },
  },
  logEntries: {
    name: 'lienthong_log_entries',
    type: 'gauge',
    help: 'Entries of the log up to the last head that this gateway knows.',
    labels: {},
  },
  headWaiting: {
    name: 'lienthong_log_head_waiting_seconds',
    type: 'gauge',
    help: 'How long a head has been waiting to be kept outside of the database; 0 where none waits. From 30 on nothing is disclosed.',
    labels: {},
  },
  headKept: {
    name: 'lienthong_log_head_kept_timestamp_seconds',
    type: 'gauge',
    help: 'When this gateway last kept a head, unix seconds; absent before the first. Grows old by itself where nothing is written.',
    labels: {},
  },
  accessesBehindSeconds: {
    name: 'lienthong_accesses_behind_seconds',
    type: 'gauge',
    help: 'Age of the oldest entry that is not in the index of accesses yet; 0 where all are.',
    labels: {},
  },
  accessesUnmerged: {
    name: 'lienthong_accesses_unmerged_runs',
    type: 'gauge',
    help: 'Runs of the index of accesses that are still to be merged: some hundreds at most while jobs go on. Grows without end where merges fail, and every list with it.',
    labels: {},
  },
  ignoredRows: {
    name: 'lienthong_ignored_rows',
    type: 'gauge',
    help: 'Agreements, acts, decisions of matters and officers that stand in the database and count for nothing: somebody wrote them there past the officers.',
    labels: {},
  },
  started: {
    name: 'lienthong_start_timestamp_seconds',
    type: 'gauge',
    help: 'When this gateway began to listen, unix seconds.',
    labels: {},
  },
  storedRead: {
    name: 'lienthong_stored_read_timestamp_seconds',
    type: 'gauge',
    help: 'When the figures below were last read of the database, unix seconds: at most every 15 s; absent, as they are, before the first time.',
    labels: {},
  },
  usedTokens: {
    name: 'lienthong_used_tokens',
    type: 'gauge',
    help: 'Tokens kept against replay.',
    labels: {},
  },
  storedAnswers: {
    name: 'lienthong_stored_answers',
    type: 'gauge',
    help: 'Answers kept for a retry: not acknowledged yet, and not old.',
    labels: {},
  },
  guessCrossings: {
    name: 'lienthong_guess_crossings',
    type: 'gauge',
    help: 'Fields of people of which several legal entities asked wrong values again and again within 30 days.',
    labels: {},
  },
  mattersOpen: {
    name: 'lienthong_matters_open',
    type: 'gauge',
    help: 'Withdrawals, restrictions, objections and requests (a copy, a correction, a deletion) of persons that wait, by how near the end of their legal clock is. Soon: by the end of the second working day after today. An objection waits until it is decided or lifted, a request until it is decided.',
    labels: { kind: MATTERS, due: DUE },
  },
  mattersNextDue: {
    name: 'lienthong_matters_next_due_timestamp_seconds',
    type: 'gauge',
    help: 'When the first legal clock of these ends, unix seconds; absent where nothing waits.',
    labels: {},
  },
  accessesDelayed: {
    name: 'lienthong_accesses_delayed',
    type: 'gauge',
    help: 'Uses that the person is not shown yet, because the law delays it.',
    labels: {},
  },
  accessesDelayedUntil: {
    name: 'lienthong_accesses_delayed_until_timestamp_seconds',
    type: 'gauge',
    help: 'When the last of these is shown, unix seconds; absent where there is none.',
    labels: {},
  },
  jobs: {
    name: 'lienthong_jobs',
    type: 'gauge',
    help: 'Jobs that went on or ended within 30 days, by state.',
    labels: { state: JOB_STATES },
  },
  agencyKeys: {
    name: 'lienthong_agency_keys',
    type: 'gauge',
    help: "Agencies' signing keys, by state: of officers' acts and, in a development deployment, of the tables.",
    labels: { state: KEY_STATES },
  },
  expiryEarliest: {
    name: 'lienthong_expiry_timestamp_seconds',
    type: 'gauge',
    help: 'When the first of its kind ends, unix seconds; those of barred agencies are left out, and what has ended longer than 60 days ago; of raised limits all that are over. An agreement ends with the last signed version that takes over without a gap.',
    labels: { what: EXPIRING },
  },
  expiring: {
    name: 'lienthong_expiring',
    type: 'gauge',
    help: 'How many of a kind end within so many days, those that have ended in the last 60 included, of raised limits none that is over.',
    labels: { what: EXPIRING, within_days: WITHIN_DAYS.map(String) },
  },
} as const satisfies Readonly<Record<string, MetricRow>>;
