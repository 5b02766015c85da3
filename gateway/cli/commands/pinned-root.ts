import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readKeptKeySet } from '../../../connectors/kit/key-set-source.ts';
import { readRoot } from '../../../connectors/kit/profile.ts';
import { readSignedKeySet, type SignedKeySet } from '../../signing/signed-key-set.ts';
import { type CommandContext, PROFILE_OPTION, type ProfileOptions, profileOf } from '../cli.ts';
import { CliProblem } from '../problem.ts';

/** What is believed offline: the root that signs the deployment's key set, from a file of its own or from a profile. */

export interface RootOptions extends ProfileOptions {
  readonly root?: string;
  readonly keySet?: string;
}

export function addRootOptions(command: Command): Command {
  return command
    .option('--root <file>', "public JWK of the root that signs the gateway's key set, where there is no profile")
    .option('--key-set <file>', 'the newest key set that you have: which keys fell into other hands since')
    .option(...PROFILE_OPTION);
}

/**
 * The pinned root, the newest key set that is at hand (a profile keeps the last that its gateway told), and, where a profile says
 * so, whom and which deployment a receipt must be of.
 */
export async function trustOf({ terminal }: CommandContext, options: RootOptions) {
  const given = options.keySet === undefined ? undefined : await keySetOf(options.keySet);
  if (options.root !== undefined) return { root: readRoot(await readFile(options.root)), expected: { newest: given } };
  const profile = await profileOf(terminal, options);
  const { agency, deployment, logOrigin } = profile;
  const newest = given ?? (await readKeptKeySet(profile));
  return { root: profile.keySetRoot, expected: { agency, deployment, logOrigin, newest } };
}

async function keySetOf(file: string): Promise<SignedKeySet> {
  const found = readSignedKeySet(await readFile(file, 'utf8'));
  if (found === undefined) throw new CliProblem('OPTION_WRONG', { option: '--key-set', wanted: 'keySet' });
  return found;
}
