import type { SourceFile } from './source.ts';

const EXPORTED =
  /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+function\*?|function\*?|const|let|class|type|interface|enum)\s+([\w$]+)/gm;

/** `file: name` of what a file exports, no file of `users` imports and the file itself does not use. */
export function unusedExports(files: readonly SourceFile[], users: readonly SourceFile[]): string[] {
  const taken = new Map<string, Set<string>>();
  for (const { names } of users) {
    for (const [module, some] of names) taken.set(module, (taken.get(module) ?? new Set()).union(new Set(some)));
  }
  return files.flatMap(({ path, text: whole }) => {
    const text = withoutComments(whole);
    const used = taken.get(path);
    if (used?.has('*') === true) return [];
    return [...text.matchAll(EXPORTED)]
      .map(([, name = '']) => name)
      .filter(
        (name) =>
          used?.has(name) !== true &&
          text.split(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`)).length <= 2,
      )
      .map((name) => `${path}: ${name}`);
  });
}

/** Roughly: what stands behind two slashes and a space in a text goes as well. An export may look unused by that, never used. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
