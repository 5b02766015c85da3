import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readRoot } from '../../../connectors/kit/profile.ts';
import { type CommandContext, PROFILE_OPTION, type ProfileOptions, profileOf } from '../cli.ts';

/** What is believed offline: the root that signs the deployment's key set, from a file of its own or from a profile. */

export interface RootOptions extends ProfileOptions {
  readonly root?: string;
}

export function addRootOptions(command: Command): Command {
  return command
    .option('--root <file>', "public JWK of the root that signs the gateway's key set, where there is no profile")
    .option(...PROFILE_OPTION);
}

/** The pinned root and, where a profile says so, whom and which deployment a receipt must be of. */
export async function trustOf({ terminal }: CommandContext, options: RootOptions) {
  if (options.root !== undefined) return { root: readRoot(await readFile(options.root)), expected: {} };
  const profile = await profileOf(terminal, options);
  const { agency, deployment, logOrigin } = profile;
  return { root: profile.keySetRoot, expected: { agency, deployment, logOrigin } };
}
