import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, test } from 'vitest';
import { startChromium } from '../support/chromium.ts';
import { consent, openTab, REQUEST, servedSample, signIn } from './tab.ts';

describe('how a browser gets about', () => {
  const here = servedSample();
  let elsewhere: Server;
  let bank: string;
  beforeEach(async () => {
    // Another site than `localhost`.
    elsewhere = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      const links = [`vi/${REQUEST}`, 'vi/accesses'].map((path) => `<a href="${here.running.link}${path}">x</a>`);
      response.end(links.join(' ').replaceAll('&', '&amp;'));
    });
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
    bank = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    return async () => {
      elsewhere.closeAllConnections();
      elsewhere.close();
    };
  });

  test('a link of a bank finds whoever is signed in, with their key, and signs nobody out', async () => {
    const tab = await openTab(here.browser, here.running);
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    await signIn(tab, '.figure');
    const before = await page.context().cookies();
    for (const [link, shown] of [
      [0, 'input[type=checkbox]'],
      [1, 'article'],
    ] as const) {
      await page.goto(bank);
      await page.locator('a').nth(link).click();
      await settled(shown);
    }
    expect(await page.context().cookies()).toEqual(before);
    await tab.close();
  });

  test('going back after signing out shows nothing of the person', async () => {
    const keeping = await startChromium({ keepsPages: true });
    const tab = await openTab(keeping, here.running);
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    await signIn(tab, '.figure');
    await at('vi/accesses');
    await settled('article');
    await page.locator('header button').click();
    await settled('main a[href="/vi/sign-in"]');
    await page.goBack();
    await page.waitForURL('**/vi/accesses');
    await page.waitForLoadState();
    expect(await page.locator('article').count()).toBe(0);
    await keeping.close();
  });

  test('a browser that keeps no keys is told that the server does', async () => {
    const tab = await openTab(here.browser, here.running);
    const { page, at } = tab;
    await page.addInitScript("Object.defineProperty(globalThis, 'indexedDB', { value: undefined })");
    await at('vi/sign-in');
    await signIn(tab, '.figure');
    expect(await page.locator('main .warning').textContent()).toContain('không giữ được khóa');
    await tab.close();
  });

  test('pages that are opened together all come', async () => {
    const tab = await openTab(here.browser, here.running);
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    await signIn(tab, '.figure');
    await at(`vi/${REQUEST}`);
    await settled('input[type=checkbox]');
    await consent(tab);
    // Each has asked for its signature before the first one gives any.
    let go = () => {};
    const all = new Promise<void>((resolve) => {
      go = resolve;
    });
    await page.context().route('**/sign-acts.ts', async (route) => {
      await all;
      await route.continue();
    });
    const pages = await Promise.all(
      ['consents', 'accesses', 'accesses?page=1'].map(async (path) => {
        const each = await page.context().newPage();
        await each.goto(`${here.running.link}vi/${path}`, { waitUntil: 'commit' });
        return each;
      }),
    );
    go();
    for (const each of pages) await each.locator('article').first().waitFor();
    await tab.close();
  });

  test('going back to the page that signs does not send it once more, and the person can go on by a button', async () => {
    const tab = await openTab(here.browser, here.running);
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    await signIn(tab, '.figure');
    await at('vi/accesses');
    await settled('article');
    await at('vi/');
    await settled('.figure');
    const acted = here.sample.acted.length;
    while (!page.url().endsWith('/accesses')) {
      await page.goBack();
      await settled('#sign:visible');
    }
    expect(here.sample.acted).toHaveLength(acted);
    await page.locator('#sign').click();
    await settled('article');
    await tab.close();
  });

  test('where the script does not come the page says what to do', async () => {
    const tab = await openTab(here.browser, here.running);
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    await page.context().route('**/sign-acts.ts', (route) => route.abort());
    await signIn(tab, '.late:visible a');
    await page.locator('.late a').click();
    await settled('form[data-key]');
    await tab.close();
  });
});
