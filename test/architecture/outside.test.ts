import { describe, expect, test } from 'vitest';
import { FOREIGN_OF_PURE, NOT_PURE, PURE, REACHING } from './pure.ts';
import { foreignOffenders, notImported, reachingOut, usesPostgres, usesSockets } from './rules.ts';
import { areaOf, isTest, readSources } from './source.ts';

const production = readSources('gateway', 'connectors', 'policies').filter(({ path }) => !isTest(path));

describe.each(PURE)('%s', (folder) => {
  const files = production.filter(({ path }) => areaOf(path) === folder);
  const allowed = FOREIGN_OF_PURE[folder] ?? [];

  test('loads of others what its list names, and all of that', () => {
    const ofFile = (module: string, path: string) => NOT_PURE[path]?.includes(module) === true;
    expect(foreignOffenders(files, (module, path) => allowed.includes(module) || ofFile(module, path))).toEqual([]);
    expect(notImported(files, allowed)).toEqual([]);
  });

  test('does not ask for the time, wait, read the process or call anybody', () => {
    expect(reachingOut(files)).toEqual(REACHING.filter((path) => areaOf(path) === folder));
  });
});

test('each file that is not pure in a pure folder still needs to be', () => {
  for (const [path, modules] of Object.entries(NOT_PURE)) {
    expect(
      notImported(
        production.filter((file) => file.path === path),
        modules,
      ),
    ).toEqual([]);
  }
});

test('the database’s driver is loaded below gateway/storage alone', () => {
  const users = production.filter(usesPostgres).map(({ path }) => path);
  expect(users).toContain('gateway/storage/pool.ts');
  expect(users.filter((path) => !path.startsWith('gateway/storage/'))).toEqual([]);
});

/** Beside the edge, `gateway/rpc`, whose sockets are all that a gateway offers. */
const SOCKETS: Readonly<Record<string, string>> = {
  'connectors/kit/chunk-stream.ts': 'calls a gateway',
  'connectors/kit/client.ts': 'calls a gateway',
  'connectors/kit/connection.ts': 'calls a gateway',
  'connectors/kit/raw-call.ts': 'calls a gateway',
  'gateway/cli/doctor/network-checks.ts': 'looks whether a gateway is there, and which certificate it shows',
  'gateway/cli/doctor/server-checks.ts': 'calls a gateway, as a client does',
  'gateway/cli/stack/free-port.ts': 'a free port on loopback for a development deployment',
  'gateway/console/serve.ts': 'the citizen’s page, on loopback, in a process of its own',
  'gateway/storage/embedded.ts': 'a free port on loopback for the embedded database',
  'gateway/telemetry/metrics-listener.ts': 'metrics, on an address of its own',
};

test('sockets are opened at the edge, and where the list says why', () => {
  const users = production.filter(usesSockets).map(({ path }) => path);
  expect(users.filter((path) => !path.startsWith('gateway/rpc/')).sort()).toEqual(Object.keys(SOCKETS).sort());
});
