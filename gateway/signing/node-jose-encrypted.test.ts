import jose from 'node-jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { decrypt } from './decrypt.ts';
import { encrypt } from './encrypt.ts';
import { type DecryptionKey, generateEncryptionJwk, loadDecryptionKey, recipientKeyOf } from './encryption-key.ts';
import { forgeEncrypted } from './test-fixtures.ts';

/** node-jose and the hot path on node:crypto, held against each other. */

let own: DecryptionKey;
let inJose: jose.JWK.Key;

beforeAll(async () => {
  const jwk = await generateEncryptionJwk();
  own = loadDecryptionKey(jwk);
  inJose = await jose.JWK.asKey({ ...jwk });
});

const open = (token: string) => decrypt(token, (kid) => (kid === own.kid ? own : undefined));

/** The types know the general serialisation only; `compact` gives a string. */
async function encryptInJose(content: Uint8Array, fields: object = {}, more: object = {}): Promise<string> {
  const options = {
    ...{ format: 'compact', contentAlg: 'A256GCM', ...more },
    fields: { alg: 'ECDH-ES', typ: 'lt-answer+jwe', ...fields },
  };
  const sink = jose.JWE.createEncrypt(options as never, inJose);
  return (await sink.update(Buffer.from(content)).final()) as unknown as string;
}

async function openInJose(token: string): Promise<Buffer | undefined> {
  try {
    return (await jose.JWE.createDecrypt(inJose).decrypt(token)).payload as Buffer;
  } catch {
    return undefined;
  }
}

describe('node-jose and this folder', () => {
  it("each opens the other's, of every length around a block", async () => {
    for (let length = 0; length < 40; length += 1) {
      const content = Buffer.alloc(length, length);
      expect(await openInJose(encrypt(content, recipientKeyOf(own.publicJwk))), `ours ${length}`).toEqual(content);
      expect(open(await encryptInJose(content)), `theirs ${length}`).toMatchObject({ ok: true, content });
    }
  });

  it('both refuse the same changed ones', async () => {
    const good = encrypt(Buffer.from('Tôn giáo: không'), recipientKeyOf(own.publicJwk));
    const parts = good.split('.');
    for (const at of [0, 2, 3, 4]) {
      const part = Buffer.from(parts[at] ?? '', 'base64url');
      // Within the header a coordinate of the point, so that it stays a header.
      const place = at === 0 ? part.indexOf('"y":"') + 10 : 0;
      part[place] = at === 0 ? (part[place] === 65 ? 66 : 65) : (part[place] ?? 0) ^ 1;
      const changed = parts.map((old, i) => (i === at ? part.toString('base64url') : old)).join('.');
      expect(open(changed).ok, `here ${at}`).toBe(false);
      expect(await openInJose(changed), `node-jose ${at}`).toBeUndefined();
    }
  });

  it('node-jose takes more than we may, and inflates: what only this side refuses', async () => {
    const content = Buffer.alloc(5_000_000);
    const bomb = await encryptInJose(content, {}, { zip: true });
    expect(bomb.length).toBeLessThan(content.length / 100);
    expect((await openInJose(bomb))?.length).toBe(content.length);
    expect(open(bomb)).toEqual({ ok: false, problem: 'BAD_HEADER' });
    for (const more of [{ cty: 'JWT' }, { jku: 'urn:x' }]) {
      const token = forgeEncrypted(own, more, content.subarray(0, 9));
      expect(await openInJose(token)).toEqual(content.subarray(0, 9));
      expect(open(token)).toEqual({ ok: false, problem: 'BAD_HEADER' });
    }
    const short = await encryptInJose(Buffer.from('x'), {}, { contentAlg: 'A128GCM' });
    expect(await openInJose(short)).toEqual(Buffer.from('x'));
    expect(open(short)).toEqual({ ok: false, problem: 'BAD_HEADER' });
  });
});
