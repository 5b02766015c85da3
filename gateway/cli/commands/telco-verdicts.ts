import { VERDICTS } from '../../matching/verdicts.ts';
import { CliProblem } from '../problem.ts';

/** Verdicts as an option lists them. Throws CliProblem OPTION_WRONG. */
export function parseVerdicts(option: string, text: string | undefined): readonly string[] {
  const names = (text ?? '').split(',').filter((name) => name !== '');
  if (names.some((name) => !Object.hasOwn(VERDICTS, name)))
    throw new CliProblem('OPTION_WRONG', { option, wanted: 'someOf', names: Object.keys(VERDICTS).join(', ') });
  return names;
}
