/** Pages that move into a package: what they lead to there. */
import { posix } from 'node:path';

/**
 * The page's text with each link as it is in the package: to where the file stands there, or the words alone where it is not of the
 * package (the operator's pages). Links to the web and within the page stay.
 *
 * @param from path of the page in the repository, with slashes
 * @param places path in the repository to path in the package, of files and folders
 */
export function packagedLinks(text: string, from: string, places: Readonly<Record<string, string>>): string {
  const own = placeOf(from, places) ?? from;
  return text.replace(/\[([^\]\n]+)\]\(([^)\s]+)\)/g, (whole, words: string, link: string) => {
    const [, path = '', anchor = ''] = /^([^#]*)(#.*)?$/.exec(link) ?? [];
    if (path === '' || /^[a-z]+:/.test(path)) return whole;
    const place = placeOf(posix.join(posix.dirname(from), path), places);
    return place === undefined ? words : `[${words}](${posix.relative(posix.dirname(own), place)}${anchor})`;
  });
}

function placeOf(path: string, places: Readonly<Record<string, string>>): string | undefined {
  for (const [from, to] of Object.entries(places)) {
    if (path === from || path.startsWith(`${from}/`)) return `${to}${path.slice(from.length)}`;
  }
  return undefined;
}
