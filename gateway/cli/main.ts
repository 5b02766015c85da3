/** The whole command line. */
import { ALL_COMMANDS } from './all-commands.ts';
import { startCli } from './start.ts';

await startCli(ALL_COMMANDS);
