import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addSignature,
  checkpointText,
  ecdsaKeyId,
  parseCheckpoint,
  signatureLine,
  signCheckpoint,
  signersOf,
  verifyCheckpoint,
  verifyCheckpointAmong,
} from './checkpoint.ts';
import { hashOf, hex } from './reference.test-support.ts';

const ORIGIN = 'test.lienthong/log/1';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const head = { origin: ORIGIN, size: 42, root: hashOf(Buffer.from('root')) };
const note = signCheckpoint(head, ORIGIN, privateKey, publicKey);

describe('checkpoint', () => {
  it('comes back from its note, verified', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, root) => {
        const signed = signCheckpoint({ origin: ORIGIN, size, root }, ORIGIN, privateKey, publicKey);
        const opened = verifyCheckpoint(signed, ORIGIN, ORIGIN, publicKey);
        expect([opened.origin, opened.size, hex(opened.root)]).toEqual([ORIGIN, size, hex(root)]);
      }),
      { numRuns: 30 },
    );
  });

  it('has the form of a C2SP signed note', () => {
    const lines = note.split('\n');
    expect(lines.slice(0, 4)).toEqual([ORIGIN, '42', Buffer.from(head.root).toString('base64'), '']);
    expect(lines[4]).toMatch(/^\u2014 test\.lienthong\/log\/1 [A-Za-z0-9+/]+=*$/);
    expect(lines.slice(5)).toEqual(['']);
    const bytes = Buffer.from(lines[4]!.split(' ')[2]!, 'base64');
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    expect(hex(bytes.subarray(0, 4))).toBe(hex(hashOf(spki).subarray(0, 4)));
    expect(verify('sha256', Buffer.from(`${lines.slice(0, 3).join('\n')}\n`), publicKey, bytes.subarray(4))).toBe(true);
  });

  it('is refused after any change of a byte', () => {
    const bytes = Buffer.from(note, 'utf8');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at]! ^= change;
        expect(() => verifyCheckpoint(changed.toString('utf8'), ORIGIN, ORIGIN, publicKey)).toThrow();
      }),
      { numRuns: 400 },
    );
  });

  it('is refused for another key, name or log', () => {
    expect(() => verifyCheckpoint(note, ORIGIN, ORIGIN, other.publicKey)).toThrow('UNSIGNED');
    expect(() => verifyCheckpoint(note, ORIGIN, 'another', publicKey)).toThrow('UNSIGNED');
    expect(() => verifyCheckpoint(note, 'another', ORIGIN, publicKey)).toThrow('INCONSISTENT');
    const forged = `${checkpointText(head)}\n${signatureLine(ORIGIN, ecdsaKeyId(publicKey), Buffer.alloc(70))}\n`;
    expect(() => verifyCheckpoint(forged, ORIGIN, ORIGIN, publicKey)).toThrow('UNSIGNED');
  });

  it('is believed by whichever of several keys signed it, and by none where a line of one of them fails', () => {
    const among = (text: string, ...keys: KeyObject[]) => verifyCheckpointAmong(text, ORIGIN, ORIGIN, keys).size;
    expect(among(note, other.publicKey, publicKey)).toBe(42);
    expect(signersOf(note, ORIGIN, [other.publicKey, publicKey])).toEqual([publicKey]);
    expect(() => among(note, other.publicKey)).toThrow('UNSIGNED');
    expect(() => among(note)).toThrow('UNSIGNED');
    const forged = addSignature(note, signatureLine(ORIGIN, ecdsaKeyId(other.publicKey), Buffer.alloc(70, 1)));
    expect(among(forged, publicKey)).toBe(42);
    expect(() => among(forged, publicKey, other.publicKey)).toThrow('UNSIGNED');
  });

  it('keeps the cosignatures of witnesses as they came, and does not trust them', () => {
    const witness = signatureLine('witness.example/w1', ecdsaKeyId(other.publicKey), Buffer.alloc(80, 3));
    const cosigned = addSignature(note, witness);
    expect(parseCheckpoint(cosigned).signatures.map((s) => s.line)).toContain(witness);
    expect(cosigned.startsWith(note)).toBe(true);
    expect(verifyCheckpoint(cosigned, ORIGIN, ORIGIN, publicKey).size).toBe(42);
    expect(() => verifyCheckpoint(`${checkpointText(head)}\n${witness}\n`, ORIGIN, ORIGIN, publicKey)).toThrow(
      'UNSIGNED',
    );
  });

  it('is refused as a whole if one of two signatures of the known key fails', () => {
    const bad = signatureLine(ORIGIN, ecdsaKeyId(publicKey), Buffer.alloc(70, 1));
    expect(() => verifyCheckpoint(addSignature(note, bad), ORIGIN, ORIGIN, publicKey)).toThrow('UNSIGNED');
  });

  it.each<[string, (text: string) => string]>([
    ['a leading zero', (text) => text.replace('\n42\n', '\n042\n')],
    ['a sign', (text) => text.replace('\n42\n', '\n+42\n')],
    ['a size of 17 digits', (text) => text.replace('\n42\n', '\n99999999999999999\n')],
    ['an extension line', (text) => text.replace('\n\n', '\nextension\n\n')],
    ['text in place of the empty line', (text) => text.replace('\n\n', '\nextension\n')],
    ['no signature', (text) => text.slice(0, text.indexOf('\n\n') + 2)],
    ['no last line feed', (text) => text.slice(0, -1)],
    ['an empty line at the end', (text) => `${text}\n`],
    ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['a hyphen for the dash', (text) => text.replace('\u2014', '-')],
    ['two spaces', (text) => text.replace('\u2014 ', '\u2014  ')],
    ['text after the signature', (text) => text.replace(/\n$/, ' x\n')],
    ['a root of 31 bytes', (text) => text.replace(/\n[^\n]{44}\n\n/, `\n${Buffer.alloc(31).toString('base64')}\n\n`)],
    ['a root without padding', (text) => text.replace('=\n\n', '\n\n')],
    ['an origin with a space', (text) => text.replace('test.', 'te st.')],
    ['an empty origin', (text) => text.replace(/^[^\n]*/, '')],
    ['a lone surrogate', (text) => text.replace('test', '\ud800')],
    ['65 signatures', (text) => text + `${signatureLine('w', Buffer.alloc(4), Buffer.alloc(9))}\n`.repeat(64)],
  ])('is not parsed with %s', (_name, change) => {
    expect(change(note)).not.toBe(note);
    expect(() => parseCheckpoint(change(note))).toThrow(/SHAPE|NOT_CANONICAL|LENGTH|RANGE/);
  });

  it('cannot be made for a name or size that it could not carry', () => {
    expect(() => checkpointText({ ...head, origin: 'a\nb' })).toThrow('NOT_CANONICAL');
    expect(() => checkpointText({ ...head, origin: 'a+b' })).toThrow('NOT_CANONICAL');
    expect(() => checkpointText({ ...head, size: -1 })).toThrow('RANGE');
    expect(() => checkpointText({ ...head, root: Buffer.alloc(31) })).toThrow('LENGTH');
    expect(() => ecdsaKeyId(generateKeyPairSync('ed25519').publicKey)).toThrow('RANGE');
    expect(() => ecdsaKeyId(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)).toThrow('RANGE');
    expect(() => ecdsaKeyId(privateKey)).toThrow('RANGE');
  });
});
