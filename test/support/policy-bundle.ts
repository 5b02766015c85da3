import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type PolicyBundle, readPolicyBundle } from '../../gateway/policy/revision.ts';

const BUNDLE = fileURLToPath(new URL('../../policies/bundle/', import.meta.url));

/** The rules of this tree, whoever signed them. */
export async function loadPolicyBundle(): Promise<PolicyBundle> {
  const [wasm, manifest] = await Promise.all([
    readFile(`${BUNDLE}policy.wasm`),
    readFile(`${BUNDLE}.manifest`, 'utf8'),
  ]);
  return readPolicyBundle({ wasm, manifest });
}
