import type { Words } from '../../gateway/errors/words.ts';
import { parseToken } from '../../gateway/signing/parse.ts';
import { KitError } from './kit-error.ts';
import { PROFILE_TEXTS, type Profile } from './profile.ts';

/** By the names that they have in config.json, where they are mended. */
const MEMBERS = { agency: 'agency', deployment: 'deployment', log_origin: 'logOrigin' } as const;
type Own = Pick<Profile, (typeof MEMBERS)[keyof typeof MEMBERS]>;

/** One name that is another there. What is found is repeated where it has the form of such a name, else it is `?`. */
export interface Difference {
  /** As config.json calls it. */
  readonly member: keyof typeof MEMBERS;
  readonly found: string;
  readonly wanted: string;
}

/** What differs of what is told; what is not told differs in nothing. */
export function differencesOf(told: Partial<Own>, profile: Partial<Own>): readonly Difference[] {
  return (Object.keys(MEMBERS) as Difference['member'][]).flatMap((member) => {
    const [found, wanted] = [told[MEMBERS[member]], profile[MEMBERS[member]]];
    if (found === undefined || found === wanted) return [];
    return [{ member, found: PROFILE_TEXTS[member].pattern.test(found) ? found : '?', wanted: wanted ?? '' }];
  });
}

/**
 * A gateway that is, or speaks to, something else than the profile names; undefined where nothing that is told differs. Says which
 * member, what is told and what the profile has: names of institutions and systems, of which only such a form is repeated.
 */
export const gatewayDiffers = (told: Partial<Own>, profile: Partial<Own>): KitError | undefined =>
  errorOf(differencesOf(told, profile));

/** The same of what a token is meant for: `<agency>@<deployment>`, or `*@<deployment>`. For a token whose signature holds. */
export const audienceDiffers = (audience: string, profile: AudienceOf): KitError | undefined =>
  errorOf(audienceDifferences(audience, profile));

type AudienceOf = Pick<Own, 'deployment'> & Partial<Own>;

export function audienceDifferences(audience: string, profile: AudienceOf): readonly Difference[] {
  const at = audience.indexOf('@');
  const [agency, deployment] = [audience.slice(0, at), audience.slice(at + 1)];
  return differencesOf(agency === '*' ? { deployment } : { agency, deployment }, profile);
}

function errorOf(differing: readonly Difference[]): KitError | undefined {
  if (differing.length === 0) return undefined;
  const words: Words = {
    en: differing.map(({ member, found, wanted }) => `${member} ("${found}" there, "${wanted}" here)`).join(', '),
    vi: differing
      .map(({ member, found, wanted }) => `${member} ("${found}" ở cổng, "${wanted}" trong hồ sơ)`)
      .join(', '),
  };
  return new KitError('GATEWAY_DIFFERS', { differing: words });
}

/** Whom a token says that it is meant for, nothing of it verified; undefined where it says nothing. */
export function audienceIn(token: string): string | undefined {
  const parsed = parseToken(token);
  const audience = parsed.ok ? parsed.token.claims.aud : undefined;
  return typeof audience === 'string' ? audience : undefined;
}
