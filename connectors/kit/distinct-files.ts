import { type BigIntStats, fstatSync } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { KitError } from './kit-error.ts';

/** A path, or the descriptor of a file that is open (standard input). */
export type ReadFrom = string | number;

/**
 * Demands, before anything is read or asked, that what will be written is neither something that is read nor anything but a file
 * that may be replaced. One file is known by its device and number, whatever paths, links or case it is named by; one that does not
 * exist yet by its path. Somebody who changes names in between is not held off.
 *
 * Throws KitError OUTPUT_IS_FOLDER, OUTPUT_IS_LINK, OUTPUT_IS_SPECIAL, OUTPUT_IS_INPUT.
 *
 * @param devices pipes and devices are written to as they are, and not replaced
 */
export async function demandOther(
  outputs: readonly string[],
  inputs: readonly ReadFrom[],
  { devices = false }: { readonly devices?: boolean } = {},
): Promise<void> {
  const read = await Promise.all(inputs.map(async (input) => ({ input, names: await namesOf(input) })));
  for (const file of outputs) {
    await demandReplaceable(file, devices);
    const names = await namesOf(file);
    const same = read.find((one) => one.names.some((name) => names.includes(name)));
    if (same !== undefined) throw new KitError('OUTPUT_IS_INPUT', { file, input: shown(same.input) });
  }
}

const shown = (input: ReadFrom): string => (typeof input === 'number' ? '-' : input);

async function demandReplaceable(file: string, devices: boolean): Promise<void> {
  const found = await statOf(file);
  if (found?.isDirectory() === true) throw new KitError('OUTPUT_IS_FOLDER', { file });
  if (found !== undefined && !found.isFile()) {
    if (devices) return;
    throw new KitError('OUTPUT_IS_SPECIAL', { file });
  }
  const itself = await lstat(file).catch(() => undefined);
  if (itself?.isSymbolicLink() === true) throw new KitError('OUTPUT_IS_LINK', { file });
}

/** By what a file is known: where it is, and where there is one, which it is. */
async function namesOf(file: ReadFrom): Promise<readonly string[]> {
  const found = await statOf(file);
  const which = found === undefined ? [] : [`${found.dev}:${found.ino}`];
  if (typeof file === 'number') return which;
  const folder = await realpath(dirname(resolve(file))).catch(() => dirname(resolve(file)));
  return [...which, join(folder, basename(resolve(file)))];
}

/** Undefined where there is none, or it cannot be looked at: whoever opens it will say so. */
async function statOf(file: ReadFrom): Promise<BigIntStats | undefined> {
  try {
    return typeof file === 'number' ? fstatSync(file, { bigint: true }) : await stat(file, { bigint: true });
  } catch {
    return undefined;
  }
}
