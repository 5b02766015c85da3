import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { personLeaves, rowLeaves, rowRefs, treeRoot } from '../../../gateway/proof/batch.ts';
import { checkAccessProof } from '../../../gateway/proof/browser/check-access.ts';
import { checkpointText, ecdsaKeyId, parseCheckpoint, verifyCheckpoint } from '../../../gateway/proof/checkpoint.ts';
import { cosignersOf } from '../../../gateway/proof/cosignature.ts';
import { entryLeaf, personLeaf, personSalt, rowLeaf, rowSalt, rowSalts } from '../../../gateway/proof/leaf.ts';
import { decodePersonBody, encodePersonBody } from '../../../gateway/proof/person-body.ts';
import { parseReceipt } from '../../../gateway/proof/receipt.ts';
import { hashOf } from '../../../gateway/proof/reference.test-support.ts';
import { decodeResult, encodeResult } from '../../../gateway/proof/result-bytes.ts';
import { checkRowProof, parseRowProof, writeRowProof } from '../../../gateway/proof/row-proof.ts';
import { rowRef } from '../../../gateway/proof/row-ref.ts';
import {
  buildReceipt,
  CODEC,
  sampleReceipt,
  sampleRows,
  verifyRows,
} from '../../../gateway/proof/samples.test-support.ts';
import { NODE_TAGS } from '../../../gateway/proof/tree.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const golden = JSON.parse(read('leaves.json'));
const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

describe('golden leaves', () => {
  it('entry leaf', () => {
    const { salt, entry, input, leaf } = golden.entry_leaf;
    expect(hex(entryLeaf(bytes(salt), bytes(entry)))).toBe(leaf);
    expect(hex(hashOf(bytes(input)))).toBe(leaf);
  });

  it('person salt, body and leaf, one and in a batch', () => {
    const { log_key, entry_id, index, salt, salt_input, body_model, body, input, leaf } = golden.person_leaf;
    expect(hex(personSalt(bytes(log_key), bytes(entry_id), index))).toBe(salt);
    expect(hex(hashOf(bytes(salt_input))).slice(0, 32)).toBe(salt);
    expect(hex(encodePersonBody(body_model))).toBe(body);
    expect(decodePersonBody(bytes(body))).toEqual(body_model);
    expect(hex(personLeaf(bytes(salt), bytes(body)))).toBe(leaf);
    expect(hex(hashOf(bytes(input)))).toBe(leaf);
    const offsets = Uint32Array.of(0, body.length / 2);
    expect(hex(personLeaves(bytes(log_key), bytes(entry_id), bytes(body), offsets, index))).toBe(leaf);
  });

  it('row refs', () => {
    for (const { job_key, line, row_id, msisdn, row_ref } of golden.row_ref) {
      expect(hex(rowRef(bytes(job_key), line, row_id, msisdn))).toBe(row_ref);
      expect(hex(rowRefs(bytes(job_key), [line, 1], [row_id, ''], [msisdn, ''])).slice(0, 32)).toBe(row_ref);
    }
  });

  it('row salts, result and leaf, one and in a batch', () => {
    const { seed, salts, index, salt, row_ref, result_model, result, input, leaf } = golden.row_leaf;
    expect(hex(rowSalts(bytes(seed), 3))).toBe(salts);
    expect(hex(rowSalt(bytes(seed), index))).toBe(salt);
    expect(hex(encodeResult(result_model))).toBe(result);
    expect(decodeResult(bytes(result))).toEqual(result_model);
    expect(hex(rowLeaf(bytes(salt), bytes(row_ref), bytes(result)))).toBe(leaf);
    expect(hex(hashOf(bytes(input)))).toBe(leaf);
    expect(hex(rowLeaves(bytes(seed), bytes(row_ref.repeat(3)), bytes(result.repeat(3)))).slice(128)).toBe(leaf);
  });

  it('roots of the three trees', () => {
    const packed = Buffer.concat(golden.trees.leaves.map(bytes));
    for (const kind of ['log', 'person', 'row'] as const) {
      expect(hex(treeRoot(packed, NODE_TAGS[kind]))).toBe(golden.trees[kind]);
      expect(hex(treeRoot(new Uint8Array(0), NODE_TAGS[kind]))).toBe(golden.trees.empty);
    }
  });
});

describe('golden checkpoint', () => {
  const vector = JSON.parse(read('checkpoint.json'));
  const key = createPublicKey({ key: Buffer.from(vector.public_key_spki, 'hex'), format: 'der', type: 'spki' });

  it('text, key id and note', () => {
    const head = verifyCheckpoint(vector.note, vector.origin, vector.origin, key);
    expect([head.size, hex(head.root)]).toEqual([vector.size, vector.root]);
    expect(checkpointText(head)).toBe(vector.text);
    expect(parseCheckpoint(vector.note).text).toBe(vector.text);
    expect(hex(ecdsaKeyId(key))).toBe(vector.key_id);
  });
});

describe("golden proof of a person's", () => {
  const vector = JSON.parse(read('access-proof.json'));
  const witnesses = (vector.witnesses as { name: string; key: JsonWebKey }[]).map(({ name, key }) => ({
    name,
    key: createPublicKey({ key, format: 'jwk' }),
  }));
  const cosigned = witnesses.map(({ name }, i) => ({ name, time: vector.cosigned_at[i] }));

  it('cosignatures', () => {
    expect(cosignersOf(parseCheckpoint(vector.note), witnesses)).toEqual(cosigned);
  });

  it('holds, with both witnesses, and says what it was made to say', async () => {
    const spki = (key: KeyObject) => Uint8Array.from(key.export({ type: 'spki', format: 'der' }));
    const trust = {
      origin: vector.origin,
      logKeys: [spki(createPublicKey(vector.log_key_pem))],
      witnesses: witnesses.map(({ name, key }) => ({ name, key: spki(key) })),
      needed: 2,
    };
    const { not_available: notAvailable, delay_until: delayUntil, ...body } = vector.body;
    const { agency, purpose, index, people } = vector;
    expect(await checkAccessProof(bytes(vector.proof), trust)).toMatchObject({
      holds: true,
      access: {
        ...{ agency, purpose, index, people },
        entryId: Uint8Array.from(bytes(vector.entry_id)),
        head: { size: vector.size, witnesses: cosigned },
        uses: vector.leaves.map((leaf: number) => ({ leaf, notAvailable, delayUntil, ...body })),
      },
    });
  });
});

describe('golden receipt', () => {
  const text = read('results.csv.receipt');

  it('is what the same rows give today, and its rows verify', () => {
    expect(buildReceipt(sampleReceipt(sampleRows(300)))).toBe(text);
    expect(verifyRows(parseReceipt(text), sampleRows(300)).ok).toBe(true);
  });

  it.each(['row-291.proof.json', 'row-291.proof-2.json'])('proof of a row: %s', (name) => {
    const proof = read(name);
    expect(writeRowProof(parseRowProof(proof))).toBe(proof);
    expect(checkRowProof(parseRowProof(proof), parseReceipt(text), CODEC)).toBe(true);
  });
});
