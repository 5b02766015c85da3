/** Whoever upgrades reads one page: what a program brings that stands in no row of its table, nobody was told of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROFILE } from '../../gateway/matching/profile.ts';
import { readMigrations } from '../../gateway/storage/migrate.ts';
import { AdminService } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ROOT } from '../architecture/source.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const page = read('gateway/docs/upgrading.md');
/** The newest version first. */
const rows = [...page.matchAll(/^\| \[?(\d+\.\d+\.\d+)[^|]*\| (\d{4})–(\d{4}) \| `([^`]+)` \| ([^|]*)\|$/gm)].map(
  ([, version = '', first, last, profile, methods = '']) => ({
    ...{ version, first: Number(first), last: Number(last), profile },
    methods: [...methods.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  }),
);

it('the newest version is this program’s, has a chapter, and is the same in all that is packed', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const lock = JSON.parse(read('package-lock.json')) as { version: string; packages: { '': { version: string } } };
  expect([rows[0]?.version, lock.version, lock.packages[''].version]).toEqual([version, version, version]);
  expect(page).toContain(`\n## ${version}\n`);
});

it('every migration is one version’s, and a version’s own chapter names it', () => {
  const [newest] = rows;
  expect(newest?.last).toBe(readMigrations().at(-1)?.version);
  rows.forEach(({ first }, at) => {
    expect(first).toBe((rows[at + 1]?.last ?? 0) + 1);
  });
  const chapter = page.slice(page.indexOf(`\n## ${newest?.version}\n`));
  const named = readMigrations().filter(({ version }) => version >= (newest?.first ?? 0));
  expect(named.filter(({ name }) => !chapter.includes(name.slice(0, 4)))).toEqual([]);
});

it('the matching profile is the one that judges', () => {
  expect(rows[0]?.profile).toBe(`${PROFILE.id}:${PROFILE.version}`);
});

it('every method of officers came with one version', () => {
  const names = AdminService.methods.map(({ name }) => name);
  expect(rows.flatMap(({ methods }) => methods).sort()).toEqual(names.sort());
});
