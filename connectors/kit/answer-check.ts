import { audienceOf, type Binding, checkBinding } from '../../gateway/signing/binding.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import { evidenceKeys } from '../../gateway/signing/key-set.ts';
import type { KeyLookup } from '../../gateway/signing/public-key.ts';
import type { ClaimsOf, FormOf, TokenType } from '../../gateway/signing/token-types.ts';
import { verifyToken } from '../../gateway/signing/verify.ts';
import { audienceDiffers } from './gateway-differs.ts';
import { GATEWAY, type KeySetSource, type KnownKeys } from './key-set-source.ts';
import { KitError } from './kit-error.ts';
import type { Profile } from './profile.ts';
import type { RawAnswer } from './raw-call.ts';

export type CallFacts = { readonly method: string; readonly requestDigest: string; readonly requestId: string };

export type AnswerCheck = {
  /**
   * The claims of a token that the gateway signed over these bytes, for this agency, in answer to this request. Keys
   * are those of the key set; a token that names an unknown one makes the set be fetched again, once.
   */
  token<T extends TokenType, F extends FormOf<T>>(
    jws: string | undefined,
    bytes: Uint8Array,
    expected: { readonly typ: T; readonly form: F; readonly facts: Omit<Binding, 'audience' | 'digest'> },
  ): Promise<ClaimsOf<T, F>>;
  /** The claims of an answer to a unary call. */
  answer(jws: string | undefined, bytes: Uint8Array, facts: CallFacts): Promise<ClaimsOf<'lt-answer+jws', 'call'>>;
  /**
   * Checks a refusal's signature where it carries one; false where it has none. Then it is a refusal from before authentication, of
   * the way, or of whoever stands on it: it proves nothing.
   */
  refusal(answer: RawAnswer, facts: CallFacts): Promise<boolean>;
};

/**
 * What is believed of the gateway's answers. Every failure throws KitError UNTRUSTED_ANSWER, but for what the gateway did sign, for
 * another agency or deployment than the profile's: GATEWAY_DIFFERS, which names both.
 *
 * The time of an answer is not judged: it is bound to a request that holds 16 fresh random bytes.
 */
export function createAnswerCheck({
  keySet,
  profile,
}: {
  keySet: KeySetSource;
  profile: Pick<Profile, 'agency' | 'deployment'>;
}): AnswerCheck {
  const audience = audienceOf(profile.agency, profile.deployment);

  async function token<T extends TokenType, F extends FormOf<T>>(
    jws: string | undefined,
    bytes: Uint8Array,
    { typ, form, facts }: { readonly typ: T; readonly form: F; readonly facts: Omit<Binding, 'audience' | 'digest'> },
  ): Promise<ClaimsOf<T, F>> {
    if (jws === undefined || jws === '') throw new KitError('UNTRUSTED_ANSWER', { problem: 'SIGNATURE_MISSING' });
    let result = verifyToken(jws, { typ, form, keys: keysFor(typ, await keySet.get()) });
    if (!result.ok && result.problem === 'UNKNOWN_KEY') {
      result = verifyToken(jws, { typ, form, keys: keysFor(typ, await keySet.refresh()) });
    }
    if (!result.ok) throw new KitError('UNTRUSTED_ANSWER', { problem: result.problem });
    const unbound = checkBinding(result.claims, { ...facts, audience, digest: digestOf(bytes) });
    // Both are told: an agency that took the wrong folder has to see which of its names is wrong.
    const other = unbound === 'WRONG_AUDIENCE' ? audienceDiffers(String(result.claims.aud), profile) : undefined;
    if (unbound !== undefined) throw other ?? new KitError('UNTRUSTED_ANSWER', { problem: unbound });
    return result.claims;
  }

  return {
    token,
    async answer(jws, bytes, facts) {
      const claims = await token(jws, bytes, { typ: 'lt-answer+jws', form: 'call', facts });
      if (claims.code !== 0) throw new KitError('UNTRUSTED_ANSWER', { problem: 'WRONG_CODE' });
      return claims;
    },
    async refusal({ code, details, signature }, facts) {
      if (signature === undefined) return false;
      const claims = await token(signature, details ?? new Uint8Array(), { typ: 'lt-answer+jws', form: 'call', facts });
      if (claims.code !== code) throw new KitError('UNTRUSTED_ANSWER', { problem: 'WRONG_CODE' });
      return true;
    },
  };
}

/** A receipt may have been signed before a rotation and be handed out again after it: a retired key's counts. */
function keysFor(typ: TokenType, { set, keys }: KnownKeys): KeyLookup {
  return typ === 'lt-receipt+jws' ? evidenceKeys(set, GATEWAY, Number.POSITIVE_INFINITY) : keys;
}
