/** Consents that are taken back while answers are on their way, the log's appends, and who holds back for whom. */
import type { Patch } from './patch.ts';

const RACE = 'test/integration/consent-race.test.ts';
const LIMITS_TEST = 'gateway/limits/settle-limits.test.ts';

export const LOG_PATCHES: readonly Patch[] = [
  {
    ...{ attack: 'what is on its way is not waited for', file: 'gateway/main.ts', test: RACE },
    ...{ find: 'await Promise.all([serving.settle(taken), others.settle(taken)]);', put: '' },
  },
  {
    ...{ attack: 'an answer outlives the consent it was judged by', file: 'gateway/audit/append-group.ts', test: RACE },
    ...{ find: 'if (scopes[i]?.includes(Number(row.subject))) outcomes[i]', put: 'if (false) outcomes[i]' },
  },
  {
    ...{ attack: 'what several ask for again at once is taken out of the totals by each' },
    ...{ find: ' AND sha256(sealed) = $2', put: ' AND $2::bytea IS NOT NULL' },
    ...{ file: 'gateway/exchange/keep-instead.ts', test: 'test/integration/redelivery-race.test.ts' },
  },
  {
    ...{ attack: 'a log of the same size passes for the one that was written', file: 'gateway/audit/known-heads.ts' },
    ...{ find: ' && Buffer.compare(one.root, other.root) === 0', put: '', test: 'gateway/audit/known-heads.test.ts' },
  },
  {
    ...{
      attack: 'a group that came to nothing is put in the place of what was written',
      file: 'gateway/audit/known-heads.ts',
    },
    ...{ find: 'this.#coming = [locked, next];', put: 'this.#coming = [...this.#coming, locked, next];' },
    test: 'gateway/audit/known-heads.test.ts',
  },
  {
    ...{ attack: 'what is refused uses up a quota', file: 'gateway/limits/settle-limits.ts', test: LIMITS_TEST },
    ...{ find: 'else counters.drop(item);', put: '' },
  },
  {
    ...{ attack: 'who is frozen keeps the log', file: 'gateway/compose/open-database.ts', test: RACE },
    ...{ find: ', idleInTransactionMs: STANDSTILL_MS };', put: ' };' },
  },
  {
    ...{ attack: 'rows of a closed job that no receipt covers', file: 'gateway/jobs/chunk-work.ts', put: '' },
    ...{ find: 'orRefuse: { reason: ErrorReason.JOB_STATE, facts: { jobState: JobState.DONE } },' },
    test: 'test/integration/redelivery-race.test.ts',
  },
  {
    ...{ attack: 'a receipt of what was taken out meanwhile', file: 'gateway/jobs/close-job.ts' },
    ...{ find: '(xmin::text = $2 OR ', put: "($2 <> '' OR ", test: 'test/integration/redelivery-race.test.ts' },
  },
  // Jobs beside calls, and tokens.
  {
    ...{ attack: 'a job takes all that it may beside calls', file: 'gateway/compose/matching-threads.ts' },
    ...{ find: 'othersCall(party) ? besideCalls : alone', put: 'alone' },
    test: 'gateway/compose/matching-threads.test.ts',
  },
  {
    ...{ attack: 'whoever holds back never has a turn', file: 'gateway/jobs/turns.ts' },
    ...{ find: 'Math.min(...parties', put: 'Math.max(...parties', test: 'gateway/jobs/turns.test.ts' },
  },
  {
    ...{ attack: 'strangers hold jobs back', file: 'gateway/exchange/admission.ts' },
    ...{ find: 'if (party !== STRANGERS) turns', put: 'turns', test: 'gateway/exchange/admission.test.ts' },
  },
  {
    ...{ attack: 'a number out of its kind passes by the pattern', file: 'gateway/signing/claims-read.ts' },
    ...{ find: 'if (holds !== undefined && !holds(value)) return undefined;', put: '' },
    test: 'gateway/signing/claims-read.test.ts',
  },
];
