import { describe, expect, test } from 'vitest';
import { PURE } from './pure.ts';
import { endsProcess, misplacedAreas, notImported, offenders, readsEnvironment, startsThread } from './rules.ts';
import { areaOf, isTest, readSources } from './source.ts';

const PORTS = 'gateway/exchange';
/** Domain words: logic with its SQL store. They know the exchange's ports and the storage, and of each other only what is listed. */
const DOMAIN: Readonly<Record<string, readonly string[]>> = {
  'gateway/policy': [],
  'gateway/acts': ['gateway/policy'],
  'gateway/admin': ['gateway/acts', 'gateway/agencies', 'gateway/agreements', 'gateway/consent', 'gateway/policy'],
  'gateway/acting': ['gateway/acts'],
  'gateway/consent': ['gateway/acting', 'gateway/acts', 'gateway/place', 'gateway/policy', 'gateway/register'],
  'gateway/place': [],
  'gateway/disk': [],
  'gateway/turns': [],
  'gateway/agencies': ['gateway/audit', 'gateway/acts'],
  'gateway/agreements': ['gateway/policy', 'gateway/agencies', 'gateway/acts', 'gateway/retention'],
  'gateway/register': [],
  // Of the register: which records are one person.
  'gateway/accesses': ['gateway/acting', 'gateway/audit', 'gateway/register', 'gateway/retention'],
  'gateway/audit': ['gateway/disk', 'gateway/limits', 'gateway/retention', 'gateway/threads'],
  'gateway/retention': [],
  'gateway/limits': ['gateway/policy', 'gateway/retention'],
  'gateway/verification': [],
  'gateway/jobs': ['gateway/retention', 'gateway/verification', 'gateway/threads'],
  'gateway/threads': [],
  'gateway/server': [],
  'gateway/operation': [
    'gateway/accesses',
    'gateway/consent',
    'gateway/retention',
    'gateway/acts',
    'gateway/agreements',
    'gateway/audit',
    'gateway/limits',
    'gateway/policy',
  ],
  'gateway/telemetry': [],
  'gateway/storage': [],
  'gateway/config': ['gateway/policy', 'gateway/register'],
  'gateway/backup': ['gateway/audit', 'gateway/config', 'gateway/disk'],
};

/** What has rules of its own below, or is where everything comes together. */
const EDGES = [
  ...['gateway/rpc', 'gateway/compose', 'gateway/main.ts', 'gateway/cli', 'gateway/console', 'gateway/development'],
  ...['connectors/kit', 'connectors/telco'],
];
/** Programs that make what is handed out: no part of what runs. */
const TOOLS = ['gateway/docs', 'gateway/packaging', 'policies/build.ts'];
const CONNECTORS_SEE = [
  'connectors/kit',
  'gateway/signing',
  'gateway/matching',
  'gateway/proof',
  'gateway/errors',
  'gateway/faults',
  'gateway/place',
  'gateway/disk',
  'gateway/turns',
];
const CONSOLE_SEES = ['connectors/kit', 'gateway/signing', 'gateway/proof', 'gateway/fields'];

const sources = readSources('gateway', 'connectors', 'policies');
const production = sources.filter(({ path }) => !isTest(path));
const inside = (folder: string) => production.filter(({ path }) => path.startsWith(`${folder}/`));

describe('imports run one way', () => {
  test('every folder stands in one of the lists here, so that none is without a rule', () => {
    expect(misplacedAreas(production, [PURE, [PORTS], Object.keys(DOMAIN), EDGES, TOOLS])).toEqual([]);
  });

  test('no part of what runs imports a tool that makes what is handed out', () => {
    const running = production.filter(({ path }) => !TOOLS.includes(areaOf(path)));
    expect(offenders(running, (area) => !TOOLS.includes(area))).toEqual([]);
  });

  test.each(PURE)('%s imports nothing but pure folders and the contract', (folder) => {
    const files = inside(folder);
    expect(files.length).toBeGreaterThan(0);
    // The form of a refusal is the edge's and the exchange's in common: a type, no code.
    const types = (_area: string, path: string) => folder === 'gateway/errors' && path === 'gateway/exchange/ports.ts';
    expect(offenders(files, (area, path) => area === 'proto/gen' || PURE.includes(area) || types(area, path))).toEqual(
      [],
    );
  });

  test('the exchange knows pure folders and the shape of a decision, and no adapter', () => {
    const shapes = ['gateway/policy/decision.ts', 'gateway/policy/input.ts'];
    expect(
      offenders(inside(PORTS), (area, path) => area === 'proto/gen' || PURE.includes(area) || shapes.includes(path)),
    ).toEqual([]);
  });

  test.each(Object.keys(DOMAIN))('%s knows the exchange, the storage and its listed neighbours', (folder) => {
    const neighbours = DOMAIN[folder] ?? [];
    expect(
      offenders(
        inside(folder),
        (area) =>
          area === 'proto/gen' ||
          PURE.includes(area) ||
          neighbours.includes(area) ||
          area === PORTS ||
          (area === 'gateway/storage' && folder !== 'gateway/policy'),
      ),
    ).toEqual([]);
    expect(notImported(inside(folder), neighbours)).toEqual([]);
  });

  test('only the composition root imports rpc, and nothing imports main.ts', () => {
    const toRpc = production
      .filter(({ path }) => !path.startsWith('gateway/rpc/'))
      .filter((file) => file.imports.some((name) => name.startsWith('gateway/rpc/')));
    // What every thread that serves calls is made of, and such a thread's own file.
    const root = [
      'gateway/compose/accesses-thread.ts',
      'gateway/compose/io-thread.ts',
      'gateway/compose/methods-without-signature.ts',
      'gateway/compose/open-serving.ts',
      'gateway/main.ts',
    ];
    expect(toRpc.map(({ path }) => path).sort()).toEqual(root);
    expect(sources.filter((file) => file.imports.includes('gateway/main.ts'))).toEqual([]);
  });

  test('only main.ts imports the parts of the composition root', () => {
    const importers = production
      .filter(({ path }) => !path.startsWith('gateway/compose/'))
      .filter((file) => file.imports.some((name) => name.startsWith('gateway/compose/')));
    expect(importers.map(({ path }) => path)).toEqual(['gateway/main.ts']);
  });

  test('a thread is started where the bound of its heap is made to count; only an import has it as the process has', () => {
    const starting = production.filter(startsThread).map(({ path }) => path);
    expect(starting.sort()).toEqual(['gateway/register/import/load-pool.ts', 'gateway/threads/start-thread.ts']);
  });

  test('rpc knows the contract, the ports, who is here, and the errors only', () => {
    expect(
      offenders(
        inside('gateway/rpc'),
        (area, path) =>
          area === 'proto/gen' ||
          area === 'gateway/contract' ||
          area === 'gateway/errors' ||
          area === 'gateway/faults' ||
          area === 'gateway/turns' ||
          path === 'gateway/exchange/ports.ts' ||
          path === 'gateway/exchange/presence.ts' ||
          area === 'gateway/telemetry',
      ),
    ).toEqual([]);
  });

  test('connectors see the contract, their kit and pure folders', () => {
    const files = production.filter(({ path }) => path.startsWith('connectors/'));
    expect(files.length).toBeGreaterThan(0);
    expect(offenders(files, (area) => area === 'proto/gen' || CONNECTORS_SEE.includes(area))).toEqual([]);
    expect(notImported(files, CONNECTORS_SEE)).toEqual([]);
  });

  test('the citizen’s page is a client like any: it sees the contract, the kit and pure folders', () => {
    const files = inside('gateway/console');
    expect(files.length).toBeGreaterThan(0);
    expect(offenders(files, (area) => area === 'proto/gen' || CONSOLE_SEES.includes(area))).toEqual([]);
    expect(notImported(files, CONSOLE_SEES)).toEqual([]);
  });

  test('what a browser runs imports nothing but what else a browser runs', () => {
    const files = inside('gateway/console/browser');
    expect(files.length).toBeGreaterThan(0);
    const elsewhere = files.flatMap(({ path, imports, foreign }) =>
      [...imports, ...foreign]
        .filter((name) => !/^gateway\/(console|proof)\/browser\//.test(name))
        .map((name) => `${path} → ${name}`),
    );
    expect(elsewhere).toEqual([]);
  });

  test('only the command line imports development trust', () => {
    const importers = production
      .filter(({ path }) => !path.startsWith('gateway/development/') && !path.startsWith('gateway/cli/'))
      .filter((file) => file.imports.some((name) => name.startsWith('gateway/development/')));
    expect(importers.map(({ path }) => path)).toEqual([]);
  });

  test('development trust is out of reach of the gateway process', () => {
    const seen = new Set<string>();
    const reach = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const name of sources.find((file) => file.path === path)?.imports ?? []) reach(name);
    };
    // A thread is started by its file's address, which is no import.
    for (const root of ['main', 'compose/accesses-thread', 'compose/matching-thread', 'compose/io-thread'])
      reach(`gateway/${root}.ts`);
    expect(seen.size).toBeGreaterThan(50);
    expect([...seen].filter((path) => path.startsWith('gateway/development/'))).toEqual([]);
  });

  test('nothing but tests imports tests', () => {
    expect(offenders(production, (_area, path) => !isTest(path))).toEqual([]);
  });
});

/** Beside the command line: who has a reason to, or gives the environment on to a program that it starts. */
const READERS = [
  'gateway/main.ts',
  // Also called by agencies' own programs, whose `env:NAME` is in the environment.
  'connectors/kit/profile.ts',
  'policies/build.ts',
  'gateway/storage/embedded.ts',
  'gateway/storage/server-process.ts',
];

describe('edges', () => {
  test('only main.ts and the command line read the environment', () => {
    const readers = production.filter(readsEnvironment).map(({ path }) => path);
    expect(readers.filter((path) => !READERS.includes(path) && !path.startsWith('gateway/cli/'))).toEqual([]);
  });

  test('libraries do not end the process', () => {
    const enders = production.filter(endsProcess).map(({ path }) => path);
    expect(
      enders.filter(
        (path) => path !== 'gateway/main.ts' && !path.startsWith('gateway/cli/') && path !== 'policies/build.ts',
      ),
    ).toEqual([]);
  });
});
