/** What both tests of the citizen's pages do in a browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';

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
