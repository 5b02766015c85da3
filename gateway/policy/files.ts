/** Reads the agreements that lie as files. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agreement } from './agreement.ts';
import { checkAgreement } from './check-agreement.ts';
import type { Agency } from './policy-data.ts';

/**
 * Agencies and unsigned agreements of a folder laid out as `policies` is: `agencies.json` and `agreements/*.json`, by file
 * name. They count once two officers have signed `agreementBytes` of each, and not before.
 *
 * @throws Error naming file and path of the first thing wrong with an agreement.
 */
export async function readAgreementFiles(
  folder: string,
): Promise<{ readonly agencies: Readonly<Record<string, Agency>>; readonly agreements: readonly Agreement[] }> {
  const names = (await readdir(join(folder, 'agreements'))).filter((name) => name.endsWith('.json')).sort();
  const agreements = await Promise.all(
    names.map(async (name) => {
      const checked = checkAgreement(JSON.parse(await readFile(join(folder, 'agreements', name), 'utf8')));
      if (checked.ok) return checked.agreement;
      const [first] = checked.problems;
      throw new Error(`agreements/${name}: ${first?.path ?? ''} ${first?.problem ?? ''}`);
    }),
  );
  // Judged entry by entry in buildData, as agencies from a table are.
  const agencies = JSON.parse(await readFile(join(folder, 'agencies.json'), 'utf8')) as Record<string, Agency>;
  return { agencies, agreements };
}
