/** A judge of tokens in Python over the frozen exchanges. Needs Python with `cryptography`, and no gateway. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/** The environment that `run.sh` makes, else the machine's own. */
const pythons = [join(import.meta.dirname, '..', '..', '.cache', 'interop-venv', 'bin', 'python'), 'python3'];
const python = pythons.find((one) => spawnSync(one, ['-c', 'import cryptography']).status === 0);
const VECTORS = join(import.meta.dirname, '..', 'golden', 'signing');

describe.skipIf(python === undefined)(
  'a judge of tokens in Python (needs Python with cryptography: test/interop/run.sh)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'lienthong-exchange-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const judge = (vectors: string) =>
      spawnSync(python ?? '', ['-B', join(import.meta.dirname, 'verify_exchange.py'), vectors], { encoding: 'utf8' });
    /** The vectors with one file changed. */
    function changed(name: string, change: (text: string) => string): string {
      for (const file of ['exchange.json', 'refused.json']) cpSync(join(VECTORS, file), join(folder, file));
      const text = readFileSync(join(VECTORS, name), 'utf8');
      writeFileSync(join(folder, name), change(text));
      return folder;
    }

    it('takes every token of an exchange, and none that is to be refused', () => {
      const { status, stdout, stderr } = judge(VECTORS);
      expect([status, stderr]).toEqual([0, '']);
      const refused = JSON.parse(readFileSync(join(VECTORS, 'refused.json'), 'utf8')) as unknown[];
      expect(JSON.parse(stdout)).toEqual({ taken: 23, refused: refused.length });
    });

    it('says which it would judge otherwise', () => {
      const otherAgency = changed('exchange.json', (text) =>
        text.replace('"agency": "viettel"', '"agency": "mobifone"'),
      );
      expect(judge(otherAgency)).toMatchObject({ status: 1, stderr: 'not taken: call: iss\n' });
      const { call } = JSON.parse(readFileSync(join(VECTORS, 'exchange.json'), 'utf8'));
      const good = changed('refused.json', () =>
        JSON.stringify([{ why: 'none', instead_of: 'call', token: call.token }]),
      );
      expect(judge(good)).toMatchObject({ status: 1, stderr: 'taken: none\n' });
    });
  },
);
