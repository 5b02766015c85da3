import type { Words } from '../../gateway/errors/words.ts';
import { parseToken } from '../../gateway/signing/parse.ts';
import { KitError } from './kit-error.ts';
import { PROFILE_TEXTS, type Profile } from './profile.ts';

/** By the names that they have in config.json, where they are mended. */
const MEMBERS = { agency: 'agency', deployment: 'deployment', log_origin: 'logOrigin' } as const;
type Own = Pick<Profile, (typeof MEMBERS)[keyof typeof MEMBERS]>;

/**
 * A gateway that is, or speaks to, something else than the profile names; undefined where nothing that is told differs. Says which
 * member, what is told and what the profile has: names of institutions and systems, of which only such a form is repeated.
 */
export function gatewayDiffers(told: Partial<Own>, profile: Partial<Own>): KitError | undefined {
  const differing = Object.entries(MEMBERS).flatMap(([member, name]) => {
    const [found, wanted] = [told[name], profile[name]];
    if (found === undefined || found === wanted) return [];
    const { pattern } = PROFILE_TEXTS[member as keyof typeof MEMBERS];
    return [{ member, found: pattern.test(found) ? found : '?', wanted: wanted ?? '' }];
  });
  if (differing.length === 0) return undefined;
  const words: Words = {
    en: differing.map(({ member, found, wanted }) => `${member} ("${found}" there, "${wanted}" here)`).join(', '),
    vi: differing
      .map(({ member, found, wanted }) => `${member} ("${found}" ở cổng, "${wanted}" trong hồ sơ)`)
      .join(', '),
  };
  return new KitError('GATEWAY_DIFFERS', { differing: words });
}

/** The same of what a token is meant for: `<agency>@<deployment>`, or `*@<deployment>`. For a token whose signature holds. */
export function audienceDiffers(
  audience: string,
  profile: Pick<Own, 'deployment'> & Partial<Own>,
): KitError | undefined {
  const at = audience.indexOf('@');
  const [agency, deployment] = [audience.slice(0, at), audience.slice(at + 1)];
  return gatewayDiffers(agency === '*' ? { deployment } : { agency, deployment }, profile);
}

/** Whom a token says that it is meant for, nothing of it verified; undefined where it says nothing. */
export function audienceIn(token: string): string | undefined {
  const parsed = parseToken(token);
  const audience = parsed.ok ? parsed.token.claims.aud : undefined;
  return typeof audience === 'string' ? audience : undefined;
}
