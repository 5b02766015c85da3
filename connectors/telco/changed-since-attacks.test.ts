import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyReceipt } from '../kit/receipt-verify.ts';
import {
  type EarlierResults,
  jobOf,
  openEarlierResults,
  people,
  type Row,
  reasonOf,
} from './earlier-results.test-support.ts';

let at: EarlierResults;
beforeEach(async () => {
  at = await openEarlierResults();
});
afterEach(() => at.tiny.close());

describe('an attack', () => {
  beforeEach(async () => {
    await at.run(people(20));
  });

  const edit = (path: string, change: (text: string) => string): void =>
    writeFileSync(path, change(readFileSync(path, 'latin1')), 'latin1');
  const line = (n: number, change: (text: string) => string) => (text: string) =>
    text
      .split('\n')
      .map((one, i) => (i === n - 1 ? change(one) : one))
      .join('\n');

  it.each<[string, () => void, string]>([
    [
      'an edited verdict',
      () =>
        edit(
          at.tiny.out,
          line(9, (row) => row.replace('NOT_FOUND,CONTACT', 'VERIFIED,KEEP')),
        ),
      'EARLIER_DIFFERS',
    ],
    [
      'an answer made younger',
      () => edit(at.tiny.out, (text) => text.replaceAll(/,20\d\d-/g, ',2099-')),
      'EARLIER_DIFFERS',
    ],
    ['a row taken out', () => edit(at.tiny.out, (text) => text.replace(/^2,.*\n/m, '')), 'EARLIER_DIFFERS'],
    [
      'rows in another order',
      () => edit(at.tiny.out, (text) => text.replace(/^(2,.*\n)(3,.*\n)/m, '$2$1')),
      'EARLIER_DIFFERS',
    ],
    ['a receipt of another job', () => otherJob('.receipt'), 'ASKED_WRONG'],
    ['tags of another job', () => otherJob('.asked'), 'ASKED_WRONG'],
    ['two tags swapped', () => swapTags(), 'ASKED_WRONG'],
    ['tags cut short', () => edit(`${at.tiny.out}.asked`, (text) => text.slice(0, -16)), 'ASKED_WRONG'],
    ['no tags', () => rmSync(`${at.tiny.out}.asked`), 'ASKED_MISSING'],
    ['no receipt', () => rmSync(`${at.tiny.out}.receipt`), 'FILE_MISSING'],
  ])('by %s carries nothing, and no job is opened', async (_name, attack, reason) => {
    await at.run(people(20), { out: join(at.tiny.folder, 'other.csv') });
    attack();
    const { starts } = at.tiny.gateway;
    expect(await reasonOf(at.next(people(20)))).toBe(reason);
    expect([at.tiny.gateway.starts, existsSync(at.second)]).toEqual([starts, false]);
  });

  function otherJob(ending: string): void {
    renameSync(join(at.tiny.folder, `other.csv${ending}`), `${at.tiny.out}${ending}`);
  }

  function swapTags(): void {
    edit(`${at.tiny.out}.asked`, (text) => {
      const at = text.indexOf('\n') + 1;
      return text.slice(0, at) + text.slice(at + 16, at + 32) + text.slice(at, at + 16) + text.slice(at + 32);
    });
  }

  it('by results that carry a row which is not the one they name is found by their receipt', async () => {
    await at.next(people(20));
    for (const change of [
      (text: string) => text.replace('VERIFIED,KEEP', 'VERIFIED,STOP'),
      (text: string) => text.replace(/,2$/m, ',3'),
      (text: string) => text.replace(/^2,/m, '1,').replace(/^3,/m, '2,').replace(/^1,/m, '3,'),
      (text: string) => text.replace(/^2,.*\n/m, ''),
      (text: string) => text.replace(/,[0-9a-f]{32},2$/m, ',,'),
      // One of another's lines once more, for a line that nobody asked about.
      (text: string) =>
        `${text}${(/^2(,.*,2\n)/m.exec(text) ?? [])
          .slice(1)
          .map((rest) => `99${rest}`)
          .join('')}`,
    ]) {
      const whole = readFileSync(at.second, 'utf8');
      writeFileSync(at.second, change(whole));
      expect(await verifyReceipt(at.second, await at.root())).toMatchObject({ ok: false });
      writeFileSync(at.second, whole);
    }
  });

  it('on the file of tags alone tells nothing: a guess needs the secret of the receipt', () => {
    const tags = readFileSync(`${at.tiny.out}.asked`);
    const guess = people()[0] as Row;
    for (const text of [guess.join(','), guess.slice(2).join('\0')])
      for (const key of ['', jobOf(at.tiny.out)])
        expect(tags.includes(createHmac('sha256', key).update(text).digest().subarray(0, 16))).toBe(false);
    expect(tags.toString('latin1')).not.toContain('910850');
  });
});
