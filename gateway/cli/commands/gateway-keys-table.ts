import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { KeySet } from '../../signing/key-set.ts';
import { type PublicJwk, thumbprintOf } from '../../signing/public-key.ts';
import type { CommandContext } from '../cli.ts';
import { table } from '../layout.ts';
import { localTime } from '../local-time.ts';
import { fill } from '../problem.ts';
import { widthOf } from '../terminal.ts';
import { GATEWAY_KEYS_WORDS } from './gateway-keys-words.ts';

/**
 * The keys of a set, and what they may do.
 *
 * @param uses which key of the config is which
 */
export function tellSet(
  context: CommandContext,
  { version, keys }: KeySet,
  uses: { readonly signing?: PublicJwk; readonly log?: PublicJwk },
) {
  const words = GATEWAY_KEYS_WORDS[context.settings.language];
  const use = (jwk: PublicJwk) =>
    (['signing', 'log'] as const).find((name) => uses[name] !== undefined && uses[name]?.x === jwk.x);
  const rows = keys.map((entry) => {
    const since = entry.state === 'compromised' ? entry.compromisedFrom : undefined;
    return { kid: thumbprintOf(entry.jwk), state: entry.state, use: use(entry.jwk), since };
  });
  context.give({
    version,
    keys: rows.map(({ since, ...row }) => ({
      ...row,
      ...(since === undefined ? {} : { compromised_from: new Date(since * 1000).toISOString() }),
    })),
  });
  context.say(fill(words.version, { version }));
  const lines = rows.map((row) => [
    row.kid,
    row.since === undefined ? words.states[row.state] : fill(words.since, { time: localTime(row.since) }),
    row.use === undefined ? '' : words.uses[row.use],
  ]);
  const columns = [{ title: words.key }, { title: words.state, wide: true }, { title: words.use }];
  context.say(table(columns, lines, widthOf(context.terminal.stdout)));
  return EXIT_CODES.COMPLETE;
}
