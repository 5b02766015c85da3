/** The gateway's own keys, and those that answers are encrypted to. */
import { type Patch, without } from './patch.ts';

const KEY_SET = 'gateway/signing/key-set.ts';
const SIGNED = 'gateway/signing/signed-key-set.ts';
const KEY_SET_TEST = 'gateway/signing/key-set.test.ts';
const CHANGE = 'gateway/signing/change-key-set.ts';
const CHANGE_TEST = 'gateway/cli/commands/gateway-keys.test.ts';
const OWN = 'gateway/config/own-keys.ts';
const OWN_TEST = 'gateway/config/read-config.test.ts';
const DECRYPT = 'gateway/signing/decrypt.ts';
const DECRYPT_TEST = 'gateway/signing/decrypt.test.ts';
const DIRECTORY = 'gateway/agencies/read-directory.ts';
const DIRECTORY_TEST = 'gateway/agencies/encryption-keys.test.ts';

const patch =
  (file: string, test: string) =>
  (attack: string, find: string, put = ''): Patch => ({
    ...{ attack, file, find, put, test },
  });
const [keySet, signed, change] = [
  patch(KEY_SET, KEY_SET_TEST),
  patch(SIGNED, KEY_SET_TEST),
  patch(CHANGE, CHANGE_TEST),
];
const [decrypt, directory] = [patch(DECRYPT, DECRYPT_TEST), patch(DIRECTORY, DIRECTORY_TEST)];

export const KEY_PATCHES: readonly Patch[] = [
  // The set that clients are told.
  keySet('a retired key signs on', "(entry) => entry.state === 'active')", '() => true)'),
  keySet(
    'a key in other hands proves on',
    "return state.state !== 'compromised' || loggedAtSeconds < state.compromisedFrom",
    'return true',
  ),
  keySet('a key stands in a set in two states', 'kids.size === entries.length ?', 'true ?'),
  without('a set of an earlier day', SIGNED, 'last !== undefined && isRollback(mark, last)', KEY_SET_TEST),
  without('a set of another deployment', SIGNED, 'unbound !== undefined', KEY_SET_TEST),
  signed(
    'a set under another version than was signed',
    "  if (set.version !== mark.version) return { ok: false, problem: 'WRONG_VERSION' };\n",
  ),
  change('a key is made to have been lost later', ' || to.compromisedFrom < from.compromisedFrom', ' || true'),
  change('a key that was lost is merely retired', "return from.state === 'active'", 'return true'),
  {
    ...{ attack: 'a set that the root did not sign', file: OWN, test: OWN_TEST },
    ...{ find: 'if (!known.ok)', put: 'if (false && !known.ok)' },
  },
  {
    ...{ attack: 'a gateway signs with a key that no client knows', file: OWN, test: OWN_TEST },
    ...{ find: 'if (!known) throw', put: 'if (false && !known) throw' },
  },
  // Encrypted answers.
  decrypt('another algorithm', "alg !== 'ECDH-ES' || "),
  decrypt('another cipher', "enc !== 'A256GCM' || "),
  decrypt('another kind of token', 'typ !== ENCRYPTED_ANSWER || '),
  decrypt('a header of any length', "  if (head.length > MAX_HEADER_LENGTH) return refused('BAD_HEADER');\n"),
  decrypt(
    'another text for the same point',
    'return BASE64URL_32_BYTES.test(x) && BASE64URL_32_BYTES.test(y) ? { kid, x, y } : undefined;',
    'return { kid, x, y };',
  ),
  directory(
    'a row of SQL is encrypted to',
    'for (const row of believed ? encryptionRows : [])',
    'for (const row of encryptionRows)',
  ),
];
