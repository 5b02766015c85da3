/** A real Chromium without a window. It is the machine's own: nothing is downloaded. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Where it is; undefined on a machine without one. */
const CHROMIUM = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => existsSync(path));

/** @param keepsPages whether it keeps pages for going back, as a person's browser does and one under remote control does not */
export function startChromium({ keepsPages = false }: { readonly keepsPages?: boolean } = {}): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('no Chromium on this machine');
  // Containers run tests as root, for whom there is no sandbox; what is opened is our own.
  return chromium.launch({
    ...{ executablePath: CHROMIUM, args: FLAGS, chromiumSandbox: false },
    ignoreDefaultArgs: keepsPages ? ['--disable-back-forward-cache'] : [],
  });
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong with a page by WCAG 2.2 AA and its best practices: rule and place of each. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Not a script of the page, whose policy allows none: evaluated beside it.
  const { readFileSync } = await import('node:fs');
  await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResult> } };
    const { violations } = await axe.run({ resultTypes: ['violations'], preload: false });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly target: string[] }[] }[];
}
