import { describe, expect, test } from 'vitest';
import { CHOICE, REQUEST, signedIn } from './browse.test-support.ts';
import { AN } from './sample.test-support.ts';
import { SIGNED_IN_MS } from './session.ts';
import { FRAME } from './words/frame.ts';

describe('a request for consent', () => {
  test.each([
    'choosing',
    'agreeing',
  ] as const)('outlives a sign-in that is over while the person is at %s; what they pressed was not done, and they are told so', async (step) => {
    const page = await signedIn();
    await page.visit(REQUEST);
    if (step === 'agreeing') await page.submit('/consents/new', CHOICE);
    page.sample.pass(SIGNED_IN_MS);
    await page.submit(step === 'agreeing' ? '/consents/agree' : '/consents/new', CHOICE);
    expect(page.path).toBe('/vi/sign-in');
    expect(page.text).toContain(FRAME.vi.endedText);
    expect(page.text, 'the key of before is forgotten').toMatch(/sign-out\.ts.*sign-in\.ts/s);
    await page.submit('/sign-in', [['number', AN]]);
    expect(page.path).toBe(REQUEST);
    expect(page.sample.consents).toEqual([]);
    await page.submit('/consents/new', CHOICE);
    await page.submit('/consents/agree');
    expect(page.sample.consents).toHaveLength(1);
  });

  test('says until when the person is signed in, where they agree', async () => {
    const page = await signedIn();
    await page.visit(REQUEST);
    await page.submit('/consents/new', CHOICE);
    expect(page.text).toMatch(/kéo dài đến \d\d\/\d\d\/\d{4} \d\d:\d\d\..*Tôi đồng ý/s);
  });

  test('says nothing of a sign-in that is over to whoever only follows the link', async () => {
    const page = await signedIn();
    page.sample.pass(SIGNED_IN_MS);
    await page.visit(REQUEST);
    expect(page.path).toBe('/vi/sign-in');
    expect(page.text).not.toContain(FRAME.vi.endedText);
  });
});
