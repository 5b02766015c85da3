import { describe, expect, test } from 'vitest';
import { CHOICE, consent, plain, REQUEST, signedIn } from './browse.test-support.ts';
import { CHILD, createSample } from './sample.test-support.ts';

describe('whom the pages are about', () => {
  test('a text that was read about oneself is not agreed to for a child', async () => {
    const sample = createSample({ ownActNeeded: false });
    const mine = await signedIn(sample);
    await mine.visit(REQUEST);
    await mine.submit('/consents/new', CHOICE);
    const read = mine.text;
    await mine.visit('/vi/');
    await mine.submit('/about', [['about', '0']]);
    mine.text = read;
    await mine.submit('/consents/agree');
    expect(mine.status).toBe(409);
    expect(sample.consents).toEqual([]);
  });

  test.each([
    ['vi', 'Thông tin của người được đại diện: con, •••• •••• 0017.'],
    ['en', 'Information of a represented person: child, •••• •••• 0017.'],
  ])('the text that is signed says whose information it is: %s', async (language, line) => {
    const sample = createSample({ ownActNeeded: false });
    const page = await signedIn(sample);
    await consent(page);
    expect(sample.consents[0]?.textShown).not.toContain('0017');
    await page.visit('/vi/');
    await page.submit('/about', [['about', '0']]);
    await page.visit(REQUEST.replace('/vi/', `/${language}/`));
    await page.submit('/consents/new', CHOICE);
    expect(plain(page.text)).toContain(line);
    await page.submit('/consents/agree');
    expect(sample.consents[0]?.textShown.split('\n')[0]).toBe(line);
  });

  test('an answer that was on its way about one person is not shown about another', async () => {
    const sample = createSample({ ownActNeeded: false });
    const page = await signedIn(sample);
    await consent(page);
    await page.visit('/vi/');
    await page.submit('/about', [['about', '0']]);
    const { client } = sample.parts;
    const { unary } = client;
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    let reached = () => {};
    const asked = new Promise<void>((resolve) => {
      reached = resolve;
    });
    Object.assign(client, {
      async unary(...call: Parameters<typeof unary>) {
        Object.assign(client, { unary });
        reached();
        await held;
        return unary(...call);
      },
    });
    const waiting = page.send('/vi/consents');
    await asked;
    await page.submit('/about', [['about', '']]);
    go();
    const answer = await waiting;
    const before = sample.acted.length;
    await page.visit(answer.headers.get('location') ?? '');
    expect(sample.acted.slice(before), 'the list is asked for anew').toContain('ListConsents');
  });

  test('a child agrees to the text that was shown to them, and to no other', async () => {
    const sample = createSample();
    const page = await signedIn(sample);
    await page.submit('/about', [['about', '0']]);
    await page.visit(REQUEST);
    await page.submit('/consents/new', CHOICE);
    await page.visit('/vi/child');
    expect(page.text, 'the child reads it before signing in').toContain('Đến hết ngày');
    const shown = page.text;
    await page.submit('/child', [['number', CHILD]]);
    expect(page.text).toContain('Trẻ đã đăng nhập.');

    const more = REQUEST.replace('uses=5', 'uses=0');
    await page.visit(more);
    await page.submit('/consents/new', [...CHOICE, ['field', '3']]);
    expect(page.text).not.toContain('Trẻ đã đăng nhập.');
    expect(page.text).toContain('href="/vi/child"');
    page.text = shown;
    await page.submit('/child', [['number', CHILD]]);
    expect(page.status, 'the child was shown what is no longer being read').toBe(409);
    expect(sample.acted).not.toContain('GrantConsent');
  });

  test('a form of agreement to another text does not count with the child’s sign-in', async () => {
    const sample = createSample();
    const page = await signedIn(sample);
    await page.submit('/about', [['about', '0']]);
    await page.visit(REQUEST);
    await page.submit('/consents/new', CHOICE);
    await page.visit('/vi/child');
    await page.submit('/child', [['number', CHILD]]);
    // As long as the choice is sent together with the text that belongs to it.
    page.text = page.text.replaceAll('uses=5', 'uses=4').replace(/nhiều nhất 5 lần/g, 'nhiều nhất 4 lần');
    await page.submit('/consents/agree');
    expect(page.text).toContain('href="/vi/child"');
    expect(sample.acted).not.toContain('GrantConsent');
  });
});
