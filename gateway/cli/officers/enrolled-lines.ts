import type { AgencyCertificate, AgencyKey } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import type { CommandContext } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { fill } from '../problem.ts';
import { OFFICER_WORDS } from './words.ts';

interface Enrolled {
  readonly code: string;
  readonly certificates: readonly Pick<AgencyCertificate, 'fingerprint' | 'notAfter' | 'barred'>[];
  readonly keys: readonly Pick<AgencyKey, 'kid' | 'use' | 'state' | 'until'>[];
}

/**
 * Each certificate and key by its whole name: what is compared over the telephone and barred by. Lines and no table, whose columns
 * would break the names.
 */
export function tellEnrolled(context: CommandContext, holders: readonly Enrolled[]): void {
  const words = OFFICER_WORDS[context.settings.language];
  const now = Date.now() / 1000;
  const untilOf = (at: bigint) => (at === 0n ? '' : fill(words.until, { time: localTime(Number(at)) }));
  const stateOf = (state: string, until: bigint) => {
    if (state === 'barred') return words.barred;
    if (state === 'retired') return words.retired;
    return until !== 0n && Number(until) <= now ? words.ended : words.open;
  };
  const lines = holders.flatMap(({ code, certificates, keys }) => [
    ...certificates.map(({ fingerprint, notAfter, barred }) => [
      ...[code, words.certificate, fingerprint, untilOf(notAfter), stateOf(barred ? 'barred' : 'active', notAfter)],
    ]),
    ...keys.map(({ kid, use, state, until }) => [
      ...[code, use === 'enc' ? words.encrypts : words.signs, kid, untilOf(until), stateOf(state, until)],
    ]),
  ]);
  for (const parts of lines) context.say(parts.filter((part) => part !== '').join('  '));
}
