/** The vector of a job: what goes over its stream, what ends it, and the results with their receipt. */
import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { refuse } from '../../../gateway/errors/refuse.ts';
import { signCheckpoint } from '../../../gateway/proof/checkpoint.ts';
import { receiptRowRoot } from '../../../gateway/proof/receipt.ts';
import { encodeResult } from '../../../gateway/proof/result-bytes.ts';
import { rowRefs } from '../../../gateway/proof/row-ref.ts';
import { buildReceipt } from '../../../gateway/proof/samples.test-support.ts';
import { NODE_TAGS, treeRoot } from '../../../gateway/proof/tree.ts';
import { chunkLeaves, leafTagsOf } from '../../../gateway/proof/verify-rows.ts';
import { digestOf } from '../../../gateway/signing/digest.ts';
import type { SignedKeySet } from '../../../gateway/signing/signed-key-set.ts';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  ChunkStreamRequestSchema,
  ChunkStreamResponseSchema,
  CloseJobRequestSchema,
  CloseJobResponseSchema,
  JobState,
  StartJobRequestSchema,
  StartJobResponseSchema,
} from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import {
  agency,
  callOf,
  drawn,
  gateway,
  hex,
  KEY,
  LOG_ORIGIN,
  logged,
  SIGNED_AT,
  toAgency,
  toGateway,
  VERIFICATION,
} from './exchange-parts.ts';
import { ROWS, resultsText } from './exchange-rows.ts';

const STREAM = `${VERIFICATION}/VerifyChunks`;
const [JOB_KEY, SEED, JOB_ID] = [drawn('job key', 32), drawn('row seed', 32), drawn('job').toString('hex')];
const CHUNK_ROWS = 256;
const AS_OF = BigInt(SIGNED_AT - 3600);
const purpose = 'subscriber-verification';
const context = (requestId: string) => ({ requestId, purpose });
const revisions = {
  policy: 'p-1',
  agreement: 'viettel-subscriber-verification:1',
  change: 0n,
  profile: 'lt-vn-2:2.0.0',
};

const sent = (kind: MessageInitShape<typeof ChunkStreamRequestSchema>['kind']): Uint8Array =>
  toBinary(ChunkStreamRequestSchema, create(ChunkStreamRequestSchema, { kind } as never));
const answered = (kind: MessageInitShape<typeof ChunkStreamResponseSchema>['kind']): Uint8Array =>
  toBinary(ChunkStreamResponseSchema, create(ChunkStreamResponseSchema, { kind } as never));

/** All of a job, and writes results.csv with its receipt into `folder`. */
export function jobVector(keySet: SignedKeySet, folder: URL) {
  const start = startOf();
  const opening = openingOf();
  const { chunk, leaves, answer } = chunkOf(start.dig);
  const rowRoot = treeRoot(leaves, NODE_TAGS.row);
  const end = endOf(rowRoot);
  const close = closeOf(start.dig, rowRoot);
  const receipt = buildReceipt({
    ...{ jobKey: JOB_KEY, jobId: JOB_ID, opening: Buffer.from(start.dig, 'base64url'), chunkRows: CHUNK_ROWS },
    columns: {
      row_id: 'MA_KH',
      msisdn: 'SO_TB',
      id_number: 'SO_GTTT',
      full_name: 'HO_TEN',
      date_of_birth: 'NGAY_SINH',
    },
    chunks: [
      {
        ...{ num: 0, rows: ROWS.length, seed: SEED, root: rowRoot, leafTags: leafTagsOf(leaves) },
        ...{ entryId: drawn('entry chunk'), answer },
      },
    ],
    ...{ rows: ROWS.length, rowRoot, token: close.receipt, logHead: close.checkpoint },
    ...{ keySet: keySet.jws, keySetPayload: keySet.payload },
  });
  writeFileSync(new URL('results.csv.receipt', folder), receipt);
  writeFileSync(new URL('results.csv', folder), resultsText(Number(AS_OF)));
  const { dig: _start, ...startShown } = start;
  return {
    job_id: JOB_ID,
    job_key: hex(JOB_KEY),
    start_job: startShown,
    opening,
    chunk: { ...chunk, row_leaves: hex(leaves), row_root: hex(rowRoot) },
    refused_chunks: refusedOf(chunk.payload),
    end,
    close_job: close,
  };
}

function startOf() {
  const method = `${VERIFICATION}/StartJob`;
  const columns = ['SO_GTTT', 'HO_TEN', 'NGAY_SINH'];
  const more = { chunkRows: CHUNK_ROWS, columns, fileDigest: drawn('file', 32), blind: drawn('start') };
  const request = toBinary(
    StartJobRequestSchema,
    create(StartJobRequestSchema, { context: context('start-7f3a'), ...more }),
  );
  const { dig, token } = callOf(method, request);
  const job = {
    jobId: JOB_ID,
    state: JobState.OPEN,
    chunkRows: CHUNK_ROWS,
    openingDigest: Buffer.from(dig, 'base64url'),
  };
  const reply = create(StartJobResponseSchema, { requestId: 'start-7f3a', job, blind: drawn('started') });
  const answer = toBinary(StartJobResponseSchema, reply);
  const claims = { ...toAgency, dig: digestOf(answer), mth: method, rqd: dig, req: 'start-7f3a', code: 0 };
  const answerToken = gateway.sign('lt-answer+jws', { ...claims, ...logged('start') });
  return {
    dig,
    method,
    request_id: 'start-7f3a',
    request: hex(request),
    token,
    answer: hex(answer),
    answer_token: answerToken,
  };
}

function openingOf() {
  const value = { jobId: JOB_ID, context: context('open-7f3b'), blind: drawn('open') };
  const payload = sent({ case: 'opening', value });
  const { dig, token } = callOf(STREAM, payload, { job: JOB_ID });
  const job = { jobId: JOB_ID, state: JobState.OPEN, chunkRows: CHUNK_ROWS };
  const answer = answered({ case: 'opened', value: { job, maxInFlight: 12, blind: drawn('opened') } });
  const claims = { ...toAgency, dig: digestOf(answer), mth: STREAM, rqd: dig, req: 'open-7f3b', code: 0 };
  const answerToken = gateway.sign('lt-answer+jws', { ...claims, ...logged('open') });
  return {
    method: STREAM,
    request_id: 'open-7f3b',
    payload: hex(payload),
    token,
    answer: hex(answer),
    answer_token: answerToken,
  };
}

function chunkOf(opn: string) {
  const [slim, text] = [[ROWS[0], ROWS[2]], ROWS[1]];
  const lines = ROWS.map((_, i) => i + 2);
  const refs = rowRefs(
    JOB_KEY,
    lines,
    ROWS.map(({ rowId }) => rowId),
    ROWS.map(({ msisdn }) => msisdn),
  );
  const payload = sent({
    case: 'chunk',
    value: {
      ...{ num: 0, ackedThrough: 0, rowRefs: refs, blind: drawn('chunk') },
      ids: slim.map(({ id }) => BigInt(id)),
      names: slim.map(({ name }) => name),
      dates: slim.map(({ born }) => Number(born.replaceAll('-', ''))),
      textRows: [{ index: 1, idNumber: text.id, fullName: text.name, dateOfBirth: text.born }],
    },
  });
  const dig = digestOf(payload);
  const token = agency.sign('lt-chunk+jws', { ...toGateway, dig, mth: STREAM, job: JOB_ID, num: 0, opn });
  const rows = ROWS.map(({ rowId, msisdn, result }, i) => ({
    line: i + 2,
    rowId,
    msisdn,
    result: encodeResult(result),
  }));
  const leaves = chunkLeaves(JOB_KEY, SEED, rows);
  const results = Buffer.concat(rows.map(({ result }) => result));
  const told = {
    num: 0,
    rows: 3,
    results,
    rowSeed: SEED,
    rowRoot: treeRoot(leaves, NODE_TAGS.row),
    asOf: AS_OF,
    revisions,
  };
  const answer = answered({ case: 'answer', value: { ...told, blind: drawn('answered') } });
  const claims = { ...toAgency, dig: digestOf(answer), mth: STREAM, rqd: dig, job: JOB_ID, num: 0, code: 0 };
  const answerToken = gateway.sign('lt-answer+jws', { ...claims, ...logged('chunk') });
  const chunk = {
    method: STREAM,
    num: 0,
    payload: hex(payload),
    token,
    answer: hex(answer),
    answer_token: answerToken,
  };
  return { chunk, leaves, answer: answerToken };
}

/** Once read as a chunk of the job, a refusal names its number; before, only its digest, and the request id of the opening. */
function refusedOf(payload: string) {
  const rqd = digestOf(Buffer.from(payload, 'hex'));
  const refusalOf = (reason: ErrorReason.CONTENT_CHANGED | ErrorReason.KEY_UNKNOWN, bound: object) => {
    const { code, details } = refuse(reason, { requestId: 'open-7f3b' });
    const claims = { ...toAgency, dig: digestOf(details), mth: STREAM, rqd, ...bound, code };
    return {
      reason: ErrorReason[reason],
      code,
      details: hex(details),
      answer_token: gateway.sign('lt-answer+jws', claims as never),
    };
  };
  return [
    refusalOf(ErrorReason.CONTENT_CHANGED, { job: JOB_ID, num: 0 }),
    refusalOf(ErrorReason.KEY_UNKNOWN, { req: 'open-7f3b' }),
  ];
}

function endOf(rowRoot: Uint8Array) {
  const counted = { cnt: 1, rows: ROWS.length };
  const value = { chunks: 1, rows: BigInt(ROWS.length) };
  const payload = sent({ case: 'end', value: { ...value, blind: drawn('end') } });
  const token = agency.sign('lt-end+jws', { ...toGateway, dig: digestOf(payload), job: JOB_ID, ...counted });
  // Over the row roots of the answers of this stream: of one chunk it is that root.
  const root = treeRoot(rowRoot, NODE_TAGS.row);
  const answer = answered({ case: 'end', value: { ...value, root, blind: drawn('ended') } });
  const claims = {
    ...toAgency,
    dig: digestOf(answer),
    job: JOB_ID,
    ...counted,
    root: Buffer.from(root).toString('base64url'),
  };
  return { payload: hex(payload), token, answer: hex(answer), answer_token: gateway.sign('lt-end+jws', claims) };
}

function closeOf(opn: string, rowRoot: Uint8Array) {
  const method = `${VERIFICATION}/CloseJob`;
  const expected = { expectedChunks: 1, expectedRows: BigInt(ROWS.length) };
  const asked = { context: context('close-7f3c'), jobId: JOB_ID, ...expected, blind: drawn('close') };
  const request = toBinary(CloseJobRequestSchema, create(CloseJobRequestSchema, asked));
  const { dig, token } = callOf(method, request);
  const head = { origin: LOG_ORIGIN, size: 7, root: drawn('log', 32) };
  const checkpoint = signCheckpoint(head, LOG_ORIGIN, KEY.key, createPublicKey(KEY.key));
  const root = Buffer.from(receiptRowRoot([{ root: rowRoot }] as never)).toString('base64url');
  const receipt = gateway.sign('lt-receipt+jws', {
    ...{
      ...toAgency,
      dig: digestOf(Buffer.from(checkpoint)),
      job: JOB_ID,
      opn,
      cnt: 1,
      rows: ROWS.length,
      root,
      head: checkpoint,
    },
    totals: { VERIFIED: 1, PROBABLE: 1, MISMATCH: 1 },
    ver: {
      format: 'lienthong-rows-1',
      vocabulary: '1',
      profile: 'lt-vn-2:2.0.0',
      policy: 'p-1',
      agreement: revisions.agreement,
    },
  });
  const job = { jobId: JOB_ID, state: JobState.DONE, chunkRows: CHUNK_ROWS, chunks: 1n, rows: BigInt(ROWS.length) };
  const told = { requestId: 'close-7f3c', job, receipt, checkpoint, blind: drawn('closed') };
  const answer = toBinary(CloseJobResponseSchema, create(CloseJobResponseSchema, told));
  const claims = { ...toAgency, dig: digestOf(answer), mth: method, rqd: dig, req: 'close-7f3c', code: 0 };
  const answerToken = gateway.sign('lt-answer+jws', { ...claims, ...logged('close') });
  return {
    ...{
      method,
      request_id: 'close-7f3c',
      request: hex(request),
      token,
      answer: hex(answer),
      answer_token: answerToken,
    },
    ...{ receipt, checkpoint },
  };
}
