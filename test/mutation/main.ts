/**
 * Changes the rules and the countermeasures around them, one small change at a time, and says which of them no test notices.
 *
 *   main.ts                     every mutant of the rules, every patch of the gateway: ten minutes
 *   main.ts --short [--seed N]  some of both, drawn by the seed: about a minute
 *   main.ts --rules, --gateway  one of the two
 *
 * A mutant of the rules that survives and is known to be no change of meaning stands in survivors.json with its reason; one that is
 * listed there and does not survive, or is not there any more, fails too.
 * Exit codes: 0 every change is noticed or listed, 1 one is not, 3 no OPA.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findOpa, OPA_VERSION } from '../../policies/build.ts';
import { PATCHES } from './patches.ts';
import { tryPatches } from './run-patches.ts';
import { allRegoMutants, tryRegoMutants } from './run-rego.ts';

const SHORT = { mutants: 60, patches: 4 } as const;
const SURVIVORS = JSON.parse(readFileSync(new URL('survivors.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    rules: { type: 'boolean', default: false },
    gateway: { type: 'boolean', default: false },
  },
});
const both = !values.rules && !values.gateway;

/** Some of a list, the same ones for the same seed, in the list's order. */
function drawn<T>(list: readonly T[], count: number): T[] {
  if (!values.short || list.length <= count) return [...list];
  let state = Number(values.seed) >>> 0 || 1;
  const weight = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return list
    .map((one, at) => ({ one, at, weight: weight() }))
    .sort((a, b) => a.weight - b.weight)
    .slice(0, count)
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

async function rules(opa: string): Promise<string[]> {
  const all = allRegoMutants(opa);
  const mutants = drawn(all, SHORT.mutants);
  const outcomes = await tryRegoMutants(opa, mutants);
  const survived = new Set(mutants.filter((_, at) => outcomes[at] === 'survived').map(({ id }) => id));
  const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
  process.stdout.write(
    `rules: ${mutants.length} of ${all.length} mutants, ${count('killed')} killed, ${count('no policy')} no policy, ${survived.size} survived\n`,
  );
  const known = new Set(all.map(({ id }) => id));
  const tried = new Set(mutants.map(({ id }) => id));
  return [
    ...[...survived].filter((id) => SURVIVORS[id] === undefined).map((id) => `survived: ${id}`),
    ...Object.keys(SURVIVORS).flatMap((id) => {
      if (!known.has(id)) return [`listed and not there: ${id}`];
      return tried.has(id) && !survived.has(id) ? [`listed and killed: ${id}`] : [];
    }),
  ];
}

async function gateway(): Promise<string[]> {
  const patches = drawn(PATCHES, SHORT.patches);
  const outcomes = await tryPatches(patches, ({ attack }, outcome) => {
    process.stdout.write(`${outcome.padEnd(12)} ${attack}\n`);
  });
  process.stdout.write(`gateway: ${patches.length} of ${PATCHES.length} countermeasures taken out\n`);
  return patches.flatMap(({ attack, file }, at) =>
    outcomes[at] === 'killed' ? [] : [`${outcomes[at]}: ${file}: ${attack}`],
  );
}

async function main(): Promise<number> {
  const opa = findOpa();
  if (opa === undefined) {
    process.stderr.write(`OPA ${OPA_VERSION} is neither in GOPATH/bin nor on the PATH\n`);
    return 3;
  }
  const problems = [
    ...(both || values.rules ? await rules(opa) : []),
    ...(both || values.gateway ? await gateway() : []),
  ];
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

process.exitCode = await main();
