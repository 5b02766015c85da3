import { describe, expect, test } from 'vitest';
import { type browse, CHOICE, plain, REQUEST, signedIn } from './browse.test-support.ts';
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

  test('shows what was chosen again, after a mistake and for a change; nothing before', async () => {
    const page = await signedIn();
    await page.visit(REQUEST);
    expect(checkedIn(page.text)).toEqual([]);
    await page.submit('/consents/new', [['field', '2']]);
    expect([page.status, checkedIn(page.text)]).toEqual([400, ['field 2']]);
    await page.submit('/consents/new', [['days', '30']]);
    expect([page.status, checkedIn(page.text)]).toEqual([400, ['days 30']]);
    await page.submit('/consents/new', CHOICE);
    await change(page, '/consents/agree', '/consents/new');
    expect([page.status, checkedIn(page.text)]).toEqual([200, ['field 2', 'days 30']]);
    await page.visit(REQUEST);
    expect(checkedIn(page.text), 'a link that is opened anew').toEqual([]);
  });
});

describe('a request to the register', () => {
  test.each([
    ['correction', ['2', '8']],
    ['deletion', ['all']],
  ])('shows what was chosen again for a change: %s', async (what, chosen) => {
    const page = await signedIn();
    await page.visit(`/vi/matters/new/${what}`);
    expect(checkedIn(page.text)).toEqual([]);
    await page.submit(
      `/matters/new/${what}`,
      chosen.map((id) => ['field', id] as const),
    );
    await change(page, `/matters/new/${what}/send`, `/matters/new/${what}`);
    expect([page.status, checkedIn(page.text)]).toEqual([200, chosen.map((id) => `field ${id}`)]);
    expect(page.sample.receipts).toEqual([]);
  });
});

/** Names and values of the boxes that are ticked. */
function checkedIn(text: string): string[] {
  const found = text.matchAll(/<input type="(?:checkbox|radio)" name="(\w+)" value="(\w+)" checked>/g);
  return [...found].map(([, name, value]) => `${name} ${value}`);
}

/** Presses the button of the form that sends it to another address, to be changed. */
async function change(page: ReturnType<typeof browse>, from: string, to: string): Promise<void> {
  const [, address = ''] = /<button name="change" value="yes" formaction="([^"]+)"/.exec(page.text) ?? [];
  expect(plain(address)).toContain(to);
  page.text = page.text.replace(new RegExp(`action="[^"]*${from}[^"]*"`), `action="${address}"`);
  await page.submit(to, [['change', 'yes']]);
}
