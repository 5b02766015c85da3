import { describe, expect, it } from 'vitest';
import { GATEWAY_STATES } from '../telemetry/standing-metrics.ts';
import type { Expiring } from './expiries.ts';
import { judgeStatus } from './judge-status.ts';
import type { StoredStatus } from './read-status.ts';
import { readScrape } from './scraped.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;
const NONE = { overdue: 0, soon: 0, later: 0 };
const well: StoredStatus = {
  now: NOW,
  workers: [{ epoch: 3, startedAt: NOW - 600, leaseUntil: NOW + 9, live: true }],
  log: {
    state: 'sound',
    entries: 40,
    headKept: { entries: 40, at: NOW - 1 },
    witnessed: { size: 0, at: undefined },
    witnessesNeeded: 2,
  },
  waiting: {
    jobs: { OPEN: 2, DONE: 4 },
    usedTokens: 12,
    storedAnswers: 3,
    guessCrossings: 0,
    missesOfDay: 0,
  },
  agencyKeys: { active: 6, retired: 1, barred: 0 },
  expiries: [{ what: 'agreement', subject: 'a b:1', until: NOW + 59 * DAY }],
  accesses: { position: 40, behind: 0, behindSeconds: 0 },
  delays: { uses: 4, until: NOW + DAY },
  matters: {
    counts: {
      ...{ withdrawal: NONE, restriction: NONE, provision: NONE, correction: NONE, deletion: NONE },
      objection: { ...NONE, later: 3 },
    },
    nextDue: NOW + 9 * DAY,
  },
  unlisted: 0,
  overdue: { used_token: 0, call_answer: 0, job_answer: 0, log_people: 0 },
  proposals: { open: 6, soon: 0 },
  officers: 2,
  officersUnnamed: false,
  officerPairs: 1,
  lackedMethods: [],
  issuers: 1,
  consents: true,
  production: false,
  rulesCount: true,
  unsafeSettings: [],
  quotingSettings: [],
  headPages: 1,
  ignored: 0,
  fallen: 0,
  fallenDecisions: 0,
  notBegun: 0,
};
const serving = readScrape('lienthong_state{state="draining"} 0\nlienthong_state{state="serving"} 1\n');
const open = (kind: string, of: object) => ({
  matters: { ...well.matters, counts: { ...well.matters.counts, [kind]: { ...NONE, ...of } } },
});
const judge = (change: Partial<StoredStatus>, gateway?: Parameters<typeof judgeStatus>[1]) =>
  judgeStatus({ pending: [], stored: { ...well, ...change } }, gateway).map(
    ({ finding, weight, count }) => `${weight} ${finding} ${count}`,
  );

it('a deployment that runs has no findings, with or without metrics', () => {
  expect(judge({})).toEqual([]);
  expect(judge({}, serving)).toEqual([]);
});

it.each(GATEWAY_STATES)('the state %s is read as metrics tell it', (state) => {
  expect(readScrape(`lienthong_state{state="${state}"} 1\n`).state).toBe(state);
});

describe('what somebody must look at', () => {
  it.each([
    [{ log: { ...well.log, state: 'smaller' as const } }, 'critical LOG_SMALLER 1'],
    [{ log: { ...well.log, state: 'unkept' as const } }, 'critical LOG_UNKEPT 1'],
    [{ workers: [] }, 'critical NO_WORKER 1'],
    [{ unsafeSettings: ['fsync', 'full_page_writes'] }, 'warning COMMITS_UNSAFE 2'],
    [
      { quotingSettings: ['log_min_messages'], production: true, officerPairs: 2 as const },
      'warning DATABASE_LOG_QUOTES 1',
    ],
    [{ headPages: 257 }, 'warning HEAD_SWOLLEN 257'],
    [{ notBegun: 2 }, 'warning AGREEMENTS_WAIT 2'],
    [{ fallen: 3 }, 'warning AGREEMENTS_FELL 3'],
    [{ fallenDecisions: 2 }, 'warning DECISIONS_FELL 2'],
    [{ waiting: { ...well.waiting, jobs: { PAUSED: 2 } } }, 'warning JOBS_PAUSED 2'],
    [{ accesses: { position: 30, behind: 10, behindSeconds: 61 } }, 'warning ACCESSES_BEHIND 10'],
    [{ waiting: { ...well.waiting, guessCrossings: 4 } }, 'warning GUESSES_CROSS 4'],
    [{ waiting: { ...well.waiting, missesOfDay: 1 } }, 'warning MISSES_OF_DAY 1'],
    [open('withdrawal', { overdue: 2 }), 'warning MATTERS_OVERDUE 2'],
    [open('objection', { soon: 1, later: 5 }), 'warning MATTERS_DUE 1'],
    [{ unlisted: 2 }, 'warning MATTERS_UNLISTED 2'],
    [{ overdue: { ...well.overdue, log_people: 3, job_answer: 1 } }, 'warning RETENTION_OVERDUE 4'],
    [{ proposals: { open: 6, soon: 2 } }, 'warning PROPOSALS_END 2'],
    [{ officers: 3, officerPairs: 0 as const, production: true }, 'warning OFFICERS_FEW 1'],
    [{ officersUnnamed: true }, 'critical OFFICERS_UNNAMED 1'],
    [{ officerPairs: 1 as const, production: true }, 'warning OFFICERS_ONE_PAIR 1'],
    [{ lackedMethods: ['ListMatters', 'DecideMatter'] }, 'warning METHODS_LACKED 2'],
    [{ issuers: 0 }, 'warning ISSUERS_NONE 1'],
    [{ rulesCount: false }, 'warning RULES_REFUSED 1'],
  ])('%j', (change, said) => expect(judge(change)).toEqual([said]));

  it.each([
    ['COMMITS_UNSAFE', { unsafeSettings: ['fsync', 'full_page_writes'] }, ['fsync', 'full_page_writes']],
    ['DATABASE_LOG_QUOTES', { quotingSettings: ['log_min_messages'], production: true }, ['log_min_messages']],
    ['METHODS_LACKED', { lackedMethods: ['ListMatters'] }, ['ListMatters']],
  ] as const)('%s names what somebody has to set', (finding, change, names) => {
    const found = judgeStatus({ pending: [], stored: { ...well, ...change } }, undefined);
    expect(found.find((one) => one.finding === finding)?.names).toEqual(names);
  });

  it('a deployment without consents needs nobody who vouches for them', () => {
    expect(judge({ issuers: 0, consents: false })).toEqual([]);
  });

  it('rows that waited while no gateway ran are no warning until one that began has had its time', () => {
    const [live] = well.workers;
    const late = { ...well.overdue, used_token: 5, log_people: 2 };
    const workers = live === undefined ? [] : [{ ...live, startedAt: NOW - 60 }];
    expect(judge({ workers, overdue: { ...late, log_people: 0 } })).toEqual([]);
    // What no gateway may end waits for the operator all the same, and what nobody ends is told while nobody is there.
    expect(judge({ workers, overdue: late })).toEqual(['warning RETENTION_OVERDUE 2']);
    expect(judge({ workers: [], overdue: late })).toContain('warning RETENTION_OVERDUE 7');
    expect(judge({ workers: [...workers, ...well.workers], overdue: late })).toEqual(['warning RETENTION_OVERDUE 7']);
  });

  it('a lease that ran out beside one that lives is a warning only', () => {
    const [live] = well.workers;
    const over = { epoch: 2, startedAt: NOW - 900, leaseUntil: NOW - 30, live: false };
    expect(judge({ workers: live === undefined ? [] : [over, live] })).toEqual(['warning LEASES_OVER 1']);
    expect(judge({ workers: [over] })).toEqual(['critical NO_WORKER 1', 'warning LEASES_OVER 1']);
  });

  it.each<[Expiring, number, string[]]>([
    ['server_certificate', 31, []],
    ['server_certificate', 29, ['warning OWN_CERTIFICATE_ENDS 1']],
    ['ca_certificate', 0, ['critical OWN_CERTIFICATE_ENDED 1']],
    ['agency_certificate', -3, ['warning AGENCY_CERTIFICATE_ENDS 1']],
    ['policy_rules', 29, ['warning RULES_END 1']],
    ['policy_rules', 0, ['critical RULES_ENDED 1']],
    ['agreement', 6, ['warning AGREEMENT_ENDS 1']],
    ['raised_limit', 29, []],
    ['raised_limit', 7, []],
    ['raised_limit', 6, ['warning RAISE_ENDS 1']],
  ])('%s with %i days left', (what, days, said) => {
    expect(judge({ expiries: [{ what, subject: '', until: NOW + days * DAY }] })).toEqual(said);
  });

  it('a schema that is behind is all there is to say', () => {
    expect(judgeStatus({ pending: ['0005_x', '0006_y'], stored: undefined }, undefined)).toEqual([
      { finding: 'MIGRATIONS_PENDING', weight: 'critical', count: 2 },
    ]);
  });

  it('a gateway that does not serve, a head that waits, metrics that cannot be read', () => {
    const text = 'lienthong_state{state="broken"} 1\nlienthong_log_head_waiting_seconds 12.5\n';
    expect(judge({}, readScrape(text))).toEqual(['critical GATEWAY_NOT_SERVING 1', 'warning HEAD_WAITS 1']);
    expect(judge({}, 'away')).toEqual(['warning METRICS_AWAY 1']);
    expect(judge({}, 'gone')).toEqual(['critical GATEWAY_GONE 1']);
    expect(readScrape('nonsense').state).toBe('unknown');
  });
});
