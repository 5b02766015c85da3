/**
 * Runs the README's `console` blocks in order and compares what they print with what the page shows.
 *
 *   main.ts [FILE.md]
 *
 * - `$ ` begins a command; it must exit with 0, or with the code of a trailing `# exits N`.
 * - Shown are standard output and, where a command fails as promised, what it says on standard error; `…` stands for
 *   what differs from run to run, alone on a line for any number of lines.
 * - `dev up` keeps running until the last block, on a port that is free, and must then end as after Ctrl-C.
 * - Blocks of any other kind (`sh`, `text`) are not run.
 *
 * Exit codes: 0 the page is right, 1 it is not (the line is named), 130 interrupted.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkStep, StepFailure, startStep } from './check.ts';
import { deadLinks } from './links.ts';
import { type Background, createShell } from './shell.ts';
import { PageError, readSteps, type Step } from './steps.ts';

const INTERRUPTED = 130;
const root = fileURLToPath(new URL('../../', import.meta.url));
const page = resolve(process.argv[2] ?? join(root, 'README.md'));
const shell = createShell(join(root, 'gateway', 'cli', 'launcher.mjs'));

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupted) return;
    interrupted = true;
    void shell.close().then(() => process.exit(INTERRUPTED));
  });
}

async function runPage(steps: readonly Step[]): Promise<void> {
  const kept: { step: Step; job: Background }[] = [];
  for (const step of steps) {
    const from = performance.now();
    if (step.background) {
      const port = step.command.includes('--port') ? '' : '--port 0';
      kept.push({ step, job: await startStep(shell, step, port) });
    } else {
      await checkStep(shell, step);
    }
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    process.stdout.write(
      `ok ${String(step.line).padStart(4)} ${seconds.padStart(5)} s  ${step.command.split('\n')[0]}\n`,
    );
  }
  for (const { step, job } of kept) {
    const { code, stderr } = await job.stop();
    if (code !== INTERRUPTED) throw new StepFailure(step.line, `ends with ${code} after Ctrl-C\n${stderr}`);
  }
}

let code = 0;
try {
  const text = readFileSync(page, 'utf8');
  const steps = readSteps(text);
  if (steps.length === 0) throw new PageError('there is no console block to run');
  const dead = deadLinks(text, dirname(page));
  if (dead.length > 0) throw new PageError(`links lead nowhere: ${dead.join(', ')}`);
  await runPage(steps);
  process.stdout.write(`${steps.length} commands of ${relative(root, page)} do what it says\n`);
} catch (error) {
  if (!(error instanceof StepFailure || error instanceof PageError)) throw error;
  const place = error instanceof StepFailure ? `:${error.line}` : '';
  process.stderr.write(`${relative(root, page)}${place}: ${error.message}\n`);
  code = 1;
} finally {
  if (!interrupted) await shell.close();
}
if (!interrupted) process.exit(code);
