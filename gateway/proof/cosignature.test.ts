import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHead } from './browser/note.ts';
import { addSignature, parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { cosign, cosignatureKeyId, cosignedAt, cosignersOf, type Witness, witnessName } from './cosignature.ts';
import { hashOf } from './reference.test-support.ts';

const ORIGIN = 'lienthong.dev/dev-test';
const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const [log, one, two, stranger] = [pair(), pair(), pair(), pair()];
const head = { origin: ORIGIN, size: 42, root: hashOf(Buffer.from('root')) };
const note = signCheckpoint(head, ORIGIN, log.privateKey, log.publicKey);
const nameOf = (agency: string) => witnessName(ORIGIN, agency);
const known: Witness[] = [
  { name: nameOf('viettel'), key: one.publicKey },
  { name: nameOf('moh'), key: two.publicKey },
];
const TIME = 1_764_000_000;
const cosigned = addSignature(
  addSignature(note, cosign(head, nameOf('viettel'), one, TIME)),
  cosign(head, nameOf('moh'), two, TIME + 3),
);
const spki = (key: Witness['key']) => Uint8Array.from(key.export({ type: 'spki', format: 'der' }));
/** What the browser's checker says of the same note and witnesses. */
const inBrowser = async (text: string, witnesses = known) =>
  (
    await readHead(
      text,
      ORIGIN,
      [spki(log.publicKey)],
      witnesses.map(({ name, key }) => ({ name, key: spki(key) })),
    )
  )?.witnesses;

describe('cosignatures', () => {
  it('are counted by name and key, with the time that each states, here and in the browser', async () => {
    const both = [
      { name: nameOf('viettel'), time: TIME },
      { name: nameOf('moh'), time: TIME + 3 },
    ];
    expect(cosignersOf(parseCheckpoint(cosigned), known)).toEqual(both);
    expect(await inBrowser(cosigned)).toEqual(both);
    expect(cosignersOf(parseCheckpoint(note), known)).toEqual([]);
  });

  it('have the form of C2SP v1: eight bytes of time, then the signature; the key id is of name, type and key', () => {
    const [, line] = parseCheckpoint(cosigned).signatures;
    expect(line?.signature).toHaveLength(72);
    expect(Buffer.from(line?.signature ?? []).readBigUInt64BE()).toBe(BigInt(TIME));
    expect(Buffer.from(line?.keyId ?? [])).toEqual(Buffer.from(cosignatureKeyId(nameOf('viettel'), one.publicKey)));
    expect(cosignatureKeyId(nameOf('moh'), one.publicKey)).not.toEqual(line?.keyId);
    expect(() => cosignatureKeyId('x', generateKeyPairSync('ed25519').publicKey)).toThrow('RANGE');
  });

  it('of strangers are left alone; one key listed under two names is one witness', async () => {
    const foreign = addSignature(cosigned, cosign(head, nameOf('stranger'), stranger, TIME));
    expect(cosignersOf(parseCheckpoint(foreign), known)).toHaveLength(2);
    const twice = addSignature(cosigned, cosign(head, nameOf('alias'), one, TIME));
    const listed = [...known, { name: nameOf('alias'), key: one.publicKey }];
    expect(cosignersOf(parseCheckpoint(twice), listed)).toHaveLength(2);
    expect(await inBrowser(twice, listed)).toHaveLength(2);
  });

  it.each([
    ['of another head', cosign({ ...head, size: 43 }, nameOf('moh'), two, TIME)],
    ['of another root', cosign({ ...head, root: hashOf(Buffer.from('fork')) }, nameOf('moh'), two, TIME)],
    ['of another log', cosign({ ...head, origin: 'lienthong.dev/other' }, nameOf('moh'), two, TIME)],
  ])('%s: the whole note is refused', async (_name, line) => {
    const forged = addSignature(note, line);
    expect(cosignersOf(parseCheckpoint(forged), known)).toBeUndefined();
    expect(await inBrowser(forged)).toBeUndefined();
  });

  it('holds for its own time only, and no changed bit of it holds', () => {
    const { text, signatures } = parseCheckpoint(cosigned);
    const line = signatures[1];
    if (line === undefined) throw new Error('no line');
    fc.assert(
      fc.property(fc.nat(71), fc.nat(7), (at, bit) => {
        const signature = Buffer.from(line.signature);
        signature[at]! ^= 1 << bit;
        expect(cosignedAt(text, { ...line, signature }, one.publicKey)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
    expect(cosignedAt(text, { ...line, signature: line.signature.subarray(1) }, one.publicKey)).toBeUndefined();
  });
});
