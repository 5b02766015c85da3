/** Why there is no way to a gateway, for a folder that is no profile yet: `doctor` has nothing there that it could examine. */

import type { KitError } from '../../../connectors/kit/kit-error.ts';
import type { Profile } from '../../../connectors/kit/profile.ts';
import { factsIn, makeChecks } from '../doctor/finding.ts';
import { networkChecks } from '../doctor/network-checks.ts';
import { FINDINGS } from '../doctor/words.ts';
import { CliProblem, fill } from '../problem.ts';

/** What is asked of the way to it; nothing is sent but a handshake. */
export type WayTo = Pick<Profile, 'address' | 'ca' | 'certificate' | 'key'>;

/** The first check of doctor's that fails, in its words, as ENROLL_WAY, or ENROLL_AWAY before a handshake; where none does, the error itself. */
export async function explainWay(error: KitError, { address, ca, certificate, key }: WayTo): Promise<Error> {
  const parts = { config: { address }, bytes: { ca, certificate, key } };
  for await (const { check, level, code, facts } of makeChecks(networkChecks(parts, { now: () => new Date() }))) {
    if (level !== 'failed') continue;
    const said = (language: 'en' | 'vi') => fill(FINDINGS[code][language], factsIn(facts, language));
    return new CliProblem(
      check === 'tls' ? 'ENROLL_WAY' : 'ENROLL_AWAY',
      { said: { en: said('en'), vi: said('vi') } },
      { cause: error },
    );
  }
  return error;
}
