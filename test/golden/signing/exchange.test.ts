import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { openAnswer } from '../../../connectors/kit/encrypted-answer.ts';
import { verifyReceipt } from '../../../connectors/kit/receipt-verify.ts';
import { readRefusal } from '../../../gateway/errors/read.ts';
import { rowLeaves, treeRoot } from '../../../gateway/proof/batch.ts';
import { NODE_TAGS } from '../../../gateway/proof/tree.ts';
import { type Binding, checkBinding } from '../../../gateway/signing/binding.ts';
import { digestOf } from '../../../gateway/signing/digest.ts';
import { loadDecryptionKey } from '../../../gateway/signing/encryption-key.ts';
import { liveKeys } from '../../../gateway/signing/key-set.ts';
import { keyLookup, verificationKeyOf } from '../../../gateway/signing/public-key.ts';
import { verifyKeySet } from '../../../gateway/signing/signed-key-set.ts';
import type { ClaimsOf, FormOf, TokenType } from '../../../gateway/signing/token-types.ts';
import { verifyToken } from '../../../gateway/signing/verify.ts';
import { GetPersonResponseSchema } from '../../../proto/gen/lienthong/person/v1/person_pb.js';
import {
  ChunkStreamRequestSchema,
  ChunkStreamResponseSchema,
  CloseJobResponseSchema,
  VerifyPersonResponseSchema,
} from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { RefusedToken } from './refused-tokens.ts';

/** The frozen exchanges hold for this side's own code, as client and as gateway; the frozen bad tokens hold for neither. */

const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const exchange = read('exchange.json');
const refused = read('refused.json') as readonly RefusedToken[];
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

const { deployment, agency, root } = exchange;
const known = verifyKeySet(
  { payload: bytes(exchange.key_set.payload), jws: exchange.key_set.token },
  { root, issuer: 'gateway', audience: `*@${deployment}` },
);
if (!known.ok) throw new Error(known.problem);
const gatewayKeys = liveKeys(known.set, 'gateway');
const agencyKeys = keyLookup([verificationKeyOf(exchange.agency_key, agency)]);

type Facts = Omit<Binding, 'audience'>;

/** The claims of a token that holds for these facts; whoever is asked is told by the typ. */
function judged<T extends TokenType, F extends FormOf<T>>(token: string, typ: T, form: F, facts: Facts) {
  const ours = typ === 'lt-answer+jws' || typ === 'lt-receipt+jws' || (typ === 'lt-end+jws' && form === 'server');
  const result = verifyToken(token, { typ, form, keys: ours ? gatewayKeys : agencyKeys });
  if (!result.ok) return result.problem;
  const audience = `${ours ? agency : 'gateway'}@${deployment}`;
  return checkBinding(result.claims, { ...facts, audience }) ?? result.claims;
}

function held<T extends TokenType, F extends FormOf<T>>(token: string, typ: T, form: F, facts: Facts): ClaimsOf<T, F> {
  const result = judged(token, typ, form, facts);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

const { call, refused_call, encrypted_call, start_job, opening, chunk, end, close_job, job_id: job } = exchange;
const opn = digestOf(bytes(start_job.request));

/** Of a unary exchange: the request's token, and what its answer is to be bound to. */
function asked({ method, request, request_id: requestId, token }: typeof call) {
  const digest = digestOf(bytes(request));
  held(token, 'lt-call+jws', 'call', { method, digest });
  return { method, requestDigest: digest, requestId };
}

describe('a unary call', () => {
  it('and its answer', () => {
    const facts = { ...asked(call), digest: digestOf(bytes(call.answer)) };
    expect(held(call.answer_token, 'lt-answer+jws', 'call', facts).code).toBe(0);
    expect(fromBinary(VerifyPersonResponseSchema, bytes(call.answer)).verdict).toBe(1);
  });

  it.each(exchange.call_also_good as { why: string; token: string }[])('also by a token with $why', ({ token }) => {
    expect(asked({ ...call, token }).requestId).toBe(call.request_id);
  });

  it('and its refusal, signed over the details', () => {
    const facts = { ...asked(refused_call), digest: digestOf(bytes(refused_call.details)) };
    const { code } = held(refused_call.answer_token, 'lt-answer+jws', 'call', facts);
    expect(code).toBe(refused_call.code);
    expect(readRefusal(code, bytes(refused_call.details))?.reasonName).toBe(refused_call.reason);
  });

  it('and its encrypted answer, with a signed message inside', () => {
    const jwk = read('published-example-encryption-key.jwk.json');
    const opened = openAnswer(GetPersonResponseSchema, { signature: undefined }, bytes(encrypted_call.answer), [
      loadDecryptionKey(jwk),
    ]);
    expect(Buffer.from(opened.payload).toString('hex')).toBe(encrypted_call.inside.payload);
    expect(opened.jws).toBe(encrypted_call.inside.answer_token);
    const facts = { ...asked(encrypted_call), digest: digestOf(opened.payload) };
    expect(held(opened.jws ?? '', 'lt-answer+jws', 'call', facts).code).toBe(0);
    expect(fromBinary(GetPersonResponseSchema, opened.payload).person?.bloodType).toBe('O');
  });
});

describe('a job', () => {
  const { method } = chunk;
  it('is opened, and its stream', () => {
    const started = { ...asked(start_job), digest: digestOf(bytes(start_job.answer)) };
    expect(held(start_job.answer_token, 'lt-answer+jws', 'call', started).code).toBe(0);
    const digest = digestOf(bytes(opening.payload));
    held(opening.token, 'lt-call+jws', 'call', { method, digest, job });
    const facts = {
      method,
      requestDigest: digest,
      requestId: opening.request_id,
      digest: digestOf(bytes(opening.answer)),
    };
    expect(held(opening.answer_token, 'lt-answer+jws', 'call', facts).code).toBe(0);
    expect(fromBinary(ChunkStreamResponseSchema, bytes(opening.answer)).kind.case).toBe('opened');
  });

  it('has a chunk of slim rows and a text row, and its answer, whose leaves lead to its root', () => {
    const digest = digestOf(bytes(chunk.payload));
    held(chunk.token, 'lt-chunk+jws', 'chunk', { method, digest, job, num: 0, opening: opn });
    const { kind: sent } = fromBinary(ChunkStreamRequestSchema, bytes(chunk.payload));
    const facts = { method, requestDigest: digest, job, num: 0, digest: digestOf(bytes(chunk.answer)) };
    expect(held(chunk.answer_token, 'lt-answer+jws', 'chunk', facts).code).toBe(0);
    const { kind } = fromBinary(ChunkStreamResponseSchema, bytes(chunk.answer));
    if (sent.case !== 'chunk' || kind.case !== 'answer') throw new Error('not a chunk and its answer');
    expect([sent.value.ids.length, sent.value.textRows.map(({ index }) => index)]).toEqual([2, [1]]);
    const leaves = rowLeaves(kind.value.rowSeed, sent.value.rowRefs, kind.value.results);
    expect(Buffer.from(leaves).toString('hex')).toBe(chunk.row_leaves);
    expect(treeRoot(leaves, NODE_TAGS.row)).toEqual(bytes(chunk.row_root));
    expect(Buffer.from(kind.value.rowRoot)).toEqual(bytes(chunk.row_root));
  });

  it('has refusals of a chunk in both forms, found by the digest of what was sent', () => {
    const requestDigest = digestOf(bytes(chunk.payload));
    const bound = [{ job, num: 0 }, { requestId: opening.request_id }];
    const forms = ['chunk', 'call'] as const;
    for (const [i, { reason, code, details, answer_token: token }] of exchange.refused_chunks.entries()) {
      const facts = { method, requestDigest, digest: digestOf(bytes(details)), ...bound[i] };
      expect(held(token, 'lt-answer+jws', forms[i] ?? 'call', facts).code).toBe(code);
      expect(readRefusal(code, bytes(details))?.reasonName).toBe(reason);
    }
  });

  it('has an end of either side, which count chunks alone', () => {
    const own = held(end.token, 'lt-end+jws', 'client', { digest: digestOf(bytes(end.payload)), job });
    const theirs = held(end.answer_token, 'lt-end+jws', 'server', { digest: digestOf(bytes(end.answer)), job });
    expect([own.cnt, own.rows, theirs.cnt, theirs.rows]).toEqual([1, 3, 1, 3]);
    expect(Buffer.from(theirs.root, 'base64url')).toEqual(bytes(chunk.row_root));
  });

  it('has a receipt, and results that it holds for, offline from the root alone', async () => {
    const facts = { ...asked(close_job), digest: digestOf(bytes(close_job.answer)) };
    expect(held(close_job.answer_token, 'lt-answer+jws', 'call', facts).code).toBe(0);
    const { receipt, checkpoint } = fromBinary(CloseJobResponseSchema, bytes(close_job.answer));
    const claims = held(receipt, 'lt-receipt+jws', 'receipt', {
      ...{ digest: digestOf(Buffer.from(checkpoint)), job, opening: opn },
    });
    expect([claims.cnt, claims.rows]).toEqual([1, 3]);
    const results = fileURLToPath(new URL('results.csv', import.meta.url));
    const report = await verifyReceipt(results, root, { agency, deployment, logOrigin: exchange.log_origin });
    expect(report).toMatchObject({ ok: true, rows: 3, jobId: job, problems: [], logSize: 7 });
  });
});

describe('what is to be refused', () => {
  const of = {
    call: (token: string) =>
      judged(token, 'lt-call+jws', 'call', { method: call.method, digest: digestOf(bytes(call.request)) }),
    chunk: (token: string) =>
      judged(token, 'lt-chunk+jws', 'chunk', {
        ...{ method: chunk.method, digest: digestOf(bytes(chunk.payload)), job, num: 0, opening: opn },
      }),
    answer: (token: string) =>
      judged(token, 'lt-answer+jws', 'call', {
        ...{ method: call.method, requestDigest: digestOf(bytes(call.request)), requestId: call.request_id },
        digest: digestOf(bytes(call.answer)),
      }),
  };

  it.each(refused)('$instead_of: $why', ({ problem, instead_of: kind, token }) => {
    expect(of[kind](token)).toBe(problem);
  });

  it('covers what the page of signatures asks a reader to look at', () => {
    const problems = new Set(refused.map(({ problem }) => problem));
    for (const problem of [
      'MALFORMED',
      'BAD_HEADER',
      'BAD_PAYLOAD',
      'BAD_CLAIMS',
      'BAD_SIGNATURE_FORM',
      'WRONG_TYPE',
    ]) {
      expect(problems).toContain(problem);
    }
    expect(new Set(refused.map(({ token }) => token)).size).toBe(refused.length);
  });
});
