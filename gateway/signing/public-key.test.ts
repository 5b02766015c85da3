import { expect, it } from 'vitest';
import { generateSigningJwk, loadSigningKey } from './key-store.ts';
import { keyLookup, untilTheirEnd, verificationKeyOf } from './public-key.ts';

it('a key that ends by itself is found up to the second before, and by no clock that is not known', async () => {
  const [brief, lasting] = await Promise.all(
    [1, 2].map(async () => verificationKeyOf(loadSigningKey(await generateSigningJwk()).publicJwk, 'moh')),
  );
  if (brief === undefined || lasting === undefined) throw new Error('no key');
  let now = 999.9;
  const keys = untilTheirEnd(keyLookup([brief, lasting]), new Map([[brief.kid, 1000]]), () => now);
  const found = (at: number) => {
    now = at;
    return [keys(brief.kid), keys(lasting.kid)].map((key) => key?.kid);
  };
  expect(found(999.9)).toEqual([brief.kid, lasting.kid]);
  expect(found(1000)).toEqual([undefined, lasting.kid]);
  expect(found(Number.NaN)).toEqual([undefined, lasting.kid]);
});
