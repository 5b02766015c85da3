import type { Command } from 'commander';
import { demandOther } from '../../../connectors/kit/distinct-files.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { inspectFile } from '../../../connectors/telco/inspect.ts';
import { findMapping, mappingPathOf, mappingText, writeMapping } from '../../../connectors/telco/mapping-file.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { type InspectedFile, printInspection } from '../inspection.ts';
import { widthOf } from '../terminal.ts';
import { addReadingOptions, type SettingsOptions, settingsOf } from './telco-settings.ts';
import { WORDS } from './telco-words.ts';
import { verifyBars } from './verify-bars.ts';

interface InspectOptions extends CommonOptions, SettingsOptions {
  readonly out?: string;
}

/** `telco inspect FILE --out mapping.json` */
export function addTelcoInspect(group: Command, cli: Cli): void {
  const inspect = group
    .command('inspect')
    .description('looks at a file: which column is which, how its text is to be read, what looks damaged; asks nobody')
    .argument('<file>', 'CSV or XLSX as your systems wrote it')
    .option(
      '--out <file>',
      'where the mapping goes (default: <file>.mapping.json, unless there is one); "-": standard output',
    );
  attach<InspectOptions>(cli, addReadingOptions(inspect), inspectCommand);
}

async function inspectCommand(context: CommandContext, [file = '']: readonly string[], options: InspectOptions) {
  const { terminal, settings, progress } = context;
  if (options.out !== '-') await demandOther([options.out ?? mappingPathOf(file)], [file]);
  const { columns, stated, sheet, headerLine } = await settingsOf(file, { ...options, mapping: false });
  const bars = verifyBars(progress, { ...WORDS[settings.language], verifying: WORDS[settings.language].looking });
  try {
    const found = await inspectFile({
      file,
      sheet,
      headerLine,
      columns,
      stated,
      signal: terminal.signal,
      onOpening: bars.onOpening,
      onReading: bars.onReading,
    });
    bars.drop();
    if (options.out === '-') {
      terminal.stdout.write(mappingText(found.mapping));
      return EXIT_CODES.COMPLETE;
    }
    const mapping = await keep(file, options.out, mappingText(found.mapping));
    if (mapping.written) await writeMapping(mapping.path, found.mapping);
    const inspected: InspectedFile = { file, found, mapping };
    context.give({ ...found, mappingFile: mapping });
    context.say(printInspection(inspected, settings.language, widthOf(terminal.stdout)));
    return EXIT_CODES.COMPLETE;
  } finally {
    bars.drop();
  }
}

/** A mapping that somebody has changed since is not written over, unless its path is named. */
async function keep(file: string, out: string | undefined, text: string): Promise<InspectedFile['mapping']> {
  if (out !== undefined) return { path: out, written: true, differs: false };
  const path = mappingPathOf(file);
  const there = await findMapping(path);
  return { path, written: there === undefined, differs: there !== undefined && mappingText(there) !== text };
}
