import { stat } from 'node:fs/promises';
import { recordImport } from '../../audit/operator-entry.ts';
import { stampDeployment } from '../../config/deployment-stamp.ts';
import { keepStorageCheck } from '../../config/storage-check.ts';
import { carryConsents } from '../../consent/merged-records.ts';
import { type ImportResult, importPersons } from '../../register/import/import-persons.ts';
import { orInterrupted } from '../interrupt.ts';
import { holdHead } from './log-heads.ts';
import type { Operated } from './operated.ts';

/** Id of the key that seals the sensitive fields, as the gateway looks it up. */
const SENSITIVE_KEY = 'sensitive-1';

export interface ImportOrder {
  readonly file: string;
  readonly rejectsPath: string;
  /** What accepts the log where no head of it is kept. */
  readonly keepHeadCommand: string;
  readonly signal: AbortSignal;
  /** Rows read, and how many the file seems to hold. */
  readonly onProgress: (rows: number, expected: number) => void;
}

/** Imports a file into a deployment's register and records that in its log. Throws DeploymentMismatch, ConfigError, CliProblem, ImportError. */
export async function importRegister(
  { config, database }: Operated,
  { file, rejectsPath, keepHeadCommand, signal, onProgress }: ImportOrder,
): Promise<ImportResult> {
  const { keys, deployment, log } = config;
  const { url, pool } = database;
  await stampDeployment(pool, deployment);
  await keepStorageCheck(pool, keys);
  // Before anything goes in: nothing is added to a log that is not the one last seen.
  const heads = await holdHead(log, pool, keepHeadCommand);
  const { size } = await stat(file);
  const result = await orInterrupted(
    importPersons({
      onMerged: carryConsents,
      file,
      url,
      rejectsPath,
      deploymentKind: deployment.kind,
      keys: { keyId: SENSITIVE_KEY, key: async () => keys.sensitive },
      onProgress: ({ rows, bytes }) => onProgress(rows, bytes === 0 ? 0 : Math.round((rows * size) / bytes)),
    }),
    signal,
  );
  const taken = result.rows - result.rejected;
  await recordImport(pool, { fileDigest: Buffer.from(result.digestOfFile, 'hex'), rows: taken });
  await heads.keep();
  return result;
}
