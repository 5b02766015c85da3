import { describe, expect, test } from 'vitest';
import {
  castsTo,
  endsProcess,
  foreignOffenders,
  hashesBare,
  misplacedAreas,
  notImported,
  offenders,
  reachingOut,
  readsEnvironment,
  startsThread,
  usesPostgres,
  usesSockets,
} from './rules.ts';
import { parseSource } from './source.ts';

const file = (...lines: readonly string[]) => parseSource('gateway/matching/made-up.ts', lines.join('\n'));

describe('the reading of a source text', () => {
  test.each([
    ['names', "import { connect, type Socket as S } from 'node:net';", ['connect', 'Socket']],
    ['names on lines of their own', "import {\n  connect,\n  type Socket,\n} from 'node:net';", ['connect', 'Socket']],
    ['types', "import type { Socket } from 'node:net';", ['Socket']],
    ['a default and names', "import net, { connect } from 'node:net';", ['default', 'connect']],
    ['all of it', "import * as net from 'node:net';", ['*']],
    ['what is given on', "export { connect as call } from 'node:net';", ['connect']],
    ['nothing', "import 'node:net';", []],
    ['all of it, later', "const { connect } = await import('node:net');", ['*']],
    ['all of it, by require', "const net = createRequire(import.meta.url)('node:net');", ['*']],
    ['a part, by require', "const require = createRequire(import.meta.url);\nrequire('node:net');", ['*']],
  ])('sees that it takes %s', (_what, text, names) => {
    const source = file(text);
    expect([source.imports, source.foreign, source.names.get('node:net')]).toEqual([[], ['node:net'], names]);
  });

  test('names modules of ours from the root', () => {
    const source = file("import { a } from './names.ts';", "import { b } from '../../connectors/kit/client.ts';");
    expect(source.imports).toEqual(['gateway/matching/names.ts', 'connectors/kit/client.ts']);
    expect(source.foreign).toEqual([]);
  });
});

test('an import of a folder that is not allowed is an offence, one within the folder is none', () => {
  const source = file("import { a } from './names.ts';", "import { b } from '../audit/heads.ts';");
  expect(offenders([source], () => false)).toEqual(['gateway/matching/made-up.ts → gateway/audit/heads.ts']);
  expect(offenders([source], (area) => area === 'gateway/audit')).toEqual([]);
});

test('a module of others is an offence where it is not allowed', () => {
  const source = file("import { readFileSync } from 'node:fs';", "import pg from 'pg';");
  expect(foreignOffenders([source], (module) => module === 'pg')).toEqual(['gateway/matching/made-up.ts → node:fs']);
});

test('what is listed and not imported is named', () => {
  const source = file("import { b } from '../audit/heads.ts';", "import { hash } from 'node:crypto';");
  const listed = ['gateway/audit', 'gateway/audit/heads.ts', 'node:crypto', 'gateway/jobs', 'pg'];
  expect(notImported([source], listed)).toEqual(['gateway/jobs', 'pg']);
});

test('a folder in no list, one in two, and a listed one that is not there are named', () => {
  const files = [file(''), parseSource('gateway/feed/read.ts', '')];
  expect(misplacedAreas(files, [['gateway/matching'], ['gateway/feed']])).toEqual([]);
  expect(misplacedAreas(files, [['gateway/matching'], ['gateway/matching', 'gateway/gone']])).toEqual([
    'gateway/matching: in 2 lists',
    'gateway/feed: in 0 lists',
    'gateway/gone: no such area',
  ]);
});

test.each([
  'const now = Date.now();',
  'const clock = Date.now;',
  'const now = new Date();',
  'const now = new Date;',
  'const now = Date();',
  'const began = performance.now();',
  'const began = process.hrtime.bigint();',
  'const url = process.env.DATABASE_URL;',
  'setTimeout(() => {}, 5);',
  "await fetch('http://127.0.0.1/');",
  "process.getBuiltinModule('node:fs');",
])('"%s" reaches out', (line) => {
  expect(reachingOut([file(line)])).toEqual(['gateway/matching/made-up.ts']);
});

test('a date made of given numbers reaches nowhere', () => {
  expect(reachingOut([file('const day = new Date(Date.UTC(1999, 0, 1));', 'const { platform } = process;')])).toEqual(
    [],
  );
});

test.each([
  "import { createServer } from 'node:http';",
  "import net from 'net';",
  "import grpc from '@grpc/grpc-js';",
])('"%s" is for sockets', (line) => {
  expect(usesSockets(file(line))).toBe(true);
  expect(usesSockets(file("import { hash } from 'node:crypto';"))).toBe(false);
});

test('the driver of the database is known by its name and by those of its parts', () => {
  expect(usesPostgres(file("import pg from 'pg';"))).toBe(true);
  expect(usesPostgres(file("import { from } from 'pg-copy-streams';"))).toBe(true);
  expect(usesPostgres(file("import { x } from 'pgsodium';"))).toBe(false);
});

test.each([
  ["const h = hash('sha256', personalId);"],
  ["const h = createHash('sha512').update(personalId);"],
  ["const h = await crypto.subtle.digest('SHA-256', personalId);"],
  ["import { digestOf } from '../signing/digest.ts';"],
  ["import { digestOf as short } from '../signing/digest.ts';"],
  ["import { sha256 } from '../proof/bytes.ts';"],
  ["import * as bytes from '../proof/bytes.ts';"],
  ["import { sha256 } from '../exchange/entry-parts.ts';"],
])('"%s" is a bare hash', (line) => {
  expect(hashesBare(file(line))).toBe(true);
});

test('a keyed hash, and another function of a module that hashes, are none', () => {
  expect(
    hashesBare(file("const h = createHmac('sha256', key);", "import { toBase64 } from '../proof/bytes.ts';")),
  ).toBe(false);
});

describe('the process', () => {
  test('is read, ended and given threads in whatever way', () => {
    expect(readsEnvironment(file('const url = process.env.DATABASE_URL;'))).toBe(true);
    expect(readsEnvironment(file("import { env } from 'node:process';"))).toBe(true);
    expect(readsEnvironment(file("import { argv } from 'node:process';", 'child.env;'))).toBe(false);
    expect(endsProcess(file('process.exit(1);'))).toBe(true);
    expect(endsProcess(file("import { exit } from 'node:process';"))).toBe(true);
    expect(endsProcess(file('process.exitCode = 1;'))).toBe(false);
    expect(startsThread(file('new Worker(url);'))).toBe(true);
    expect(startsThread(file('new WorkerPool();'))).toBe(false);
  });
});

test.each([
  'given as Verified;',
  'given as unknown as Verified;',
  'given as any as Verified;',
  'f(<Verified>given);',
])('"%s" is a cast', (line) => {
  expect(castsTo(file(line), 'Verified')).toBe(true);
  expect(castsTo(file(line), 'Decided')).toBe(false);
});

test('a type that is named is no cast', () => {
  expect(castsTo(file('const found = await decide<Verified>(); // known as VerifiedCall'), 'Verified')).toBe(false);
});
