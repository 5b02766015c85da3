/** The command line of the package for agencies, which holds nothing of a gateway's. */
import { CLIENT_COMMANDS } from './client-commands.ts';
import { startCli } from './start.ts';

await startCli(CLIENT_COMMANDS);
