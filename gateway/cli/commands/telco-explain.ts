import type { Command } from 'commander';
import { attach, type Cli } from '../cli.ts';
import type { ExplainOptions } from '../row/explain-row.ts';
import { addFileOptions } from './file-options.ts';

/** `telco explain FILE --results results.csv --row N` */
export function addTelcoExplain(group: Command, cli: Cli): void {
  const explain = group
    .command('explain')
    .description('explains the answer to one row, from the two files alone: it asks the gateway nothing')
    .argument('<file>', 'the file that was verified')
    .requiredOption('--results <file>', 'its results; a receipt beside them tells the profile that answered')
    .option('--row <n>', 'the row by its line, as in the column "line" of the results')
    .option('--row-id <id>', "the row by the file's own key")
    .option('--columns <pairs>', "the file's own headers: id_number=SO_GTTT,full_name=HO_TEN,…");
  // Loaded when it is asked for: it brings the whole matcher, which `telco verify` need not wait for.
  attach<ExplainOptions>(cli, addFileOptions(explain), async (context, args, options) =>
    (await import('../row/explain-row.ts')).explainRow(context, args, options),
  );
}
