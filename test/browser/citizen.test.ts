import type { Browser } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axeFindings } from '../support/chromium.ts';
import { consent, openTab, REQUEST, servedSample, signIn, type Tab } from './tab.ts';

const PEOPLE = ['901085000017', '902190000025'];

/** What runs in the page is written as text: the types of a browser are not those of these tests. */
const TOO_WIDE = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const KEPT_KEYS = `(async () => {
  const opened = indexedDB.open('lienthong');
  await new Promise((done) => opened.addEventListener('success', done));
  const all = opened.result.transaction('keys').objectStore('keys').getAll();
  await new Promise((done) => all.addEventListener('success', done));
  opened.result.close();
  const copied = await Promise.allSettled(all.result.map((key) => crypto.subtle.exportKey('jwk', key)));
  return all.result.map(({ type, extractable }, at) => ({ type, extractable, copied: copied[at].status }));
})()`;
const FLIP = `
  const { proof } = button.dataset;
  const middle = Math.floor(proof.length / 4);
  button.dataset.proof = proof.slice(0, middle) + (proof[middle] === 'A' ? 'B' : 'A') + proof.slice(middle + 1);`;

describe('the citizen’s pages in Chromium', () => {
  const here = servedSample({ people: PEOPLE });

  const open = (options?: Parameters<Browser['newContext']>[0]) => openTab(here.browser, here.running, options);

  function lookAt({ page }: Tab) {
    const findings: string[] = [];
    async function look(name: string): Promise<void> {
      const wider = await page.evaluate<number>(TOO_WIDE);
      if (wider > 0) findings.push(`${name} is ${wider} pixels too wide`);
      findings.push(...(await axeFindings(page)).map((finding) => `${name}: ${finding}`));
    }
    return { findings, look };
  }

  test('every page is clean by axe and fits 360 pixels', async () => {
    const tab = await open();
    const { page, at, settled } = tab;
    const { findings, look } = lookAt(tab);
    await at(`vi/`);
    await look('welcome');
    await at(`vi/${REQUEST}`);
    await look('sign in');
    await signIn(tab, 'input[type=checkbox]');
    await page.locator('main button').click();
    await settled('.error');
    await look('request with a problem');
    for (const field of await page.locator('input[type=checkbox]').all()) await field.check();
    await page.locator('input[name=days]').nth(1).check();
    await page.locator('main button').click();
    await settled('.exact');
    await look('exact text');
    await page.locator('main button.first').click();
    await settled('article');
    await page.locator('summary').first().click();
    await look('consents');
    await page.locator('a.stop').click();
    await settled('button.stop');
    await look('withdrawal');
    await page.locator('button.stop').click();
    await settled('dl.card');
    await look('receipt');
    for (const [path, selector] of [
      ['', '.figure'],
      ['matters', 'article'],
      ['matters/new/correction', 'fieldset'],
      ['accesses', 'article'],
    ] as const) {
      await at(`vi/${path}`);
      await settled(selector);
      await look(path);
    }
    await page.locator('.card a').first().click();
    await settled('.entries');
    await look('one line');
    await at(`vi/nothing`);
    await look('nothing');
    expect(findings).toEqual([]);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test('so it is in English and in the dark', async () => {
    const tab = await open({ colorScheme: 'dark' });
    const { at, settled } = tab;
    const { findings, look } = lookAt(tab);
    await at(`en/${REQUEST}`);
    await look('sign in');
    await signIn(tab, 'input[type=checkbox]');
    await look('request');
    await consent(tab);
    await look('consents');
    await at('en/accesses');
    await settled('article');
    await look('accesses');
    expect(findings).toEqual([]);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test('the keyboard alone is enough to sign in, agree and withdraw', async () => {
    const tab = await open();
    const { page, at, settled } = tab;
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    /** Tabs to what fits, and fails where the keyboard does not come there. */
    const reach = async (selector: string) => {
      for (let i = 0; i < 40; i++) {
        await press('Tab');
        if (await page.locator(`${selector}:focus`).count()) return;
      }
      throw new Error(`the keyboard does not reach ${selector}`);
    };
    await at(`en/${REQUEST}`);
    await press('Tab', 'Enter');
    await page.waitForURL((url) => url.hash === '#main');
    await reach('input[name=person]');
    await press('Space');
    await reach('main button');
    await press('Enter');
    await settled('input[type=checkbox]');
    await reach('input[type=checkbox]');
    await press('Space');
    await reach('input[name=days]');
    await press('ArrowDown');
    await reach('main button');
    await press('Enter');
    await settled('.exact');
    await reach('main button');
    await press('Enter');
    await settled('article');
    await reach('a.stop');
    await press('Enter');
    await settled('button.stop');
    await reach('button.stop');
    await press('Enter');
    await settled('dl.card');
    expect(here.sample.acted).toEqual(['GrantConsent', 'ListConsents', 'WithdrawConsent']);
    await tab.close();
  });

  test('the key is made in the here.browser, cannot be copied out, is forgotten by signing out, and nothing is done without it', async () => {
    const tab = await open();
    const { page, at, settled } = tab;
    await at('vi/sign-in');
    await signIn(tab, '.figure');
    const kept = () => page.evaluate<object[]>(KEPT_KEYS);
    expect(await kept()).toEqual([{ type: 'private', extractable: false, copied: 'rejected' }]);
    expect(await page.evaluate('document.cookie'), 'no script reads the session').toBe('');
    await page.locator('header button').click();
    await settled('a[href="/vi/sign-in"]');
    await expect.poll(kept).toEqual([]);
    await tab.close();
  });

  test('a proof is checked in the browser; one that was changed, or is of another line, is named', async () => {
    const tab = await open();
    const { page, at, settled } = tab;
    await at('en/sign-in');
    await signIn(tab, '.figure');
    await at('en/accesses');
    await settled('article');
    /** Asks for a check after a change, and waits until the page says what is expected. */
    const check = async (expected: RegExp, change?: string) => {
      const button = page.locator('button[data-proof]').first();
      if (change !== undefined)
        await page.evaluate(`{ const button = document.querySelector('[data-proof]'); ${change} }`);
      await button.click();
      const told = page.locator('.result').first();
      await expect.poll(() => told.textContent()).toMatch(expected);
    };
    await check(/^It holds\. Entry 6 stands in the log of 7 entries/);
    await check(/^It does not fit/, "button.dataset.outcome = '3'");
    await check(/^It holds/, "button.dataset.outcome = '1'");
    await check(/^It does not fit/, "button.dataset.agency = 'viettel'");
    await check(/^It does not hold/, FLIP);
    await check(/^This browser cannot check it/, "button.dataset.proof = '%%%'");
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test('without script it works as well, and the page says that this is weaker', async () => {
    const tab = await open({ javaScriptEnabled: false });
    const { page, at } = tab;
    await at(`vi/${REQUEST}`);
    expect(await page.locator('[data-with-script=no]').textContent()).toContain('yếu hơn');
    await signIn(tab, 'input[type=checkbox]');
    await consent(tab);
    await at('vi/accesses');
    expect(await page.locator('button[data-proof]:visible').count()).toBe(0);
    expect(here.sample.acted).toEqual(['GrantConsent', 'ListConsents', 'ListAccesses']);
    await tab.close();
  });
});
