import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Head, parseCheckpoint, signCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { cosignersOf, witnessName } from '../../gateway/proof/cosignature.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../../gateway/signing/key-store.ts';
import { KitError } from './kit-error.ts';
import type { Open } from './log-heads.ts';
import { cosignWhile, createLogWitness, type LogWitness } from './witness.ts';

const ORIGIN = 'lienthong.dev/dev-test';
const log = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const noteOf = (size: number) =>
  signCheckpoint({ origin: ORIGIN, size, root: Buffer.alloc(32, size) }, ORIGIN, log.privateKey, log.publicKey);

describe('a witness', () => {
  let stateFolder: string;
  let signingKey: SigningKey;
  /** What was handed in. */
  let given: { treeSize: bigint; line: string; kid: string }[];
  beforeEach(async () => {
    stateFolder = mkdtempSync(join(tmpdir(), 'lienthong-witness-'));
    signingKey = loadSigningKey(await generateSigningJwk());
    given = [];
  });
  afterEach(() => rmSync(stateFolder, { recursive: true, force: true }));

  /** Of a gateway whose log is consistent unless `refuse` throws; what it offers is given for each turn. */
  function witnessOf(offered: readonly number[], refuse: (note: string) => void = () => {}): LogWitness {
    const left = [...offered];
    const see = async (note: string): Promise<Head> => {
      refuse(note);
      return parseCheckpoint(note).head;
    };
    const open = (async (method: { name: string }, request: unknown) => {
      if (method.name === 'AddCosignature') {
        given.push(request as (typeof given)[number]);
        return { checkpoint: '', witnesses: given.length, witnessesNeeded: 2 };
      }
      const size = left.shift() ?? 0;
      return { checkpoint: noteOf(99), offered: size === 0 ? '' : noteOf(size), witnessed: '', witnessesNeeded: 2 };
    }) as unknown as Open;
    const profile = { agency: 'viettel', logOrigin: ORIGIN, signingKey, stateFolder };
    return createLogWitness({
      profile,
      logHeads: { newest: see, advance: async (note) => see(note ?? '') },
      open,
      now: () => 5,
    });
  }

  it('signs what is offered, under its own name and key, once it stands on the disk', async () => {
    expect(await witnessOf([7]).cosign()).toEqual({ size: 7, witnesses: 1, needed: 2, fresh: true });
    const [{ treeSize, line, kid } = expect.fail()] = given;
    expect([treeSize, kid]).toEqual([7n, signingKey.kid]);
    const key = { name: witnessName(ORIGIN, 'viettel'), key: createPublicKey(signingKey.key) };
    expect(cosignersOf(parseCheckpoint(`${noteOf(7)}${line}\n`), [key])).toEqual([{ name: key.name, time: 5 }]);
    const kept = JSON.parse(readFileSync(join(stateFolder, 'witnessed-head.json'), 'utf8'));
    expect(parseCheckpoint(kept.checkpoint).head.size).toBe(7);
  });

  it('signs the same head again, and never a smaller one, also in a later run', async () => {
    await witnessOf([7]).cosign();
    expect(await witnessOf([7]).cosign()).toMatchObject({ size: 7, fresh: false });
    expect(await witnessOf([6]).cosign()).toBeUndefined();
    expect(await witnessOf([0]).cosign(), 'nothing is offered').toBeUndefined();
    expect(await witnessOf([8]).cosign()).toMatchObject({ size: 8, fresh: true });
    expect(given.map(({ treeSize }) => treeSize)).toEqual([7n, 7n, 8n]);
  });

  it.each([
    ['the newest head', noteOf(99)],
    ['the offered head', noteOf(7)],
  ])('signs nothing where %s contradicts what was seen', async (_name, bad) => {
    const size = parseCheckpoint(bad).head.size;
    const witness = witnessOf([7], (note) => {
      if (parseCheckpoint(note).head.size === size) throw new KitError('LOG_INCONSISTENT', { problem: 'X' });
    });
    await expect(witness.cosign()).rejects.toMatchObject({ reason: 'LOG_INCONSISTENT' });
    expect(given).toEqual([]);
  });

  it.each(['{"checkpoint":"x"}', '{}', '{"checkp', ''])('does not take a damaged state for none: %j', async (text) => {
    writeFileSync(join(stateFolder, 'witnessed-head.json'), text);
    await expect(witnessOf([7]).cosign()).rejects.toMatchObject({ facts: { problem: 'STATE_DAMAGED' } });
    expect(given).toEqual([]);
  });
});

describe('while work goes on', () => {
  const failing = (error: unknown, turns: number[] = []): LogWitness => ({
    async cosign() {
      turns.push(1);
      throw error;
    },
  });
  /** Work that ends by itself only where it is not stopped. */
  const untilStopped = (signal: AbortSignal) =>
    new Promise<string>((_, reject) => {
      signal.addEventListener('abort', () => reject(new KitError('INTERRUPTED')));
    });

  it('a log that is another one stops the work, and is the reason given', async () => {
    const another = new KitError('LOG_INCONSISTENT', { problem: 'NOT_A_CONTINUATION' });
    await expect(cosignWhile(failing(another), undefined, untilStopped)).rejects.toBe(another);
  });

  it('a cosignature that cannot be handed in does not: it is tried again, until the work is done', async () => {
    const turns: number[] = [];
    const work = () => sleep(100).then(() => 'done');
    expect(await cosignWhile(failing(new KitError('UNAVAILABLE'), turns), undefined, work, 10)).toBe('done');
    expect(turns.length).toBeGreaterThan(1);
    const seen = turns.length;
    await sleep(50);
    expect(turns.length, 'and not after it').toBe(seen);
  });

  it('an interruption reaches the work', async () => {
    const stop = new AbortController();
    const work = cosignWhile(failing(new KitError('UNAVAILABLE')), stop.signal, untilStopped);
    stop.abort();
    await expect(work).rejects.toMatchObject({ reason: 'INTERRUPTED' });
  });
});
