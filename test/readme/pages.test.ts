import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { ALL_COMMANDS } from '../../gateway/cli/all-commands.ts';
import type { Cli } from '../../gateway/cli/cli.ts';
import { createProgram, loadCommands } from '../../gateway/cli/run.ts';
import { isTest, ROOT, readSources } from '../architecture/source.ts';
import { deadLinks } from './links.ts';

/** Every page of the repository: what it names is there. */
const PAGES = globSync(['*.md', '{gateway,connectors,policies,test}/**/*.md'], { cwd: ROOT }).map((file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const code = [...text.matchAll(/```[a-z]*\n([\s\S]*?)```|`([^`\n]+)`/g)];
  return { file, text, code: code.map(([, block, span]) => block ?? span ?? '') };
});

const { signal } = new AbortController();
const cli: Cli = {
  terminal: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: {}, signal },
  ...{ exitCode: 0, settings: { language: 'en', json: false }, gave: false },
};
const program = createProgram(cli, '0', await loadCommands([], ALL_COMMANDS));

/** What a command line, without `lienthong`, asks for and is not there. */
function wrongIn(line: string): string[] {
  const tokens = line.trim().split(/\s+/);
  const path: string[] = [];
  let command: Command = program;
  while (command.commands.length > 0) {
    const token = tokens[path.length] ?? '';
    const inner = command.commands.find((one) => one.name() === token);
    if (inner === undefined) {
      // What is no word is a placeholder: all of its commands are meant.
      if (path.length > 0 && !/^[a-z][a-z-]*$/.test(token)) break;
      return [`no command: ${[...path, token].join(' ')}`];
    }
    path.push(token);
    command = inner;
  }
  const known = new Set<string | undefined>(['--help', ...command.options.map(({ long }) => long)]);
  const options = tokens.map((token) => /^\[?(--[a-z][a-z-]*)/.exec(token)?.[1] ?? '--help');
  return options.filter((option) => !known.has(option)).map((option) => `no option of ${path.join(' ')}: ${option}`);
}

it('a command line that asks for what is not there is found', () => {
  expect(wrongIn('receipt verify results.csv --profile DIR')).toEqual([]);
  expect(wrongIn('limit list [--agency CODE]')).toEqual([]);
  expect(wrongIn('receipt …')).toEqual([]);
  expect(wrongIn('receipts verify')).toEqual(['no command: receipts']);
  expect(wrongIn('receipt verifies FILE')).toEqual(['no command: receipt verifies']);
  expect(wrongIn('limit list [--agent CODE]')).toEqual(['no option of limit list: --agent']);
});

it('commands that pages name, with their options', () => {
  const groups = program.commands.filter(({ commands }) => commands.length > 0).map((command) => command.name());
  const wrong = PAGES.flatMap(({ file, code }) =>
    code
      .flatMap((piece) => {
        // A user of that name has them too; what a shell puts in is its own command.
        const lines = [...piece.matchAll(/\blienthong (?!-g)([a-z][^|#"$)\n]*)/g)].map(([, line = '']) => line);
        // As README tables name them.
        const bare = groups.includes(piece.split(' ')[0] ?? '') && /^\S+ [^\n]+$/.test(piece) ? [piece] : [];
        return [...lines.filter((line) => !/^[a-z]+\.$/.test(line)), ...bare].flatMap(wrongIn);
      })
      .map((what) => `${file}: ${what}`),
  );
  expect(wrong).toEqual([]);
});

it('commands that the programs’ own words name', () => {
  const sources = readSources('gateway/cli', 'gateway/compose', 'gateway/errors', 'connectors');
  const wrong = sources
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/"lienthong ([a-z][^"`'|\n]*)"/g)].flatMap(([, line = '']) =>
        wrongIn(line).map((what) => `${path}: ${what}`),
      ),
    );
  expect(wrong).toEqual([]);
});

it('scripts, files and links', () => {
  const scripts = Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts);
  const isThere = (page: string, path: string) =>
    existsSync(join(ROOT, path)) || existsSync(join(ROOT, dirname(page), path));
  const wrong = PAGES.flatMap(({ file, text, code }) => [
    ...deadLinks(text, join(ROOT, dirname(file))).map((link) => `${file}: ${link}`),
    ...code.flatMap((piece) => [
      ...[...piece.matchAll(/npm run (?:-s )?([a-z]+(?::[a-z]+)?)/g)]
        .filter(([, script = '']) => !scripts.includes(script))
        .map(([said]) => `${file}: ${said}`),
      ...[...piece.matchAll(/(?<![\w./-])(?:gateway|test|connectors|policies|proto)\/[\w./-]*\w/g)]
        .filter(([path]) => !isThere(file, path))
        .map(([path]) => `${file}: ${path}`),
    ]),
  ]);
  expect(wrong).toEqual([]);
});
