import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { declarationOf } from './build-code.ts';
import { toCompiled } from './compile.ts';
import { modulesOf, readImportGraph } from './import-graph.ts';

test('finds every way in which code names a module, and nothing that only looks like one', () => {
  const text = `import a from './a.js';
import { b, type C } from "../b.mjs";
import * as d from '@scope/d/deep';
import './e.js';
export * from './f.js';
export { g } from './g.js';
const h = await import('./h.js');
new Worker(new URL('./i.js', import.meta.url));
const j = createRequire(require.resolve('embedded')).resolve(name);
const k = { from: 'nothing', text: "export from './no.js'" };
export const l = 'not/a/module';
new URL('../policies', import.meta.url);
`;
  expect(modulesOf(text).sort()).toEqual(
    ['./a.js', '../b.mjs', '@scope/d/deep', './e.js', './f.js', './g.js', './h.js', './i.js', 'embedded'].sort(),
  );
});

describe('a graph', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'lienthong-graph-'));
    mkdirSync(join(root, 'x'));
    const files = {
      'main.js': "import { a } from './x/a.js';\nimport 'node:fs';\nimport p from 'package/inner';",
      'x/a.js': "import '../main.js';\nexport const later = () => import('./late.js');",
      'x/late.js': "import '@scope/late';",
      'x/unused.js': '',
      'main.d.ts': "import type { T } from './x/types.js';",
      'x/types.d.ts': 'export type T = 1;',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('holds what is reached, circles and later imports included, and the packages of it', () => {
    expect(readImportGraph(root, ['main.js'])).toEqual({
      files: ['main.js', 'x/a.js', 'x/late.js'],
      packages: ['@scope/late', 'package'],
    });
  });

  test('of declarations follows the names of code to declarations', () => {
    expect(readImportGraph(root, ['main.d.ts'], declarationOf).files).toEqual(['main.d.ts', 'x/types.d.ts']);
    expect(declarationOf('a/b.mjs')).toBe('a/b.d.mts');
  });

  test('that leads nowhere is an error', () => {
    writeFileSync(join(root, 'broken.js'), "import './gone.js';");
    expect(() => readImportGraph(root, ['broken.js'])).toThrow('gone.js');
  });
});

test('paths to source become paths to code, in quotes only', () => {
  expect(toCompiled(`new URL('./load-worker.ts', import.meta.url); // \`./a.ts\`, b.ts`)).toBe(
    `new URL('./load-worker.js', import.meta.url); // \`./a.ts\`, b.ts`,
  );
  expect(toCompiled(`import type { A } from "../a.ts";`)).toBe(`import type { A } from "../a.js";`);
});
