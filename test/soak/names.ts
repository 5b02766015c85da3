import { SCENARIOS } from '../support/runs/scenarios.ts';

/** Of a telco's runs, and those that are none. */
export const NAMES: readonly string[] = [...Object.keys(SCENARIOS), 'withdrawals', 'calls'];
