/** Clocks that are set, and who asks for more than anybody can answer or be shown. */
import type { Patch } from './patch.ts';

const FLOODING = 'test/integration/flooding.test.ts';
const ROLLBACK = 'test/integration/audit/rollback.test.ts';

export const CLOCK_PATCHES: readonly Patch[] = [
  {
    ...{ attack: 'a clock that is set back lets in whom officers barred', file: 'gateway/acts/never-back.ts' },
    ...{ find: 'latest = Math.max(latest, now);', put: 'latest = now;', test: 'gateway/agencies/set-back.test.ts' },
  },
  {
    ...{ attack: 'a clock that is set back keeps a decision in force', file: 'gateway/jobs/decision-in-force.ts' },
    ...{ find: 'Math.abs(deps.nowSeconds() - decided.at)', put: 'deps.nowSeconds() - decided.at' },
    ...{ test: 'gateway/jobs/decision-in-force.test.ts' },
  },
  {
    ...{ attack: 'a clock that ran ahead closes a counter for as long', file: 'gateway/limits/limits-sql.ts' },
    ...{ find: 'THEN excluded.window_start', put: 'AND false THEN excluded.window_start' },
    ...{ test: 'gateway/limits/settle-limits.test.ts' },
  },
  {
    ...{ attack: 'a clock that runs ahead has a gateway killed that lives', file: 'gateway/consent/silent-workers.ts' },
    ...{ find: '(over ? RENEWED_MS : LEASE_MS)', put: '(over ? 0 : LEASE_MS)' },
    ...{ test: 'gateway/consent/silent-workers.test.ts' },
  },
  {
    ...{ attack: 'a clock that runs ahead has a gateway struck off that lives', file: 'gateway/audit/strike-off.ts' },
    ...{ find: 'await sleep(renewedMs);', put: '', test: ROLLBACK },
  },
  {
    ...{ attack: 'a gateway that only stands is struck off and sends on', file: 'gateway/audit/strike-off.ts' },
    ...{ find: '!(await isGone(here, { pid, processStart }))', put: 'false', test: ROLLBACK },
  },
  {
    ...{ attack: 'jobs are begun and cancelled without end', file: 'gateway/jobs/start-job.ts', test: FLOODING },
    ...{ find: 'LIMIT $10) AS begun) < $10::bigint', put: 'LIMIT $10) AS begun) < 2 * $10::bigint' },
  },
  {
    ...{ attack: 'what was told of somebody is told again since they are gone' },
    ...{ find: '!OF_NOBODY.includes(told)', put: '!OF_NOBODY.includes(told) && !OF_NOBODY.includes(now)' },
    ...{ file: 'gateway/verification/taken-out.ts', test: 'gateway/verification/taken-out.test.ts' },
  },
  {
    ...{ attack: 'a formula in results loses its apostrophe', file: 'connectors/kit/result-rows.ts' },
    ...{ find: ' && isGuarded(rowId) && isGuarded(msisdn)', put: '' },
    ...{ test: 'connectors/telco/verify-receipt.test.ts' },
  },
];
