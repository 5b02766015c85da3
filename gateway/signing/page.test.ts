import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkBinding } from './binding.ts';
import { digestOf } from './digest.ts';
import { encrypt } from './encrypt.ts';
import { loadDecryptionKey, recipientKeyOf } from './encryption-key.ts';
import { checkFreshness } from './freshness.ts';
import { keyLookup, verificationKeyOf } from './public-key.ts';
import { EXAMPLE_KEY, forgeEncrypted, newDecryptionKey, readGolden, VECTORS } from './test-fixtures.ts';
import { TOKEN_TYPES } from './token-types.ts';
import { verifyToken } from './verify.ts';

/** The design page says what the code does: its table of claims, and its recipe, run as it stands there. */

const page = readFileSync(new URL('../docs/design/signatures.md', import.meta.url), 'utf8');
/** The environment that `test/interop/run.sh` makes, else the machine's own. */
const pythons = [fileURLToPath(new URL('../../.cache/interop-venv/bin/python', import.meta.url)), 'python3'];
const python = pythons.find((one) => spawnSync(one, ['-c', 'import cryptography']).status === 0);

describe('the design page of signatures', () => {
  it('lists the claims of each form as the table has them', () => {
    const listed = [...page.matchAll(/^\| `(lt-[a-z]+\+jws)` \| `(\w+)` \| `[^|]*` \| (.*) \|$/gm)].map(
      ([, typ, form, claims]) => [
        `${typ} ${form}`,
        (claims ?? '').split(' ').map((claim) => claim.replaceAll('`', '')),
      ],
    );
    const real = Object.entries(TOKEN_TYPES).flatMap(([typ, forms]) =>
      Object.entries(forms as Record<string, Record<string, string>>).map(([form, kinds]) => [
        `${typ} ${form}`,
        Object.entries(kinds).map(([claim, kind]) => (kind.endsWith('?') ? `${claim}?` : claim)),
      ]),
    );
    expect(listed).toEqual(real);
  });

  it('names the receiver of each form as the frozen tokens have it', () => {
    const rows = [...page.matchAll(/^\| `(lt-[a-z]+\+jws)` \| `(\w+)` \| `([^|]*)@` \|/gm)];
    const listed = new Map(rows.map(([, typ, form, receiver]) => [`${typ} ${form}`, receiver]));
    for (const { typ, form, claims } of VECTORS) {
      const [receiver] = String(claims.aud).split('@');
      expect(listed.get(`${typ} ${form}`), `${typ} ${form}`).toBe(receiver === 'viettel' ? '<agency>' : receiver);
    }
    expect(listed.size).toBe(rows.length);
  });

  it.skipIf(python === undefined)(
    'has a recipe that opens an encrypted answer, and refuses what we refuse (needs Python with cryptography)',
    async () => {
      const recipes = [...page.matchAll(/```python\n(.*?)```/gs)].map(([, recipe]) => recipe);
      const jwk = readGolden('published-example-encryption-key.jwk.json').toString('utf8');
      const key = loadDecryptionKey(JSON.parse(jwk));
      const contents = Array.from({ length: 20 }, (_, length) => Buffer.alloc(length * 7, length));
      const good = contents.map((content) => encrypt(content, recipientKeyOf(key.publicJwk)));
      const bad = [
        forgeEncrypted(key, { zip: 'DEF' }, Buffer.from('x')),
        forgeEncrypted(key, { enc: 'A128GCM' }, Buffer.from('x')),
        forgeEncrypted(key, { apu: 'QQ' }, Buffer.from('x')),
        `${good[3]?.slice(0, -4)}AAAA`,
        encrypt(Buffer.from('x'), recipientKeyOf((await newDecryptionKey()).publicJwk)),
      ];
      const program = `${recipes.join('\n')}
import sys
given = json.loads(sys.argv[1]); keys = {given["key"]["kid"]: given["key"]}
def tried(token):
    try: return open_answer(token, keys).hex()
    except Exception: return None
print(json.dumps([tried(token) for token in given["tokens"]]))`;
      const given = JSON.stringify({ key: JSON.parse(jwk), tokens: [...good, ...bad] });
      const opened = JSON.parse(execFileSync(python ?? '', ['-c', program, given], { encoding: 'utf8' }));
      expect(opened).toEqual([...contents.map((content) => content.toString('hex')), ...bad.map(() => null)]);
    },
  );

  it.skipIf(python === undefined)(
    'has a recipe whose tokens verify (needs Python with cryptography: test/interop/run.sh --prepare)',
    () => {
      const recipe = /```python\n(.*?)```/s.exec(page)?.[1] ?? '';
      const jwk = readGolden('published-example-key.jwk.json').toString('utf8');
      const message = Buffer.from('message bytes');
      const program = `${recipe}\nimport sys\nfor _ in range(40): print(sign_call(json.loads(sys.argv[1]), "viettel", "golden", "/a.B/C", b"message bytes"))`;
      const tokens = execFileSync(python ?? '', ['-c', program, jwk], { encoding: 'utf8' })
        .trim()
        .split('\n');
      expect(tokens).toHaveLength(40);
      const keys = keyLookup([verificationKeyOf(EXAMPLE_KEY.publicJwk, 'viettel')]);
      for (const token of tokens) {
        const result = verifyToken(token, { typ: 'lt-call+jws', keys });
        if (!result.ok) throw new Error(result.problem);
        const facts = { audience: 'gateway@golden', method: '/a.B/C', digest: digestOf(message) };
        expect(checkBinding(result.claims, facts)).toBeUndefined();
        expect(checkFreshness(result.claims.iat, { nowSeconds: Date.now() / 1000, floor: 0 })).toBeUndefined();
      }
    },
  );
});
