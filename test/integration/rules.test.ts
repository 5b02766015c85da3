/** Rules under a running gateway: replaced without a refused call, a bad bundle without effect, older ones refused for ever. */
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { RULES_FILES } from '../../gateway/development/rules.ts';
import { signBundle } from '../../gateway/policy/signed-bundle.ts';
import { NOBODY_ACTIVE } from '../../gateway/policy/testing/bundles.ts';
import { POLICY_MANIFEST, POLICY_WASM } from '../../gateway/policy/testing/vectors.ts';
import { loadSigningKey } from '../../gateway/signing/key-store.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';

const { getPerson } = PersonService.method;
const manifestOf = (revision: number) =>
  JSON.stringify({ ...(JSON.parse(POLICY_MANIFEST) as object), revision: String(revision) });
const first = Number((JSON.parse(POLICY_MANIFEST) as { revision: string }).revision);

let gateway: TestGateway;
let moh: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0, config: { metrics: { port: 0 } } });
  const path = gateway.deployment.configPath;
  const config = JSON.parse(readFileSync(path, 'utf8')) as { policy: object };
  const policy = { ...config.policy, wasm: 'file:rules.wasm', manifest: 'file:rules.manifest' };
  copyFileSync('policies/bundle/policy.wasm', at('rules.wasm'));
  copyFileSync('policies/bundle/.manifest', at('rules.manifest'));
  writeFileSync(path, JSON.stringify({ ...config, policy }), { mode: 0o600 });
  await gateway.restart();
  moh = gateway.raw('moh');
});
afterAll(() => gateway?.stop());

const at = (name: string) => join(gateway.folder, 'gateway', name);
const ask = async () => {
  const { code, reason, claims } = await moh.attempt(getPerson, {
    personalId: '901085000017',
    readMask: { paths: ['full_name'] },
  });
  return { code, reason, rules: claims?.rev?.policy.split('.')[0] };
};

interface Put {
  readonly revision: number;
  readonly wasm?: Uint8Array;
  /** What lies on the disk in place of the rules that are signed. */
  readonly laid?: Uint8Array;
  readonly until?: number;
}

/** As an operator copies a bundle: rules first, their signature last. */
function put({ revision, wasm = POLICY_WASM, laid = wasm, until = 3600 }: Put) {
  const { key, kid } = loadSigningKey(JSON.parse(readFileSync(at(RULES_FILES.key), 'utf8')));
  const signer = createSigner({ key, kid, issuer: 'gateway' });
  const manifest = manifestOf(revision);
  const iat = Math.floor(Date.now() / 1000);
  const made = { signer, deployment: gateway.deployment.id, iat, end: iat + until };
  const files = { wasm: Uint8Array.from(wasm), manifest };
  writeFileSync(at('rules.wasm.part'), laid);
  writeFileSync(at('rules.manifest.part'), manifest);
  renameSync(at('rules.wasm.part'), at('rules.wasm'));
  renameSync(at('rules.manifest.part'), at('rules.manifest'));
  writeFileSync(at(RULES_FILES.signature), signBundle(files, made));
}
const metric = async (name: string) => {
  const text = await (await fetch(`http://127.0.0.1:${gateway.process.metricsPort}/metrics`)).text();
  return new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1];
};
const refused = () =>
  gateway
    .logged()
    .map((line) => JSON.parse(line) as { event?: string; problem?: string })
    .filter(({ event }) => event === 'a bundle was refused, the rules stay as they are')
    .map(({ problem }) => problem);

test('a new revision decides without a refused call, and stands in every answer from then on', async () => {
  const before = await ask();
  expect(before).toEqual({ code: 0, reason: undefined, rules: String(first) });
  // The gateway may look before the next call comes.
  const seen = new Set([before.rules ?? '']);
  put({ revision: first + 1 });
  const answers: (string | undefined)[] = [];
  for (let tries = 0; tries < 200 && !seen.has(String(first + 1)); tries += 1) {
    const { code, rules } = await ask();
    seen.add(rules ?? '');
    answers.push(`${code}`);
    await sleep(20);
  }
  expect([...seen], 'both, and in order').toEqual([String(first), String(first + 1)]);
  expect(new Set(answers)).toEqual(new Set(['0']));
});

test('a bundle that does not count changes nothing, and is told by log, metric and status', async () => {
  const edited = Buffer.from(POLICY_WASM);
  edited[edited.length - 1] = (edited[edited.length - 1] ?? 0) ^ 1;
  put({ revision: first + 2, wasm: NOBODY_ACTIVE, laid: edited });
  await vi.waitFor(() => expect(refused()).toContain('NOT_SIGNED'), { timeout: 5000 });
  expect(await ask()).toMatchObject({ code: 0, rules: String(first + 1) });
  expect([await metric('lienthong_policy_rules_refused'), await metric('lienthong_policy_rules_revision')]).toEqual([
    '1',
    String(first + 1),
  ]);
  const { stdout } = await runCaptured(['status', '--config', gateway.deployment.configPath, '--json']);
  const { findings } = JSON.parse(stdout) as { findings: { finding: string }[] };
  expect(findings.map(({ finding }) => finding)).toContain('RULES_REFUSED');
});

test('other rules decide otherwise; once their signature has ended every call is denied', async () => {
  put({ revision: first + 3, wasm: NOBODY_ACTIVE });
  await vi.waitFor(async () => expect(await ask()).toMatchObject({ reason: 'REVOKED' }), { timeout: 5000 });
  put({ revision: first + 4, until: 8 });
  await vi.waitFor(async () => expect(await ask()).toMatchObject({ code: 0, rules: String(first + 4) }), {
    timeout: 7900,
  });
  await vi.waitFor(async () => expect(await ask()).toMatchObject({ reason: 'POLICY_UNAVAILABLE' }), {
    timeout: 15_000,
  });
  expect(
    Number(await metric('lienthong_policy_faults_total{fault="RULES_ENDED"}'.replace(/[{}"]/g, '\\$&'))),
  ).toBeGreaterThan(0);
  put({ revision: first + 4 });
  await vi.waitFor(async () => expect(await ask()).toMatchObject({ code: 0 }), { timeout: 5000 });
});

test('a gateway that starts with older rules does not serve; with those that were in use it does', async () => {
  put({ revision: first + 3, wasm: NOBODY_ACTIVE });
  await expect(gateway.restart()).rejects.toThrow('older than one that was in use');
  put({ revision: first + 4 });
  await gateway.restart();
  moh = gateway.raw('moh');
  expect(await ask()).toMatchObject({ code: 0, rules: String(first + 4) });
});
