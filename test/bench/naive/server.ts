/** The naive gateway.  node server.ts SETUP.json */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import jose from 'node-jose';
import pg from 'pg';
import {
  FieldResult,
  Verdict,
  VerifyPersonRequestSchema,
  VerifyPersonResponseSchema,
} from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import type { NaiveSetup } from './setup.ts';

const METHOD = '/lienthong.verification.v1.VerificationService/VerifyPerson';
const MATCH = [1, 2, 3];
const FRESH_SECONDS = 60;

const setup = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as NaiveSetup;
const pool = new pg.Pool({ connectionString: setup.databaseUrl, max: 10 });
const agencyKey = await jose.JWK.asKey(setup.agencyKey as object);
const serverKey = await jose.JWK.asKey(setup.serverKey as object);
const verifier = jose.JWS.createVerify(agencyKey);
const audience = `gateway@${setup.deployment}`;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url');
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

class Refused extends Error {
  readonly code: status;
  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

interface CallClaims {
  readonly iss: string;
  readonly aud: string;
  readonly mth: string;
  readonly dig: string;
  readonly iat: number;
  readonly jti: string;
}

async function verified(token: unknown, request: Buffer): Promise<CallClaims> {
  if (typeof token !== 'string') throw new Refused(status.UNAUTHENTICATED, 'no signature');
  const { payload } = await verifier.verify(token);
  const claims = JSON.parse(payload.toString()) as CallClaims;
  const fresh = Math.abs(nowSeconds() - claims.iat) <= FRESH_SECONDS;
  const bound = claims.aud === audience && claims.mth === METHOD && claims.dig === sha256(request);
  if (!fresh || !bound) throw new Refused(status.UNAUTHENTICATED, 'signature of another call');
  return claims;
}

async function allowed(agency: string, context: { purpose: string } | undefined): Promise<boolean> {
  const input = {
    now: nowSeconds(),
    caller: { agency, legal_entity: setup.legalEntity, certificate: setup.certificate },
    context: { purpose: context?.purpose ?? '' },
    method: METHOD,
    release: [],
    match: MATCH,
    allow_partial: false,
  };
  const response = await fetch(`${setup.opaUrl}/v1/data/lienthong/exchange/decision`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input }),
  });
  const { result } = (await response.json()) as { result?: { allow?: boolean } };
  return result?.allow === true;
}

interface Row {
  readonly person_no: string;
  readonly name: string;
  readonly birth_date: number;
}

const result = (same: boolean): FieldResult => (same ? FieldResult.TRUE : FieldResult.FALSE);

async function answer(bytes: Buffer, token: unknown): Promise<{ message: Buffer; signature: string }> {
  const claims = await verified(token, bytes);
  const request = fromBinary(VerifyPersonRequestSchema, bytes);
  if (!(await allowed(claims.iss, request.context))) throw new Refused(status.PERMISSION_DENIED, 'not agreed');
  const found = await pool.query<Row>('SELECT person_no, name, birth_date FROM person_match WHERE value = $1', [
    request.idNumber,
  ]);
  const row = found.rows[0];
  const sameName = row?.name === request.fullName;
  const sameDate = String(row?.birth_date) === request.dateOfBirth.replaceAll('-', '');
  const entry = randomUUID();
  await pool.query(
    `INSERT INTO bench_naive.log (entry, issuer, jti, request_id, digest, person_no, verified)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [entry, claims.iss, claims.jti, request.context?.requestId, claims.dig, row?.person_no, sameName && sameDate],
  );
  const response = create(VerifyPersonResponseSchema, {
    requestId: request.context?.requestId ?? '',
    verdict: row === undefined ? Verdict.NOT_FOUND : sameName && sameDate ? Verdict.VERIFIED : Verdict.MISMATCH,
    idResult: result(row !== undefined),
    nameResult: result(sameName),
    birthDateResult: result(sameDate),
    asOf: BigInt(nowSeconds()),
    revisions: { policy: '1', agreement: '1', change: 0n, profile: '1' },
    blind: randomBytes(16),
  });
  const message = Buffer.from(toBinary(VerifyPersonResponseSchema, response));
  return { message, signature: await sign(message, claims, response.requestId) };
}

async function sign(message: Buffer, request: CallClaims, requestId: string): Promise<string> {
  const claims = {
    iss: 'gateway',
    aud: `${request.iss}@${setup.deployment}`,
    iat: nowSeconds(),
    jti: randomBytes(16).toString('base64url'),
    dig: sha256(message),
    mth: METHOD,
    rqd: request.dig,
    req: requestId,
    code: 0,
  };
  const options = { format: 'compact', fields: { typ: 'lt-answer+jws' } } as const;
  const signed = await jose.JWS.createSign(options, serverKey).update(JSON.stringify(claims)).final();
  return signed as unknown as string;
}

const asIs = (bytes: Buffer): Buffer => bytes;
const server = new Server();
server.addService(
  {
    verifyPerson: {
      path: METHOD,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  },
  {
    verifyPerson: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
      answer(call.request, call.metadata.get('lt-signature')[0]).then(
        ({ message, signature }) => {
          const trailer = new Metadata();
          trailer.set('lt-signature', signature);
          done(null, message, trailer);
        },
        (error: unknown) => {
          const code = error instanceof Refused ? error.code : status.INTERNAL;
          done({ code, details: error instanceof Error ? error.message : 'failed' });
        },
      );
    },
  },
);
const credentials = ServerCredentials.createSsl(
  readFileSync(setup.tls.ca),
  [{ cert_chain: readFileSync(setup.tls.cert), private_key: readFileSync(setup.tls.key) }],
  true,
);
server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${JSON.stringify({ event: 'listening', port })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
