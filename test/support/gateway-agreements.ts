/** Agreements changed under a running gateway, as its two officers would. */
import { putAgreement } from '../../gateway/agreements/store.ts';
import { openPrivateFolder } from '../../gateway/development/folder.ts';
import { keepOfficers, signByAll } from '../../gateway/development/four-eyes.ts';
import { VOCABULARY, VOCABULARY_VERSION } from '../../gateway/fields/vocabulary.ts';
import type { Agreement } from '../../gateway/policy/agreement.ts';
import { readAgreementFiles } from '../../gateway/policy/files.ts';
import { policyVocabulary } from '../../gateway/policy/vocabulary.ts';
import type { TestGateway } from './gateway.ts';

/** The agency's agreement as its file has it. */
export async function agreementOf(agency: string): Promise<Agreement> {
  const { agreements } = await readAgreementFiles('policies');
  const found = agreements.find((one) => one.agency === agency);
  if (found === undefined) throw new Error('no such agreement');
  return found;
}

/** The same grants, none given. */
export function withoutGrants({ grants }: Agreement): Agreement['grants'] {
  return Object.fromEntries(Object.keys(grants).map((name) => [name, false])) as Agreement['grants'];
}

/** Puts a further version in force, signed by both officers; `step` versions above the file's. */
export async function replaceAgreement(gateway: TestGateway, agreement: Agreement, step = 1): Promise<void> {
  const officers = await keepOfficers(await openPrivateFolder(`${gateway.folder}/gateway`));
  const deployment = gateway.deployment.id;
  const signed = signByAll(officers, { ...agreement, version: agreement.version + step }, deployment);
  await putAgreement(
    {
      pool: gateway.database.pool,
      deployment,
      vocabulary: policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION),
      pinned: new Set(officers.map(({ kid }) => kid)),
    },
    signed,
  );
}
