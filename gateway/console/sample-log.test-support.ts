/** A log of a few entries about one person, with proofs that hold. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type Access,
  AccessOutcome,
  AccessSchema,
  EntryKind,
  EntrySchema,
} from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { FieldBasis } from '../../proto/gen/lienthong/audit/v1/decision_pb.js';
import { VOCABULARY } from '../fields/vocabulary.ts';
import { buildAccessProof } from '../proof/access-proof.ts';
import { signCheckpoint } from '../proof/checkpoint.ts';
import { entryLeaf, personLeaf } from '../proof/leaf.ts';
import { encodePersonBody } from '../proof/person-body.ts';
import { inclusionProof, NODE_TAGS, treeRoot } from '../proof/tree.ts';
import type { LogTrust } from './log-trust.ts';

const ORIGIN = 'lienthong.dev/dev-sample';
const SIZE = 7;

interface Look {
  readonly agency: string;
  readonly purpose: string;
  readonly timeMs: number;
  readonly released: readonly string[];
  readonly compared: readonly string[];
  readonly basis: FieldBasis;
  readonly people: number;
}

export interface SampleLog {
  readonly trust: LogTrust;
  readonly accesses: readonly Access[];
}

export function createSampleLog(now: number): SampleLog {
  const log = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const hour = 3_600_000;
  const looks: Look[] = [
    {
      ...{ agency: 'moh', purpose: 'patient-records', timeMs: now - hour, people: 1 },
      ...{ released: ['full_name', 'date_of_birth'], compared: [], basis: FieldBasis.STATUTE },
    },
    {
      ...{ agency: 'viettel', purpose: 'subscriber-verification', timeMs: now - 30 * hour, people: 5 },
      ...{ released: [], compared: ['personal_id', 'full_name', 'date_of_birth'], basis: FieldBasis.STATUTE },
    },
  ];

  function accessOf(look: Look, index: number): Access {
    const entryId = new Uint8Array(randomBytes(16));
    const salts = Array.from({ length: look.people }, () => randomBytes(16));
    const ids = (paths: readonly string[]) => paths.map((path) => VOCABULARY.byPath.get(path)?.id ?? 0);
    const fields = { released: ids(look.released), matched: ids(look.compared), mismatched: [], notAvailable: [] };
    const body = encodePersonBody({ ...fields, outcome: look.released.length === 0 ? 1 : 32, basis: 1, delayUntil: 0 });
    const people = Buffer.concat(salts.map((salt) => personLeaf(salt, body)));
    const entry = toBinary(
      EntrySchema,
      create(EntrySchema, {
        ...{ entryId, kind: EntryKind.UNARY, timeMs: BigInt(look.timeMs), agency: look.agency, people: look.people },
        context: { requestId: 'r-1', purpose: look.purpose, unitCode: 'HN-01' },
        subtreeRoot: treeRoot(people, NODE_TAGS.person),
      }),
    );
    const entrySalt = randomBytes(16);
    const leaves = Array.from({ length: SIZE }, () => randomBytes(32) as Uint8Array);
    leaves[index] = entryLeaf(entrySalt, entry);
    const packed = Buffer.concat(leaves);
    const path = inclusionProof(packed, index, NODE_TAGS.log);
    const head = { origin: ORIGIN, size: SIZE, root: treeRoot(packed, NODE_TAGS.log) };
    const proof = buildAccessProof({
      ...{ entry, entrySalt, index, treeSize: SIZE, people },
      path: Array.from({ length: path.length / 32 }, (_, at) => path.subarray(at * 32, at * 32 + 32)),
      checkpoint: signCheckpoint(head, ORIGIN, log.privateKey, log.publicKey),
      own: [{ index: look.people - 1, salt: salts.at(-1) ?? entrySalt, body }],
    });
    const facts: MessageInitShape<typeof AccessSchema> = {
      entries: [{ entryId, logPosition: BigInt(index), timeMs: BigInt(look.timeMs), proof }],
      ...{ firstMs: BigInt(look.timeMs), lastMs: BigInt(look.timeMs), times: 1, agency: look.agency },
      ...{
        agencyVi: look.agency === 'moh' ? 'Bộ Y tế' : '',
        agencyEn: look.agency === 'moh' ? 'Ministry of Health' : '',
      },
      ...{ purpose: look.purpose, basis: look.basis, unitCode: 'HN-01', officerPseudonym: randomBytes(16) },
      outcome: look.released.length === 0 ? AccessOutcome.COMPARED : AccessOutcome.RELEASED,
      released: { paths: [...look.released] },
      compared: { paths: [...look.compared] },
      jobId: look.people > 1 ? randomBytes(16) : new Uint8Array(),
    };
    return create(AccessSchema, facts);
  }

  const der = log.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
  return {
    trust: { origin: ORIGIN, keys: [{ kid: 'kVb3fHk1mRr0bq2l9GJ7yJ3q0Qe0aXn5n8zWZ1pK5dA', der }] },
    accesses: looks.map((look, at) => accessOf(look, SIZE - 1 - at)),
  };
}
