import { createHash, generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccessProofSchema, EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { buildAccessProof } from './access-proof.ts';
import { personLeaves } from './batch.ts';
import { checkAccessProof, type LogTrust } from './browser/check-access.ts';
import { signCheckpoint } from './checkpoint.ts';
import { entryLeaf, personSalt } from './leaf.ts';
import { BASES, encodePersonBody } from './person-body.ts';
import { sampleLeaves } from './reference.test-support.ts';
import { inclusionProof, NODE_TAGS, treeRoot } from './tree.ts';

const ORIGIN = 'lienthong.dev/dev-test';
const log = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = (key = log.publicKey) => Uint8Array.from(key.export({ type: 'spki', format: 'der' }));
const trust: LogTrust = { origin: ORIGIN, logKeys: [spki()] };

const nobody = { released: [], matched: [], mismatched: [], notAvailable: [] };
const bytesOf = (text: string) => createHash('sha256').update(text).digest();
/** A neighbour has the outcome 3 and its own fields; the person at `mine` the outcome 1. */
const bodyOf = (place: number, mine: readonly number[]) =>
  mine.includes(place)
    ? encodePersonBody({ ...nobody, outcome: 1, basis: BASES.statute, delayUntil: 0, matched: [1, 2, 9] })
    : encodePersonBody({ ...nobody, outcome: 3, basis: BASES.consent, delayUntil: 86_400 + place, mismatched: [17] });

/** An entry about `people` persons at `index` of a log of `size`, and the proof for those at `mine`. */
function sample(people: number, mine: readonly number[], index: number, size: number, told?: Uint8Array, at?: number) {
  const entryId = bytesOf('entry').subarray(0, 16);
  const logKeys = Array.from({ length: people }, (_, i) => bytesOf(`key ${i}`).subarray(0, 16));
  const bodies = logKeys.map((_, i) => bodyOf(i, mine));
  const offsets = Uint32Array.from([0, ...bodies.map((_, i) => Buffer.concat(bodies.slice(0, i + 1)).length)]);
  const leaves = personLeaves(Buffer.concat(logKeys), entryId, Buffer.concat(bodies), offsets);
  const facts: MessageInitShape<typeof EntrySchema> = {
    entryId,
    kind: EntryKind.CHUNK,
    timeMs: 1_764_000_000_123n,
    agency: 'viettel',
    method: '/lienthong.verification.v1.VerificationService/VerifyChunks',
    context: { requestId: 'request-1', purpose: 'subscriber-verification', unitCode: 'HN-CN12', caseRef: 'HS-1' },
    vocabularyVersion: 1,
    people,
    subtreeRoot: treeRoot(leaves, NODE_TAGS.person),
  };
  const entry = toBinary(EntrySchema, create(EntrySchema, facts));
  const entrySalt = bytesOf('salt').subarray(0, 16);
  const tree = sampleLeaves(size);
  tree[index] = entryLeaf(entrySalt, entry);
  const packed = Buffer.concat(tree);
  const root = treeRoot(packed, NODE_TAGS.log);
  const path = inclusionProof(packed, index, NODE_TAGS.log);
  const proof = buildAccessProof({
    entry,
    entrySalt,
    index,
    treeSize: size,
    path: Array.from({ length: path.length / 32 }, (_, i) => path.subarray(i * 32, i * 32 + 32)),
    checkpoint: signCheckpoint({ origin: ORIGIN, size, root }, ORIGIN, log.privateKey, log.publicKey),
    people: leaves,
    own: mine.map((i) => ({
      index: at ?? i,
      salt: personSalt(logKeys[i]!, entryId, i),
      body: told ?? bodies[i]!,
    })),
  });
  return { proof, entryId, logKeys, bodies };
}

describe("a person's own proof", () => {
  it('holds for every place in entries and logs of many sizes, and says what the leaf says', async () => {
    const place = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.integer({ min: 1, max: 70 }), fc.nat());
    await fc.assert(
      fc.asyncProperty(place, async ([people, at, size, index]) => {
        const { proof } = sample(people, [at % people], index % size, size);
        const checked = await checkAccessProof(proof, trust);
        expect(checked).toMatchObject({
          holds: true,
          access: {
            index: index % size,
            agency: 'viettel',
            purpose: 'subscriber-verification',
            unitCode: 'HN-CN12',
            timeMs: 1_764_000_000_123,
            people,
            uses: [{ leaf: at % people, outcome: 1, basis: BASES.statute, matched: [1, 2, 9], mismatched: [] }],
          },
        });
      }),
      { numRuns: 60 },
    );
  });

  it('shows nothing of neighbours: not their salt, not what was said of them, not their leaf but where it is the sibling', () => {
    const mine = [6];
    const { proof, entryId, logKeys, bodies } = sample(16, mine, 2, 5);
    const holds = (bytes: Uint8Array) => Buffer.from(proof).includes(Buffer.from(bytes));
    expect(holds(bodies[6]!)).toBe(true);
    for (let i = 0; i < 16; i++) {
      if (mine.includes(i)) continue;
      expect(holds(bodies[i]!), `body ${i}`).toBe(false);
      expect(holds(personSalt(logKeys[i]!, entryId, i)), `salt ${i}`).toBe(false);
      expect(holds(logKeys[i]!), `log key ${i}`).toBe(false);
    }
    expect(holds(logKeys[6]!), 'nor the own log key').toBe(false);
    const { leaves } = fromBinary(AccessProofSchema, proof);
    expect(leaves.map(({ index, path }) => [index, path.length])).toEqual([[6, 4]]);
  });

  it('holds all leaves of a person who stands in several rows, once each and in order', async () => {
    const checked = await checkAccessProof(sample(9, [8, 2, 3], 0, 1).proof, trust);
    expect(checked.holds && checked.access.uses.map(({ leaf }) => leaf)).toEqual([2, 3, 8]);
  });

  it('is not made of a leaf that is not the stored one, or is none', () => {
    expect(() => sample(4, [1], 0, 1, bodyOf(1, []))).toThrow('INCONSISTENT at person leaf');
    expect(() => sample(4, [1], 0, 1, bodyOf(1, [1]), 4)).toThrow('RANGE');
  });
});

describe('a proof that was tampered with', () => {
  it('does not hold, whatever bit is flipped, and never throws', async () => {
    const { proof } = sample(11, [5], 3, 7);
    const whole = await checkAccessProof(proof, trust);
    await fc.assert(
      fc.asyncProperty(fc.nat(proof.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Uint8Array.from(proof);
        changed[at]! ^= 1 << bit;
        const checked = await checkAccessProof(changed, trust);
        // A field that readers pass over may change its number; what is proven may not.
        if (checked.holds) expect(checked).toEqual(whole);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['another log key', {}, { logKeys: [spki(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)] }, 'HEAD'],
    ['another log', {}, { origin: 'lienthong.dev/dev-other' }, 'FORMAT'],
    ['witnesses demanded that nobody is', {}, { needed: 1 }, 'WITNESSES'],
    ['another position', { index: 4n }, {}, 'ENTRY'],
    ['another size', { treeSize: 8n }, {}, 'HEAD'],
    ['another salt', { entrySalt: new Uint8Array(16) }, {}, 'ENTRY'],
    ['a path cut short', { path: [] }, {}, 'ENTRY'],
    ['nobody', { leaves: [] }, {}, 'FORMAT'],
    ['no head', { checkpoint: '' }, {}, 'FORMAT'],
  ] as const)('%s: named', async (_name, change, other, fault) => {
    const whole = fromBinary(AccessProofSchema, sample(11, [5], 3, 7).proof);
    const changed = toBinary(AccessProofSchema, Object.assign(whole, change));
    expect(await checkAccessProof(changed, { ...trust, ...other })).toEqual({ holds: false, fault });
  });

  it('a leaf of another place, body or salt, or listed twice, is named', async () => {
    const faults: string[] = [];
    for (const change of [
      { index: 4 },
      { body: bodyOf(3, []) },
      { salt: new Uint8Array(16) },
      { salt: new Uint8Array(0) },
    ]) {
      const whole = fromBinary(AccessProofSchema, sample(11, [5], 3, 7).proof);
      Object.assign(whole.leaves[0]!, change);
      const checked = await checkAccessProof(toBinary(AccessProofSchema, whole), trust);
      faults.push(checked.holds ? 'held' : checked.fault);
    }
    expect(faults).toEqual(['PERSON', 'PERSON', 'PERSON', 'PERSON']);
    const twice = fromBinary(AccessProofSchema, sample(11, [5], 3, 7).proof);
    twice.leaves.push(twice.leaves[0]!);
    expect(await checkAccessProof(toBinary(AccessProofSchema, twice), trust)).toMatchObject({ fault: 'FORMAT' });
  });
});

it('the checker runs in a browser: it imports nothing from outside of its folder and knows no Node', () => {
  const folder = join(import.meta.dirname, 'browser');
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(3);
  for (const name of files) {
    const text = readFileSync(join(folder, name), 'utf8');
    const imported = [...text.matchAll(/ from '([^']+)'/g)].map(([, from]) => from);
    expect(
      imported.filter((from) => !/^\.\/[a-z-]+\.ts$/.test(from ?? '')),
      name,
    ).toEqual([]);
    expect(text, name).not.toMatch(/\b(Buffer|process|require|KeyObject)\b/);
  }
});
