import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isTest, readSources } from '../../test/architecture/source.ts';
import { FAULT_POINTS, type FaultPoint, faultChannel, faultPoint, faultsArmed } from './point.ts';

const NAMES = Object.keys(FAULT_POINTS) as FaultPoint[];
const said: unknown[] = [];
const listen = (name: unknown) => said.push(name);
afterEach(() => {
  said.length = 0;
  for (const name of NAMES) faultChannel(name).unsubscribe(listen);
});

describe('a place', () => {
  it('says its name to who listens, and to nobody else', () => {
    faultChannel('sign').subscribe(listen);
    for (const name of NAMES) faultPoint(name);
    expect(said).toEqual(['sign']);
  });

  it('is known to be listened to only while it is', () => {
    expect(faultsArmed()).toBe(false);
    faultChannel('write').subscribe(listen);
    expect(faultsArmed()).toBe(true);
    faultChannel('write').unsubscribe(listen);
    expect(faultsArmed()).toBe(false);
  });

  it('stands in the program once, and each place of the list stands in it', () => {
    const program = readSources('gateway', 'connectors').filter(({ path }) => !isTest(path));
    const stands = program.flatMap(({ text }) =>
      [...text.matchAll(/faultPoint\('([a-z-]+)'\)/g)].map(([, name]) => name),
    );
    expect(stands.toSorted()).toEqual(NAMES.toSorted());
  });

  it('is never that of a row: nothing in a loop over rows calls one', () => {
    const judge = readFileSync(join(import.meta.dirname, '..', 'exchange', 'judge-rows.ts'), 'utf8');
    expect(judge).not.toContain('faultPoint');
  });
});

it('nothing of the program listens', () => {
  const listeners = readSources('gateway', 'connectors', 'policies').filter(
    ({ path, text }) =>
      !isTest(path) && /faultChannel|lienthong\.fault\./.test(text) && !path.startsWith('gateway/faults/'),
  );
  expect(listeners.map(({ path }) => path)).toEqual([]);
});
