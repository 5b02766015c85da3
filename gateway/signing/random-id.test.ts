import { describe, expect, it } from 'vitest';
import { BASE64URL_16_BYTES } from './base64url.ts';
import { createBlinds, createRandomIds } from './random-id.ts';

/** More than are drawn at a time, twice. */
const MANY = 600;

describe('random draws', () => {
  it('identifiers are 22 characters of base64url, and none comes twice', () => {
    const ids = Array.from({ length: MANY }, createRandomIds());
    for (const id of ids) expect(id).toMatch(BASE64URL_16_BYTES);
    expect(new Set(ids).size).toBe(MANY);
  });

  it('blinds are 16 bytes, none comes twice, and none changes when others are drawn', () => {
    const draw = createBlinds();
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    const drawn = Array.from({ length: MANY }, draw);
    const before = drawn.map(hex);
    for (let i = 0; i < MANY; i++) draw();
    expect(drawn.map(hex)).toEqual(before);
    expect(new Set(before).size).toBe(MANY);
    for (const bytes of drawn) expect(bytes).toHaveLength(16);
    expect(before).not.toContain('0'.repeat(32));
  });

  it('two sources draw apart', () => {
    expect(createRandomIds()()).not.toBe(createRandomIds()());
  });
});
