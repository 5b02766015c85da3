/** An entry of the log, byte for byte: what was hashed years ago must be what is read then. */
import { readFileSync, writeFileSync } from 'node:fs';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { entryLeaf } from '../../gateway/proof/leaf.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';

const bytes = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => (from + i) & 0xff);
const SALT = bytes(0xa0, 16);

/** Every field set, none at its default. */
const FULL = create(EntrySchema, {
  entryId: bytes(1, 16),
  kind: EntryKind.CHUNK,
  timeMs: 1_795_333_333_123n,
  agency: 'viettel',
  method: '/lienthong.verification.v1.VerificationService/VerifyChunks',
  context: {
    requestId: 'request-0001',
    purpose: 'subscriber-verification',
    serviceCode: 'SIM-REG-01',
    unitCode: 'HN-CN12',
    caseRef: 'HS-2026-000123',
  },
  officerPseudonym: bytes(0x20, 16),
  vocabularyVersion: 1,
  releasedFields: [1, 44, 255],
  matchedFields: [1, 2, 3],
  revisions: { policy: '7.3', agreement: 'viettel-subscriber-verification:1', change: 26n, profile: 'lt-vn-1:1.0.0' },
  requestDigest: bytes(0x30, 32),
  answerDigest: bytes(0x50, 32),
  decisionDigest: bytes(0x70, 32),
  jobId: bytes(0x90, 16),
  chunkNum: 4095,
  rows: 4096,
  people: 4100,
  subtreeRoot: bytes(0xb0, 32),
  rowRoot: bytes(0xc0, 32),
  refusalReason: 16,
  earlierEntryId: bytes(0xd0, 16),
  signingKey: bytes(0xe0, 32),
});
/** Nothing but what every entry has. */
const LEAST = create(EntrySchema, { entryId: bytes(1, 16), kind: EntryKind.IMPORT, timeMs: 1n, agency: 'operator' });

const FILE = new URL('entry.json', import.meta.url);
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const vectorOf = (entry: typeof FULL) => {
  const written = toBinary(EntrySchema, entry);
  return { entry: hex(written), leaf: hex(entryLeaf(SALT, written)) };
};

describe('an entry', () => {
  const now = { salt: hex(SALT), full: vectorOf(FULL), least: vectorOf(LEAST) };
  if (process.env.LIENTHONG_FREEZE === 'entry') writeFileSync(FILE, `${JSON.stringify(now, null, 2)}\n`);
  const frozen = JSON.parse(readFileSync(FILE, 'utf8')) as typeof now;

  it('has the frozen bytes and the frozen leaf', () => expect(now).toEqual(frozen));

  it('is read back from the frozen bytes with every field', () => {
    expect(fromBinary(EntrySchema, bytesOf(frozen.full.entry))).toEqual(FULL);
    expect(fromBinary(EntrySchema, bytesOf(frozen.least.entry))).toEqual(LEAST);
  });

  it('has a vector in which no field is left out', () => {
    for (const field of EntrySchema.fields) {
      const value = FULL[field.localName as keyof typeof FULL];
      expect(
        JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v)),
        field.name,
      ).not.toMatch(/^(0|""|\[\]|\{\}|undefined)$/);
    }
  });
});
