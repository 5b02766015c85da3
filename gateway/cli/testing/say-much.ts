/** A command line of its own, to be started as a process: each command says much and ends in one way. */
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { attach } from '../cli.ts';
import { aborted } from '../interrupt.ts';
import { CliProblem } from '../problem.ts';
import type { AddCommand } from '../run.ts';
import { startCli } from '../start.ts';

/** Beyond what any pipe holds; each line says which it is. */
const LINES = 100_000;
const lines = (word: string): string =>
  Array.from({ length: LINES }, (_, i) => `${word} ${String(i).padStart(6, '0')}`).join('\n');

const add: AddCommand = (program, cli) => {
  attach(cli, program.command('list'), async ({ give, say }) => {
    say(lines('row'));
    give({ rows: lines('row').split('\n') });
    return EXIT_CODES.COMPLETE;
  });
  attach(cli, program.command('long-run'), async ({ progress, say }) => {
    for (const line of lines('row').split('\n')) progress.note(line);
    say(lines('row'));
    return EXIT_CODES.VERDICTS;
  });
  attach(cli, program.command('fail'), async ({ terminal }) => {
    terminal.stderr.write(`${lines('row')}\n`);
    throw new CliProblem('PROFILE_NEEDED');
  });
  attach(cli, program.command('break'), async ({ terminal }) => {
    terminal.stdout.write(`${lines('row')}\n`);
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    return new Promise(() => setInterval(() => undefined, 1_000));
  });
  attach(cli, program.command('tidy'), async ({ terminal, say }) => {
    terminal.stderr.write('begun\n');
    const work = setInterval(() => undefined, 1_000);
    await aborted(terminal.signal);
    clearInterval(work);
    say(lines('row'));
    throw new CliProblem('INTERRUPTED');
  });
};

const load = async (): Promise<AddCommand> => add;
await startCli({ list: load, 'long-run': load, fail: load, break: load, tidy: load });
