import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { rebuildIndex } from '../../accesses/rebuild.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import { DEPLOYMENT_OPTIONS, type DeploymentOptions, withDeployment } from '../stack/open-deployment.ts';
import { addEraseCommand } from './accesses-erase.ts';
import { addListCommand } from './accesses-list.ts';
import { WORDS } from './accesses-words.ts';

interface RebuildOptions extends CommonOptions, DeploymentOptions {}

/** `accesses rebuild`, of `--data DIR` or `--config FILE` */
export function addAccessesCommand(program: Command, cli: Cli): void {
  const accesses = program.command('accesses').description('who looked at a person');
  const rebuild = accesses
    .command('rebuild')
    .description('throws the index of accesses away and makes it anew of the log, beside running gateways');
  for (const [flags, text] of DEPLOYMENT_OPTIONS) rebuild.option(flags, text);
  attach<RebuildOptions>(cli, rebuild, rebuildAccesses);
  addListCommand(accesses, cli);
  addEraseCommand(accesses, cli);
}

async function rebuildAccesses(context: CommandContext, _args: readonly string[], options: RebuildOptions) {
  const { terminal, settings, progress } = context;
  const { language } = settings;
  const words = WORDS[language];
  const bar = progress.bar(words.rebuilding);
  try {
    return await withDeployment(options, terminal.env, async ({ config, database }) => {
      const rebuilt = await rebuildIndex(database.pool, config.keys.evidence, (done, size) => bar.to(done, size));
      const { entries, postings, before } = rebuilt;
      bar.done(fill(words.entries, { count: count(entries, language) }));
      context.give({ entries, postings, before: before ?? null });
      context.say(fill(words.rebuilt, { entries: count(entries, language), postings: count(postings, language) }));
      if (before !== undefined) {
        context.say(before === postings ? words.same : fill(words.differed, { before: count(before, language) }));
      }
      return EXIT_CODES.COMPLETE;
    });
  } finally {
    bar.drop();
  }
}
