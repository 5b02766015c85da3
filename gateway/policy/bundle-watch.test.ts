import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SigningKey } from '../signing/key-store.ts';
import { type BundleStore, type BundleWatch, createBundleWatch, openBundle } from './bundle-watch.ts';
import { createPolicyHost, type PolicyFault, type PolicyHost } from './host.ts';
import type { BundleFiles } from './signed-bundle.ts';
import { NO_ALLOW, NOBODY_ACTIVE, NOW, newRulesKey, signedFiles, trappingRules, trustIn } from './testing/bundles.ts';
import { allowedInput, POLICY_WASM, worldData } from './testing/vectors.ts';

/** What is remembered over restarts. */
let seen: Map<number, string>;
let key: SigningKey;
let disk: BundleFiles | Error;
let storeAway: boolean;
let lines: { level: string; fields: object }[];
let faults: PolicyFault[];
let host: PolicyHost;
let watch: BundleWatch;

const store: BundleStore = {
  async admit({ revision, digest }) {
    if (storeAway) throw new Error('the database is away');
    if (Math.max(...seen.keys(), 0) > revision) return 'rolled-back';
    seen.set(revision, seen.get(revision) ?? digest);
    return seen.get(revision) === digest ? 'admitted' : 'another';
  },
};
const source = () => ({
  ...trustIn(key),
  store,
  read: async () => {
    if (disk instanceof Error) throw disk;
    return disk;
  },
});

async function open(): Promise<void> {
  const bundle = await openBundle(source());
  host = createPolicyHost({
    wasm: bundle.module,
    data: worldData(),
    revision: { policy: bundle.revision, agreements: 7 },
    rulesEnd: bundle.end,
    onFault: (fault) => faults.push(fault),
  });
  const note = (level: string) => (fields: object) => void lines.push({ level, fields });
  const log = { info: note('info'), error: note('error') };
  watch = createBundleWatch({ source: source(), host, opened: bundle, log, pollMs: 10 });
}

const telco = { ...allowedInput('telco'), now: NOW };
const reason = (now = NOW) => host.decide({ ...telco, now }).reason;

beforeEach(async () => {
  key = await newRulesKey();
  [seen, disk, storeAway, lines, faults] = [new Map(), signedFiles(key), false, [], []];
  await open();
});

async function put(files: BundleFiles | Error): Promise<void> {
  disk = files;
  await watch.refresh();
}

describe('a good bundle of a higher revision', () => {
  it('decides from the next call on, under its own revision, with the agreements as they were', async () => {
    expect([reason(), host.revision]).toEqual(['OK', { policy: 1, agreements: 7 }]);
    await put(signedFiles(key, { wasm: NOBODY_ACTIVE, revision: 2 }));
    expect([reason(), host.revision]).toEqual(['AGENCY_NOT_ACTIVE', { policy: 2, agreements: 7 }]);
    await put(signedFiles(key, { revision: 3 }));
    expect([reason(), host.revision.policy, watch.current.revision]).toEqual(['OK', 3, 3]);
    expect([...seen.keys()]).toEqual([1, 2, 3]);
  });

  it('is found by itself while calls are decided, and none of them fails', async () => {
    watch.start();
    const answers = new Set<string>();
    disk = signedFiles(key, { revision: 2 });
    for (let tries = 0; tries < 400 && host.revision.policy < 2; tries += 1) {
      answers.add(host.decide({ ...telco, context: { ...telco.context, case_ref: `HS-${tries}` } }).reason);
      await sleep(2);
    }
    await watch.stop();
    expect([host.revision.policy, [...answers], faults]).toEqual([2, ['OK'], []]);
  });

  it('is not taken into use while it cannot be remembered, and is once it can', async () => {
    storeAway = true;
    disk = signedFiles(key, { revision: 2 });
    await expect(watch.refresh()).rejects.toThrow('away');
    expect([host.revision.policy, watch.refused, reason()]).toEqual([1, undefined, 'OK']);
    storeAway = false;
    await watch.refresh();
    expect(host.revision.policy).toBe(2);
  });
});

describe('a bad bundle leaves the last good one working, and is told once by its problem', () => {
  const edited = () => {
    const wasm = Uint8Array.from(POLICY_WASM);
    wasm[900] = (wasm[900] ?? 0) ^ 1;
    return { ...signedFiles(key, { revision: 4 }), wasm };
  };
  it.each<[string, string, () => BundleFiles | Error | Promise<BundleFiles>]>([
    ['forged', 'NOT_SIGNED', async () => signedFiles(await newRulesKey(), { wasm: NOBODY_ACTIVE, revision: 4 })],
    ['stripped of its signature', 'NOT_SIGNED', () => ({ ...signedFiles(key, { revision: 4 }), signature: '' })],
    ['truncated', 'NOT_SIGNED', () => ({ ...signedFiles(key, { revision: 4 }), wasm: POLICY_WASM.slice(0, 99_000) })],
    ['edited', 'NOT_SIGNED', edited],
    ['rolled back', 'ROLLED_BACK', () => signedFiles(key, { revision: 2 })],
    ['another one of the same revision', 'ANOTHER', () => signedFiles(key, { wasm: NOBODY_ACTIVE, revision: 3 })],
    ['ended', 'ENDED', () => signedFiles(key, { revision: 4, end: NOW })],
    ['answering otherwise', 'DOES_NOT_DECIDE', () => signedFiles(key, { wasm: NO_ALLOW, revision: 4 })],
    ['trapping', 'DOES_NOT_DECIDE', async () => signedFiles(key, { wasm: await trappingRules(), revision: 4 })],
    ['gone', 'UNREADABLE', () => new Error('ENOENT /etc/lienthong/policy.wasm')],
  ])('%s', async (_, problem, files) => {
    await put(signedFiles(key, { revision: 3 }));
    lines.length = 0;
    for (let look = 0; look < 3; look += 1) await put(await files());
    expect([watch.refused, host.revision.policy, reason()]).toEqual([problem, 3, 'OK']);
    expect(lines).toEqual([{ level: 'error', fields: { problem, revision: 3 } }]);
    expect([...seen.keys()]).toEqual([1, 3]);
    // The good one put back, nothing is refused any more.
    await put(signedFiles(key, { revision: 5 }));
    expect([watch.refused, host.revision.policy]).toEqual([undefined, 5]);
  });
});

it('older rules are refused also by a gateway whose database was set back', async () => {
  await put(signedFiles(key, { revision: 3 }));
  seen.clear();
  await put(signedFiles(key, { revision: 2 }));
  expect([watch.refused, host.revision.policy, [...seen.keys()]]).toEqual(['ROLLED_BACK', 3, []]);
  await put(signedFiles(key, { wasm: NOBODY_ACTIVE, revision: 3 }));
  expect([watch.refused, reason(), [...seen.keys()]]).toEqual(['ANOTHER', 'OK', []]);
});

describe('after a restart', () => {
  it.each<[string, string, () => BundleFiles]>([
    ['an older bundle', 'ROLLED_BACK', () => signedFiles(key, { revision: 2 })],
    ['another of the same revision', 'ANOTHER', () => signedFiles(key, { wasm: NOBODY_ACTIVE, revision: 3 })],
    ['one that has ended', 'ENDED', () => signedFiles(key, { revision: 4, end: NOW })],
  ])('%s does not start', async (_, code, files) => {
    await put(signedFiles(key, { revision: 3 }));
    disk = files();
    await expect(open()).rejects.toMatchObject({ code });
    disk = signedFiles(key, { revision: 3 });
    await open();
    expect([host.revision.policy, reason()]).toEqual([3, 'OK']);
  });
});

describe('rules whose end has come', () => {
  it('deny every call, also one that was just allowed, until they are signed anew', async () => {
    await put(signedFiles(key, { revision: 2, end: NOW + 5 }));
    expect([reason(NOW + 4), reason(NOW + 5), reason(NOW + 5000)]).toEqual([
      'OK',
      'POLICY_UNAVAILABLE',
      'POLICY_UNAVAILABLE',
    ]);
    expect(faults).toEqual(['RULES_ENDED', 'RULES_ENDED']);
    await put(signedFiles(key, { revision: 2, end: NOW + 9000 }));
    expect([reason(NOW + 5000), reason(NOW + 9000), host.revision.policy]).toEqual(['OK', 'POLICY_UNAVAILABLE', 2]);
    expect(watch.current.end).toBe(NOW + 9000);
  });

  it('keep their end when the agreements change', async () => {
    await put(signedFiles(key, { revision: 2, end: NOW + 5 }));
    host.replace({ ...host.contents, data: worldData(), revision: { ...host.revision, agreements: 8 } });
    expect([reason(NOW + 4), reason(NOW + 5), host.revision.agreements]).toEqual(['OK', 'POLICY_UNAVAILABLE', 8]);
  });
});
