import { SETTLE_MS } from '../../accesses/unlink-person.ts';
import type { DeploymentKind } from '../../config/config-file.ts';
import { CliProblem } from '../problem.ts';

const LEAST_S = SETTLE_MS / 1000;
const MOST_S = 3600;

/**
 * `--settle` of `accesses erase`, milliseconds. Less than a call can take to be recorded would leave uses under the key that was
 * destroyed; only where nobody real is in the register may somebody want that. @throws {CliProblem} OPTION_WRONG
 */
export function settleMsOf(given: string | undefined, kind: DeploymentKind): number {
  const seconds = Number(given ?? LEAST_S);
  if (!(seconds >= 0 && seconds <= MOST_S)) {
    throw new CliProblem('OPTION_WRONG', { option: '--settle', wanted: 'seconds', most: MOST_S });
  }
  if (kind === 'production' && seconds < LEAST_S) {
    throw new CliProblem('OPTION_WRONG', { option: '--settle', wanted: 'atLeast', least: LEAST_S });
  }
  return seconds * 1000;
}
