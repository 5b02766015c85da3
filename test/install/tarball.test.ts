import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { problemsOf } from './tarball.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test.each([
  ['gateway/main.ts', '', 'is TypeScript source'],
  ['gateway/a.test.js', '', 'is of the tests'],
  ['test/x.js', '', 'is of the tests'],
  ['gateway/key.pem', '', 'holds a secret'],
  ['a.js', String(privateKey.export({ type: 'pkcs8', format: 'pem' })), 'holds a secret'],
  ['a.json', JSON.stringify(privateKey.export({ format: 'jwk' })), 'holds a secret'],
  ['a.js', "const here = '/srv/build/lienthong/x';", 'names a folder of the machine'],
  ['a.md', 'as in /home/an/x', 'names a folder of the machine'],
  ['a.js', "import x from './b.ts';", 'imports source'],
  ['a.d.ts', "import x from './b.js';", undefined],
])('%s', (name, text, problem) => {
  const expected = problem === undefined ? [] : [`${name} ${problem}`];
  expect(problemsOf(name, text, '/srv/build/lienthong/')).toEqual(expected);
});
