import { describe, expect, test } from 'vitest';
import { createCertificateAuthority, loadCertificateAuthority } from '../development/certificates.ts';
import { generateEncryptionJwk, loadDecryptionKey } from '../signing/encryption-key.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { createSigner } from '../signing/sign.ts';
import { type Act, actBytes, readAct } from './act.ts';
import { BAR, NOW, OPTIONS, row } from './acts.test-support.ts';
import { type ActRow, foldActs } from './fold-acts.ts';
import { proveKey } from './possession.ts';

describe('a key that answers are encrypted to', () => {
  const common = { deployment: 'dev-tests', agency: 'moh' } as const;
  const proofOf = (
    own: { key: SigningKey['key']; kid: string; publicJwk: SigningKey['publicJwk'] },
    of: 'agency' | 'encryption',
  ) =>
    proveKey(
      createSigner({ key: own.key, kid: own.kid, issuer: 'moh' }),
      { deployment: 'dev-tests', of, holder: 'moh', key: own.publicJwk },
      NOW,
    );
  const newKey = async () => loadDecryptionKey(await generateEncryptionJwk());
  async function admitted(more: object): Promise<Act> {
    const own = loadSigningKey(await generateSigningJwk());
    const authority = await loadCertificateAuthority(await createCertificateAuthority('dev-tests'));
    return {
      ...common,
      ...{
        act: 'EEEEEEEEEEEEEEEEEEEEEA',
        kind: 'agency.admit',
        legal_entity: 'LE-MOH',
        name_vi: 'Bộ Y tế',
        name_en: 'MoH',
      },
      certificate: (await authority.issueClient('moh')).certificate.replaceAll(/-----[^-]+-----|\s/g, ''),
      ...{ key: own.publicJwk, proof: proofOf(own, 'agency'), ...more },
    } as Act;
  }
  const asked = (own: Awaited<ReturnType<typeof newKey>>, of: 'agency' | 'encryption' = 'encryption') => ({
    ...{ encryption_key: own.publicJwk, encryption_proof: proofOf(own, of) },
  });
  const added = (more: object) =>
    ({ ...common, act: 'FFFFFFFFFFFFFFFFFFFFFA', kind: 'encryption_key.add', ...more }) as Act;

  test('comes with the agency or later, in the order of acts, retires, and never verifies', async () => {
    const [first, second] = [await newKey(), await newKey()];
    const retire = { ...common, act: 'GGGGGGGGGGGGGGGGGGGGGA', kind: 'key.retire', kid: first.kid } as const;
    const rows = [row(await admitted(asked(first)), 0, 1), row(added(asked(second)), 0, 1), row(retire, 2)];
    const book = foldActs(rows, OPTIONS);
    expect(book.refused).toEqual([]);
    expect([...book.encryptionKeys].map(([kid, { state, agency }]) => [kid, state, agency])).toEqual([
      [first.kid, 'retired', 'moh'],
      [second.kid, 'active', 'moh'],
    ]);
    expect([book.keys.has(first.kid), book.keys.has(second.kid)]).toEqual([false, false]);
  });

  test('takes two officers, a proof of its own, and an agency that is there; nobody has it already', async () => {
    const own = await newKey();
    const agency = row(await admitted({}), 0, 1);
    const problems = (...rows: ActRow[]) => foldActs([agency, ...rows], OPTIONS).refused.map(({ problem }) => problem);
    expect(problems(row(added(asked(own)), 0))).toEqual(['NOT_ALONE']);
    // The proof that a key signs with is none that it may be encrypted to, and another key's is none of this one.
    expect(problems(row(added(asked(own, 'agency')), 0, 1))).toEqual(['PROOF_WRONG']);
    const stolen = { ...asked(await newKey()), encryption_key: own.publicJwk };
    expect(problems(row(added(stolen), 0, 1))).toEqual(['PROOF_WRONG']);
    expect(problems(row(added(asked(own)), 0, 1), row({ ...added(asked(own)), act: BAR.act } as Act, 0, 1))).toEqual([
      'STATE_WRONG',
    ]);
    expect(problems(row({ ...added(asked(own)), agency: 'bhxh' } as Act, 0, 1))).toEqual(['STATE_WRONG']);
    const barred = row({ ...BAR, what: 'key', subject: own.kid }, 2);
    expect(problems(barred, row(added(asked(own)), 0, 1))).toEqual(['STATE_WRONG']);
  });

  test('that proves nothing admits no agency, whole or not at all; half of the pair is no act', async () => {
    const own = await newKey();
    const book = foldActs([row(await admitted(asked(own, 'agency')), 0, 1)], OPTIONS);
    expect(book.refused.map(({ problem }) => problem)).toEqual(['PROOF_WRONG']);
    expect([book.agencies.size, book.certificates.size, book.keys.size, book.encryptionKeys.size]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(readAct(actBytes(await admitted({ encryption_key: own.publicJwk })))).toBeUndefined();
    expect(readAct(actBytes(await admitted({ encryption_proof: proofOf(own, 'encryption') })))).toBeUndefined();
    expect(readAct(actBytes(await admitted(asked(own))))).toBeDefined();
  });
});
