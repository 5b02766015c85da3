/** What a page does beyond its text: where the focus is, what is printed, what is seen and heard. */
import { describe, expect, test } from 'vitest';
import { consent, openTab, REQUEST, servedSample, signIn } from './tab.ts';

/** What runs in the page is written as text: the types of a browser are not those of these tests. */
const FOCUSED = "document.activeElement.localName + '.' + document.activeElement.className";

describe('the pages as they are met', () => {
  const here = servedSample();

  test('the focus is on what is wrong and on what was done, which is then in sight', async () => {
    const tab = await openTab(here.browser, here.running);
    const { page, at, settled } = tab;
    /** Waits for the page that has it; the focus comes with the page. */
    const told = async (selector: string) => {
      await settled(selector);
      await expect.poll(() => page.evaluate<string>(FOCUSED)).toBe(selector);
      const box = await page.locator(selector).boundingBox();
      expect(box?.y).toBeGreaterThanOrEqual(0);
      expect(box?.y).toBeLessThan(720);
    };
    await at(`vi/${REQUEST}`);
    await page.locator('main button').click();
    await told('p.error');
    await signIn(tab, 'input[type=checkbox]');
    await page.locator('main button').click();
    await told('p.error');
    await consent(tab);
    await told('p.good');
    await page.locator('a.stop').click();
    await settled('button.stop');
    await page.locator('button.stop').click();
    await told('p.good');
    await tab.close();
  });

  test('what a proof came to is told where the page had a place for it, also where the browser cannot check', async () => {
    const tab = await openTab(here.browser, here.running);
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    await signIn(tab, '.figure');
    await at('vi/accesses');
    await settled('article');
    const told = page.locator('.result').first();
    expect(await page.getByRole('status').count(), 'there before it says anything').toBeGreaterThan(0);
    expect(await told.textContent()).toBe('');
    await page.evaluate("Object.defineProperty(crypto, 'subtle', { value: undefined })");
    await page.locator('button[data-proof]').first().click();
    await expect.poll(() => told.textContent()).toMatch(/^Trình duyệt này không kiểm tra được/);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test('print keeps whom the page is about and the exact text, and drops what is to be pressed', async () => {
    const tab = await openTab(here.browser, here.running);
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    await signIn(tab, '.figure');
    await at(`vi/${REQUEST}`);
    await settled('input[type=checkbox]');
    await consent(tab);
    await at('vi/');
    await settled('button[name=about]');
    await page.locator('button[name=about]').nth(1).click();
    await settled('body:has(.about) .figure');
    await at('vi/consents');
    await settled('article');
    await page.emulateMedia({ media: 'print' });
    const seen = (selector: string) =>
      page.evaluate<boolean>(
        `(() => { const found = document.querySelector('${selector}'); const box = found.getBoundingClientRect();
          return found.checkVisibility({ visibilityProperty: true }) && box.height > 10; })()`,
      );
    for (const kept of ['.about', '.who span', 'details .exact']) expect(await seen(kept), kept).toBe(true);
    for (const dropped of ['.menu nav', '.who button', '.actions']) expect(await seen(dropped), dropped).toBe(false);
    await tab.close();
  });

  test('the month is a field like the others, and says in which form it is written', async () => {
    const tab = await openTab(here.browser, here.running);
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    const number = await page.locator('#number').boundingBox();
    await signIn(tab, '.figure');
    await at('vi/accesses');
    await settled('#month');
    const field = page.locator('#month');
    expect((await field.boundingBox())?.height).toBeGreaterThanOrEqual(number?.height ?? 1000);
    expect(await page.evaluate("getComputedStyle(document.querySelector('#month')).fontSize")).toBe('17px');
    expect(await field.getAttribute('aria-describedby')).toBe('month-form');
    await tab.close();
  });

  test('who is chosen is seen where a person forces their own colours', async () => {
    const tab = await openTab(here.browser, here.running, { forcedColors: 'active' });
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    await signIn(tab, '.figure');
    await at('vi/');
    await settled('button[name=about]');
    const looks = () =>
      page.evaluate<[string, string][]>(
        `[...document.querySelectorAll('button[name=about]')].map((each) =>
          [getComputedStyle(each).borderTopWidth, getComputedStyle(each, '::before').content.slice(0, 4)])`,
      );
    const [chosen, other] = [
      ['4px', '"✓ "'],
      ['2px', 'none'],
    ];
    expect(await looks()).toEqual([chosen, other]);
    await page.locator('button[name=about]').nth(1).click();
    await settled('body:has(.about) .figure');
    await settled('button[name=about]');
    expect(await looks()).toEqual([other, chosen]);
    expect(await page.getByRole('button', { pressed: true }).count()).toBe(1);
    await tab.close();
  });

  test.each([
    'light',
    'dark',
  ] as const)('the focus and the page one is on stand out three to one: %s', async (colorScheme) => {
    const tab = await openTab(here.browser, here.running, { colorScheme });
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    await signIn(tab, '.figure');
    await at('vi/');
    await settled('nav a[aria-current]');
    const ratios = new Map<string, number>();
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      const { name, ratio } = await page.evaluate<Contrast>(contrast('document.activeElement', 'outlineColor'));
      ratios.set(name, Math.min(ratio, ratios.get(name) ?? ratio));
    }
    expect(ratios.size, 'links and buttons of several kinds').toBeGreaterThan(4);
    const mark = await page.evaluate<Contrast>(
      contrast("document.querySelector('nav a[aria-current]')", 'borderBottomColor'),
    );
    expect([...ratios, [mark.name, mark.ratio] as const].filter(([, ratio]) => ratio < 3)).toEqual([]);
    await tab.close();
  });
});

interface Contrast {
  readonly name: string;
  readonly ratio: number;
}

/** Of an element's colour against what it lies on (WCAG 2.2, relative luminance). */
function contrast(element: string, property: string): string {
  return `(() => {
    const element = ${element};
    const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const luminance = (colour) => parts(colour).slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    let under = element.parentElement;
    while (parts(getComputedStyle(under).backgroundColor)[3] === 0) under = under.parentElement;
    // Out of the page's flow it lies on the bar at the top.
    if (element.matches('.skip')) under = document.querySelector('.top');
    const [one, other] = [getComputedStyle(element).${property}, getComputedStyle(under).backgroundColor].map(luminance);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    return { name: element.localName + '.' + element.className, ratio };
  })()`;
}
