/**
 * The fault runs at full length: the same tests as in `npm test`, with many more seeded moments to kill the gateway at.
 *
 *   npm run soak [-- --rounds N] [-- --seed N]
 *
 * Prints the seed; a moment that fails is added to the list in test/fault/kill.test.ts and stays there.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
process.stdout.write(`soak: ${values.rounds} kills, seed ${values.seed} (repeat with --seed ${values.seed})\n`);

const root = join(import.meta.dirname, '..', '..');
const launcher = join(root, 'gateway', 'cli', 'launcher.mjs');
const child = spawn(process.execPath, [launcher, '--exec', 'vitest', 'run', '--project', 'fault'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, LIENTHONG_SOAK_ROUNDS: values.rounds, LIENTHONG_SOAK_SEED: values.seed },
});
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
