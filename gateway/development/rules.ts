/** The rules of a development deployment, signed by its own key: what is committed counts here, and nowhere else. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleFiles, RULES_ISSUER, readSignedBundle, signBundle } from '../policy/signed-bundle.ts';
import type { PublicJwk } from '../signing/public-key.ts';
import { createSigner } from '../signing/sign.ts';
import { jsonText, type PrivateFolder } from './folder.ts';
import { keepSigningKey } from './secrets.ts';

export const RULES_FILES = {
  key: 'policy-key.jwk.json',
  publicKey: 'policy-key.public.jwk.json',
  signature: 'policy.jws',
} as const;

/** A deployment that nobody starts for so long is started again by somebody, who signs again. */
const DAYS = 400;
const DAY = 86_400;

/** The key is made where there is none; the signature is made anew where there is none over the bundle as it is, or half its time is over. */
export async function keepRules(
  folder: PrivateFolder,
  { deployment, bundle }: { readonly deployment: string; readonly bundle: string },
): Promise<void> {
  const { key, kid, publicJwk } = await keepSigningKey(folder, RULES_FILES.key);
  const [wasm, manifest] = [
    await readFile(join(bundle, 'policy.wasm')),
    await readFile(join(bundle, '.manifest'), 'utf8'),
  ];
  const iat = Math.floor(Date.now() / 1000);
  await folder.keep(RULES_FILES.publicKey, async () => jsonText(publicJwk));
  const kept = await folder.read(RULES_FILES.signature);
  if (kept !== undefined && counts({ wasm, manifest, signature: kept }, { key: publicJwk, deployment, iat })) return;
  const signer = createSigner({ key, kid, issuer: RULES_ISSUER });
  const signature = signBundle({ wasm, manifest }, { signer, deployment, iat, end: iat + DAYS * DAY });
  await folder.write(RULES_FILES.signature, `${signature}\n`);
}

/** Whether a signature holds for at least half of its time yet. */
function counts(files: BundleFiles, trust: { key: PublicJwk; deployment: string; iat: number }): boolean {
  try {
    readSignedBundle(files, { ...trust, nowSeconds: () => trust.iat + (DAYS * DAY) / 2 });
    return true;
  } catch {
    return false;
  }
}
