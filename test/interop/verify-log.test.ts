/** The verifier in Python over frozen and public vectors. Needs the environment that `run.sh` makes, and no gateway. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const PYTHON = join(ROOT, '.cache', 'interop-venv', 'bin', 'python');
const SCRIPT = join(import.meta.dirname, 'verify_log.py');
const GOLDEN = join(ROOT, 'test', 'golden');

const folder = mkdtempSync(join(tmpdir(), 'lienthong-interop-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT, ...args], { encoding: 'utf8', timeout: 25_000 });
  return { status, stderr: stderr.trim(), found: status === 0 ? JSON.parse(stdout) : undefined };
}

describe.skipIf(!existsSync(PYTHON))('a verifier in Python (needs .cache/interop-venv: test/interop/run.sh)', () => {
  const golden = JSON.parse(readFileSync(join(GOLDEN, 'proof', 'access-proof.json'), 'utf8'));
  const key = put('log.pem', golden.log_key_pem);
  const witnesses = put('witnesses.json', JSON.stringify({ witnesses: golden.witnesses }));
  const believing = (needed: number) => ['--witnesses', witnesses, '--needed', String(needed)];
  const origin = ['--origin', golden.origin];
  const access = (proof: Buffer, ...more: string[]) => run('access', put('proof', proof), key, ...origin, ...more);
  const head = (note: string, ...more: string[]) => run('head', put('note', note), key, ...origin, ...more);
  const proof = Buffer.from(golden.proof, 'hex');

  it('passes the public vectors of RFC 6962', () => {
    expect(run('vectors', join(GOLDEN, 'rfc6962', 'vectors.json'))).toMatchObject({
      status: 0,
      found: { roots: 9, inclusion: 5, consistency: 4 },
    });
  });

  it('verifies a head and its cosignatures, and no forged one', () => {
    const times = [expect.objectContaining({ time: golden.cosigned_at[0] }), expect.anything()];
    expect(head(golden.note, ...believing(2)).found).toMatchObject({ size: golden.size, witnesses: times });
    expect(head(golden.note, ...believing(3))).toMatchObject({ status: 1, stderr: 'does not hold: WITNESSES 2 of 3' });
    expect(head(golden.note.replace('\n13\n', '\n14\n'))).toMatchObject({ status: 1, stderr: 'does not hold: HEAD' });
    const lines = golden.note.split('\n');
    const [, name, line] = lines[5].split(' ');
    const later = Buffer.from(line, 'base64');
    later[11]! ^= 1;
    const forged = [...lines.slice(0, 5), `— ${name} ${later.toString('base64')}`, ''].join('\n');
    expect(head(forged, ...believing(0))).toMatchObject({ status: 1, stderr: 'does not hold: COSIGNATURE' });
    expect(head(forged), 'of a stranger').toMatchObject({ status: 0 });
  });

  it("verifies a person's own proof, and says the same of it", () => {
    const { entry_id, index, size, agency, purpose, people, leaves, body } = golden;
    expect(access(proof, ...believing(2)).found).toMatchObject({
      ...{ entry_id, index, size, agency, purpose, people },
      uses: leaves.map((leaf: number) => ({ leaf, ...body })),
    });
  });

  it('names what does not hold of a proof', () => {
    const at = (part: Buffer) => proof.indexOf(part);
    const flipped = (where: number) => Buffer.from(proof.map((byte, i) => (i === where ? byte ^ 1 : byte)));
    const body = Buffer.from([1, 1, 0, 0, 0, 0, 0, 1, 14, 0, 0]);
    expect(at(body)).toBeGreaterThan(0);
    expect(access(flipped(at(Buffer.from('viettel')))).stderr).toBe('does not hold: ENTRY');
    expect(access(flipped(at(body))).stderr).toBe('does not hold: PERSON');
    expect(access(flipped(at(Buffer.from('golden\n13')))).stderr).toBe('does not hold: HEAD');
    expect(access(proof.subarray(0, -1)).stderr).toBe('does not hold: FORMAT');
  });
});
