/** Links of a page to files of the repository. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const LINK = /\[[^\]]*\]\(([^)#\s]+)(?:#[^)\s]*)?\)/g;

/** Relative links that lead nowhere, as the page writes them. */
export function deadLinks(page: string, folder: string): string[] {
  const targets = [...page.matchAll(LINK)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target) && !existsSync(resolve(folder, target)));
}
