/** Bundles for tests: the committed one, and others made of it without OPA by changing a literal of its WASM. */
import createWabt from 'wabt';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../../signing/key-store.ts';
import { createSigner } from '../../signing/sign.ts';
import { type BundleFiles, type BundleTrust, RULES_ISSUER, signBundle } from '../signed-bundle.ts';
import { POLICY_MANIFEST, POLICY_WASM } from './vectors.ts';

export const RULES_DEPLOYMENT = 'dev-tests';
export const NOW = 1_795_000_000;
export const REVISION = Number((JSON.parse(POLICY_MANIFEST) as { revision: string }).revision);

export async function newRulesKey(): Promise<SigningKey> {
  return loadSigningKey(await generateSigningJwk());
}

export function trustIn({ publicJwk }: SigningKey, nowSeconds: () => number = () => NOW): BundleTrust {
  return { key: publicJwk, deployment: RULES_DEPLOYMENT, nowSeconds };
}

export interface Parts {
  readonly wasm?: Uint8Array<ArrayBuffer>;
  readonly revision?: number;
  readonly end?: number;
  readonly deployment?: string;
}

/** A bundle as its author would have signed it. */
export function signedFiles(key: SigningKey, parts: Parts = {}): BundleFiles {
  const { wasm = POLICY_WASM, revision = REVISION, end = NOW + 86_400, deployment = RULES_DEPLOYMENT } = parts;
  const manifest = JSON.stringify({ ...(JSON.parse(POLICY_MANIFEST) as object), revision: String(revision) });
  const signer = createSigner({ key: key.key, kid: key.kid, issuer: RULES_ISSUER });
  return { wasm, manifest, signature: signBundle({ wasm, manifest }, { signer, deployment, iat: NOW - 60, end }) };
}

/** The WASM with one literal text in place of another of the same length, everywhere. */
export function withLiteral(from: string, to: string): Uint8Array<ArrayBuffer> {
  const [before, after] = [Buffer.from(`${from}\0`), Buffer.from(`${to}\0`)];
  if (before.length !== after.length) throw new Error('texts of different lengths');
  const wasm = Buffer.from(POLICY_WASM);
  let found = 0;
  for (let at = wasm.indexOf(before); at >= 0; at = wasm.indexOf(before, at + before.length)) {
    // Not the end of a longer text.
    if (/[\w/]/.test(String.fromCharCode(wasm[at - 1] ?? 0))) continue;
    after.copy(wasm, at);
    found += 1;
  }
  if (found === 0) throw new Error(`no literal ${from}`);
  return Uint8Array.from(wasm);
}

/** Other rules: nobody is active any more. */
export const NOBODY_ACTIVE = withLiteral('active', 'activX');
/** Rules that answer without the member `allow`. */
export const NO_ALLOW = withLiteral('allow', 'allox');

/** Rules whose evaluation traps at its first instruction. */
export async function trappingRules(): Promise<Uint8Array<ArrayBuffer>> {
  const module = (await createWabt()).readWasm(POLICY_WASM, { readDebugNames: false });
  const text = module.toText({ foldExprs: false, inlineExport: false });
  const at = Number(/\(export "opa_eval" \(func (\d+)\)\)/.exec(text)?.[1]);
  const begin = text.indexOf(`(func (;${at};) `);
  const body = text.indexOf('\n', begin);
  // Behind the signature and the locals, which stand on the first line and the next.
  const locals = text
    .slice(body + 1)
    .trimStart()
    .startsWith('(local')
    ? text.indexOf('\n', body + 1)
    : body;
  const edited = `${text.slice(0, locals)}\n    unreachable${text.slice(locals)}`;
  const parsed = (await createWabt()).parseWat('rules.wat', edited);
  return Uint8Array.from(parsed.toBinary({}).buffer);
}
