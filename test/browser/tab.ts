/** What the tests of the citizen's pages do in a browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createSample, type Sample } from '../../gateway/console/sample.test-support.ts';
import { type RunningConsole, serveConsole } from '../../gateway/console/serve.ts';
import { startChromium } from '../support/chromium.ts';

/** What a bank's link asks for, behind the language. */
export const REQUEST = 'consents/new?recipient=bank-demo&purpose=account-opening&fields=1.2.3&days=90&uses=5';

/** A browser for the tests of this file, and for each of them a sample of its own, served. To be read inside of tests only. */
export function servedSample(options?: Parameters<typeof createSample>[0]) {
  const here = {} as { browser: Browser; sample: Sample; running: RunningConsole };
  beforeAll(async () => {
    here.browser = await startChromium();
  });
  afterAll(() => here.browser?.close());
  beforeEach(async () => {
    here.sample = createSample(options);
    here.running = await serveConsole(here.sample.parts, { port: 0 });
    return () => here.running.close();
  });
  return here;
}

export type Tab = Awaited<ReturnType<typeof openTab>>;

/** A page that tells of everything that it asks for and of everything that its policy refuses. */
export async function openTab(
  browser: Browser,
  { link }: { readonly link: string },
  options: Parameters<Browser['newContext']>[0] = {},
) {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 360, height: 720 }, ...options });
  const page: Page = await context.newPage();
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(link)) complaints.push(request.url());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text());
  });
  const at = (path: string) => page.goto(link + path);
  const settled = (selector: string) => page.locator(selector).first().waitFor();
  return { page, at, settled, complaints, close: () => context.close() };
}

/** As the first person who is offered. @param then what shows that it is done */
export async function signIn({ page, settled }: Tab, then: string) {
  await settled('form[data-key]');
  await page.locator('input[name=person]').first().check();
  await page.locator('main button').click();
  await settled(then);
}

/** Chooses all that is asked for, reads the exact text and agrees. */
export async function consent({ page, settled }: Tab) {
  for (const field of await page.locator('input[type=checkbox]').all()) await field.check();
  await page.locator('input[name=days]').nth(1).check();
  await page.locator('main button').click();
  await settled('.exact');
  await page.locator('main button.first').click();
  await settled('p.good');
}
