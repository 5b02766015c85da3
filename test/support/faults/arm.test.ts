import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAN_ENV, type Plan } from './plan.ts';

const ARM = join(import.meta.dirname, 'arm.ts');
const ROOT = join(import.meta.dirname, '..', '..', '..');
const POINT = join(ROOT, 'gateway', 'faults', 'point.ts');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-arm-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[], plan: Plan | undefined) {
  const { [PLAN_ENV]: _plan, ...env } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, ...(plan === undefined ? {} : { [PLAN_ENV]: JSON.stringify(plan) }) },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  return new Promise<{ code: number | null; signal: string | null; said: string }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, said }));
  });
}

const program = (text: string): string => {
  const path = join(folder, 'program.ts');
  writeFileSync(path, `import { faultPoint } from ${JSON.stringify(POINT)};\n${text}`);
  return path;
};
const kill = { faults: [{ point: 'match', hit: 2, action: 'kill' }] } as const;

describe('a process with faults in front of it', () => {
  it('is killed at the place and hit of its plan, after it has said so', async () => {
    const path = program(
      `for (let i = 1; i < 9; i++) { console.log('match', i); faultPoint('sign'); faultPoint('match'); }`,
    );
    const { signal, said } = await run(['--import', ARM, path], kill);
    expect(signal).toBe('SIGKILL');
    expect(said).toContain('"point":"match","hit":2');
    expect(said).not.toContain('match 3');
  });

  it('is killed in a worker thread too, which inherits what stands in front', async () => {
    const worker = join(folder, 'worker.ts');
    writeFileSync(
      worker,
      `import { faultPoint } from ${JSON.stringify(POINT)};\nfaultPoint('match'); faultPoint('match');`,
    );
    const path = program(
      `import { Worker } from 'node:worker_threads';\nnew Worker(${JSON.stringify(worker)}).on('exit', () => console.log('lived'));`,
    );
    const { signal, said } = await run(['--import', ARM, path], kill);
    expect([signal, said.includes('lived')]).toEqual(['SIGKILL', false]);
  });

  it('does not start without a plan, and lives without faults in front of it whatever the environment says', async () => {
    const path = program(`faultPoint('match'); faultPoint('match'); console.log('lived');`);
    expect(await run(['--import', ARM, path], undefined)).toMatchObject({ code: 1 });
    expect(await run([path], kill)).toMatchObject({ code: 0, said: 'lived\n' });
  });

  it('is no gateway of production: that one does not start', async () => {
    const uri = { url: 'env:DATABASE_URL' };
    const config = {
      version: 1,
      deployment: { id: 'register', kind: 'production' },
      listen: { host: '127.0.0.1' },
      database: uri,
      tls: { ca: 'file:a', certificate: 'file:a', key: 'file:a' },
      signing_key: 'file:a',
      key_set: 'file:a',
      log: { origin: 'register', key: 'file:a', heads: 'file:a' },
      storage_keys: 'file:a',
      policy: { wasm: 'file:a', manifest: 'file:a', signature: 'file:a', key: 'file:a' },
      officers: ['A'.repeat(43), 'B'.repeat(43)],
      limits: {},
    };
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify(config));
    const main = join(ROOT, 'gateway', 'main.ts');
    const armed = await run(['--import', ARM, main, '--config', path], {});
    expect([armed.code, armed.said]).toEqual([2, expect.stringContaining('which production refuses')]);
  }, 120_000);
});
