import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import {
  checkWitnessed,
  fetchWitnessed,
  parseWitnesses,
  type WitnessedTrust,
  witnessedPathOf,
} from '../../../connectors/kit/witnessed-head.ts';
import { MOST_COSIGNATURES } from '../../proof/checkpoint.ts';
import { type CommandContext, profileFolderOf, profileOf, wholeNumber } from '../cli.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import type { RootOptions } from './pinned-root.ts';

export interface WitnessOptions extends RootOptions {
  readonly witnesses?: string;
  readonly witnessKeys?: string;
}

export function addWitnessOptions(command: Command): Command {
  return command
    .option(
      '--witnesses <n>',
      'demands that so many witnesses cosigned the log; what shows it is asked for once and kept in <file>.witnessed',
    )
    .option('--witness-keys <file>', "the witnesses and their public keys (default: the profile's witnesses.json)");
}

/**
 * Where witnesses are demanded: shows that so many of the known ones cosigned a head of the log that continues the one of a
 * receipt or proof, by the file that lies beside it or else by asking the profile's gateway. Undefined where none are demanded.
 * Throws KitError WITNESSES_MISSING, WITNESSES_WRONG; CliProblem.
 */
export async function demandWitnesses(
  context: CommandContext,
  options: WitnessOptions,
  file: string,
  proven: Pick<WitnessedTrust, 'head' | 'set'> | undefined,
): Promise<{ readonly size: number; readonly names: readonly string[] } | undefined> {
  const { terminal } = context;
  const needed = wholeNumber('--witnesses', options.witnesses, 1, MOST_COSIGNATURES);
  if (needed === undefined) return undefined;
  if (proven === undefined) throw new KitError('WITNESSES_MISSING', { problem: 'HEAD_NOT_SIGNED', needed });
  const { head, set } = proven;
  const keys = options.witnessKeys ?? join(profileFolderOf(terminal, options), 'witnesses.json');
  const witnesses = parseWitnesses(await readFile(keys, 'utf8'), keys);
  const trust = { head, set, witnesses, needed };
  const path = witnessedPathOf(file);
  const online = (options.profile ?? terminal.env.LIENTHONG_PROFILE ?? '') !== '';
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  const { size, cosigners } = kept === undefined && !online ? lacking(needed) : await prove();
  return { size, names: cosigners.map(({ name }) => name) };

  async function prove() {
    try {
      if (kept !== undefined) return checkWitnessed(kept, trust);
    } catch (error) {
      // More may have cosigned since.
      if (!online || !(error instanceof KitError) || error.reason !== 'WITNESSES_MISSING') throw error;
    }
    const client = createSignedClient(await profileOf(terminal, options));
    try {
      const text = await fetchWitnessed(client.open, head);
      const checked = checkWitnessed(text, trust);
      await writeFile(path, text, { mode: 0o600 });
      return checked;
    } finally {
      client.close();
    }
  }
}

function lacking(needed: number): never {
  throw new KitError('WITNESSES_MISSING', { problem: 'NO_FILE', needed });
}

/** What is said of those who were found. */
export function witnessesLine(context: CommandContext, found: { size: number; names: readonly string[] }): string {
  const { language } = context.settings;
  return fill(SENTENCE[language], {
    count: found.names.length,
    size: count(found.size, language),
    names: found.names.join(', '),
  });
}

const SENTENCE = {
  en: '✓ {count} witnesses cosigned a later head of {size} entries that continues it: {names}',
  vi: '✓ {count} bên chứng kiến đã ký mốc sau đó với {size} bản ghi, nối tiếp mốc này: {names}',
} as const;
