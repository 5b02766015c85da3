/** Uses of the telco's that rest on consent, beside the one that rests on statute: the same fields and grants, another basis. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openPrivateFolder } from '../../gateway/development/folder.ts';
import { keepAgreements, keepOfficers } from '../../gateway/development/four-eyes.ts';
import { VOCABULARY, VOCABULARY_VERSION } from '../../gateway/fields/vocabulary.ts';
import { readAgreementFiles } from '../../gateway/policy/files.ts';
import { policyVocabulary } from '../../gateway/policy/vocabulary.ts';
import { ROOT } from './child.ts';
import type { BenchContext } from './context.ts';
import type { Register } from './register.ts';

export const RECIPIENT = 'viettel';

/** One recipient's purpose that rests on consent. */
export interface BenchUse {
  readonly name: string;
  readonly purpose: string;
  /** Of every consent; 0 for no bound. */
  readonly useQuota: number;
}

export const BY_CONSENT: BenchUse = { name: 'consent', purpose: 'bench-by-consent', useQuota: 0 };
/** More than any number of runs on a kept register uses. */
export const BY_COUNTED: BenchUse = { name: 'quota', purpose: 'bench-by-counted-consent', useQuota: 1_000_000 };

/** Puts the agreements of these uses in force, signed by both officers; those that stand already are left. */
export async function agreeOn(register: Register, uses: readonly BenchUse[]): Promise<void> {
  const { pool, deployment, configPath } = register;
  const { agreements } = await readAgreementFiles(join(ROOT, 'policies'));
  const statute = agreements.find(({ agency }) => agency === RECIPIENT);
  if (statute === undefined) throw new Error(`there is no agreement of ${RECIPIENT}`);
  const fields = Object.fromEntries(
    Object.entries(statute.fields).map(([id, field]) => [id, { ...field, basis: 'consent' as const }]),
  );
  const officers = await keepOfficers(await openPrivateFolder(dirname(configPath)));
  await keepAgreements(
    {
      ...{ pool, deployment: deployment.id, pinned: new Set(officers.map(({ kid }) => kid)) },
      vocabulary: policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION),
    },
    officers,
    uses.map(({ purpose }) => ({ ...statute, id: `${RECIPIENT}-${purpose}`, purpose, fields })),
  );
}

/** The telco's profile for another purpose, and another gateway where one is named: a folder of its own. */
export function profileFor(
  { scratch }: BenchContext,
  { profile }: Register,
  { purpose, port }: { readonly purpose: string; readonly port?: number },
): string {
  const folder = join(scratch, `profile-${purpose}-${port ?? 'own'}`);
  cpSync(profile, folder, { recursive: true });
  const path = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  const address = port === undefined ? {} : { address: `localhost:${port}` };
  writeFileSync(path, JSON.stringify({ ...config, ...address, purposes: [purpose] }), { mode: 0o600 });
  return folder;
}
