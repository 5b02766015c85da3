import { createDevelopmentDeployment, type DevelopmentDeployment } from '../../development/deployment.ts';
import { VOCABULARY, VOCABULARY_VERSION } from '../../fields/vocabulary.ts';
import { policyVocabulary } from '../../policy/vocabulary.ts';
import { migrate } from '../../storage/migrate.ts';
import type { DataFolder } from './data-folder.ts';
import type { OpenDatabase } from './database.ts';

/** Brings the schema up to date and makes what a development deployment needs; finds again what is there already. */
export async function prepareDeployment(
  data: DataFolder,
  { pool, url }: OpenDatabase,
  { port, descriptors }: { port: number; descriptors: Uint8Array },
): Promise<DevelopmentDeployment> {
  await migrate(pool);
  return createDevelopmentDeployment({
    dataDir: data.root,
    pool,
    port,
    databaseUrl: url,
    descriptors,
    vocabulary: policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION),
  });
}
