/**
 * A policy bundle counts only under the signature of the key that the configuration pins for rules: for this deployment, these
 * bytes, this revision, and until its end. Nothing of it is compiled or believed before that.
 */
import { filled, ToldError, type Words } from '../errors/words.ts';
import { audienceOf, type BindingProblem, checkBinding } from '../signing/binding.ts';
import { digestOf } from '../signing/digest.ts';
import { keyLookup, type PublicJwk, verificationKeyOf } from '../signing/public-key.ts';
import type { Signer } from '../signing/sign.ts';
import { type VerifyProblem, verifyToken } from '../signing/verify.ts';
import { deniesTheUnknown } from './probe.ts';
import { type PolicyBundle, readPolicyBundle } from './revision.ts';

/** Whoever signs rules signs for the register. */
export const RULES_ISSUER = 'gateway';

/** A bundle as it lies on a disk. */
export interface BundleFiles {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly manifest: string;
  /** An `lt-policy+jws`. */
  readonly signature: string;
}

export interface SignedBundle extends PolicyBundle {
  readonly end: number;
}

export const BUNDLE_PROBLEMS = {
  NOT_SIGNED: {
    en: 'not signed by the pinned key for this deployment and these bytes',
    vi: 'không được khóa đã ghim ký cho hệ thống này và nội dung này',
  },
  WRONG_REVISION: {
    en: 'the manifest names another revision than its signature',
    vi: 'bản kê nêu số hiệu khác với chữ ký',
  },
  ENDED: { en: 'its signature has ended', vi: 'chữ ký đã hết hạn' },
  BAD_BUNDLE: {
    en: 'signed, and yet no bundle of this policy: its manifest or its WASM',
    vi: 'đã ký nhưng không phải gói của chính sách này: sai bản kê hoặc WASM',
  },
  DOES_NOT_DECIDE: {
    en: 'signed, and yet it does not answer a question with one well-formed denial',
    vi: 'đã ký nhưng không trả lời câu hỏi thử bằng một lời từ chối đúng dạng',
  },
  ROLLED_BACK: { en: 'older than one that was in use', vi: 'cũ hơn một gói đã dùng' },
  ANOTHER: {
    en: 'another bundle than the one that was in use under the same revision',
    vi: 'khác với gói đã dùng dưới cùng số hiệu',
  },
  UNREADABLE: { en: 'a file of it cannot be read', vi: 'không đọc được một tệp của gói' },
} as const satisfies Record<string, Words>;
const REFUSED: Words = { en: 'policy bundle: {problem}{detail}', vi: 'gói chính sách: {problem}{detail}' };
export type BundleProblem = keyof typeof BUNDLE_PROBLEMS;

/** Names the closed problem, never a byte of what was read. */
export class BundleRefused extends ToldError {
  override readonly name = 'BundleRefused';
  readonly code: BundleProblem;
  /** What exactly was wrong with a signature. */
  readonly detail: VerifyProblem | BindingProblem | undefined;
  constructor(code: BundleProblem, options: ErrorOptions & { readonly detail?: VerifyProblem | BindingProblem } = {}) {
    const detail = options.detail === undefined ? '' : ` (${options.detail})`;
    super(filled(REFUSED, { problem: BUNDLE_PROBLEMS[code], detail }), options);
    this.code = code;
    this.detail = options.detail;
  }
}

/**
 * The signature of a bundle.
 *
 * @param signer on the rules' key, issuer `gateway`
 * @param end whole seconds: from then on the rules decide nothing
 */
export function signBundle(
  { wasm, manifest }: Omit<BundleFiles, 'signature'>,
  { signer, deployment, iat, end }: { signer: Signer; deployment: string; iat: number; end: number },
): string {
  return signer.sign('lt-policy+jws', {
    aud: audienceOf(RULES_ISSUER, deployment),
    iat,
    dig: digestOf(wasm),
    man: digestOf(Buffer.from(manifest, 'utf8')),
    ver: readPolicyBundle({ wasm, manifest }).revision,
    exp: end,
  });
}

export interface BundleTrust {
  /** The pinned key. */
  readonly key: PublicJwk;
  readonly deployment: string;
  /** The database's time. */
  readonly nowSeconds: () => number;
}

/** @throws {BundleRefused} */
export function readSignedBundle(files: BundleFiles, { key, deployment, nowSeconds }: BundleTrust): SignedBundle {
  const keys = keyLookup([verificationKeyOf(key, RULES_ISSUER)]);
  const verified = verifyToken(files.signature.trim(), { typ: 'lt-policy+jws', keys });
  if (!verified.ok) throw new BundleRefused('NOT_SIGNED', { detail: verified.problem });
  const { man, ver, exp, ...claims } = verified.claims;
  const unbound = checkBinding(claims, {
    audience: audienceOf(RULES_ISSUER, deployment),
    digest: digestOf(files.wasm),
  });
  if (unbound !== undefined) throw new BundleRefused('NOT_SIGNED', { detail: unbound });
  if (man !== digestOf(Buffer.from(files.manifest, 'utf8'))) {
    throw new BundleRefused('NOT_SIGNED', { detail: 'WRONG_DIGEST' });
  }
  // Written so that NaN refuses.
  if (!(nowSeconds() < exp)) throw new BundleRefused('ENDED');
  const bundle = compiled(files);
  if (bundle.revision !== ver) throw new BundleRefused('WRONG_REVISION');
  if (!deniesTheUnknown(bundle.module)) throw new BundleRefused('DOES_NOT_DECIDE');
  return { ...bundle, end: exp };
}

function compiled(files: BundleFiles): PolicyBundle {
  try {
    return readPolicyBundle(files);
  } catch (cause) {
    throw new BundleRefused('BAD_BUNDLE', { cause });
  }
}
