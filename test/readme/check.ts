/** One step of a page, run and compared. */
import { setTimeout as delay } from 'node:timers/promises';
import { firstDifference } from './compare.ts';
import type { Background, Ended, Shell } from './shell.ts';
import type { ShownLine, Step } from './steps.ts';

/** What is wrong with a step: the line of the page, and what was printed instead. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const READY_MS = 60_000;
const POLL_MS = 100;

/** Runs a step that ends. Throws StepFailure. */
export async function checkStep(shell: Shell, step: Step): Promise<void> {
  const ended = await shell.run(step.command);
  if (ended.code !== step.exits) {
    throw new StepFailure(step.line, `exits ${ended.code ?? 'by a signal'}, not ${step.exits}\n${all(ended)}`);
  }
  // Progress stands on standard error and is not shown; the words of an error are.
  const printed = step.exits === 0 ? ended.stdout : all(ended);
  fail(firstDifference(step.output, printed), step, printed);
}

/** Starts a step that keeps running, and waits until it has printed what the page shows. Throws StepFailure. */
export async function startStep(shell: Shell, step: Step, port: string): Promise<Background> {
  const job = shell.start(`${step.command} ${port}`.trim());
  const deadline = Date.now() + READY_MS;
  let ended: Ended | undefined;
  void job.ended.then((result) => {
    ended = result;
  });
  while (firstDifference(step.output, job.stdout()) !== undefined) {
    if (ended !== undefined) throw new StepFailure(step.line, `ended at once with ${ended.code}\n${all(ended)}`);
    if (Date.now() > deadline) fail(firstDifference(step.output, job.stdout()), step, job.stdout());
    await delay(POLL_MS);
  }
  return job;
}

function fail(difference: ShownLine | 'MORE' | undefined, step: Step, printed: string): void {
  if (difference === 'MORE') throw new StepFailure(step.line, `prints more than is shown; it printed\n${printed}`);
  if (difference !== undefined) {
    throw new StepFailure(difference.line, `is not printed: ${difference.text}\ninstead:\n${printed}`);
  }
}

function all({ stdout, stderr }: Ended): string {
  return stdout + stderr;
}
