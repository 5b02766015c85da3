import { expect, it } from 'vitest';
import { packagedLinks } from './packaged-links.ts';

const PLACES = {
  'gateway/docs/a.md': 'docs/a.md',
  'gateway/docs/design/b.md': 'docs/design/b.md',
  'test/x': 'examples',
};
const moved = (text: string) => packagedLinks(text, 'gateway/docs/a.md', PLACES);

it('leads to where a file stands in the package, with its heading', () => {
  expect(moved('[b](design/b.md#two), [x](../../test/x/y.py)')).toBe('[b](design/b.md#two), [x](../examples/y.py)');
});

it('leaves the words of what is not in the package', () => {
  expect(moved('see [install](../install.md#keys) and [b](design/b.md)')).toBe('see install and [b](design/b.md)');
});

it('keeps what leads to the web or within the page', () => {
  const text = '[rfc](https://example.org/a.md) [here](#two) not[a](link with spaces)';
  expect(moved(text)).toBe(text);
});
