/** `request.json`: what somebody who wants to be enrolled hands over. Public throughout; keys stay where they were born. */

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Possessed, provenAt } from '../../acts/possession.ts';
import { readEncryptionJwk } from '../../signing/encryption-key.ts';
import { type PublicJwk, readPublicJwk } from '../../signing/public-key.ts';
import { CliProblem } from '../problem.ts';
import type { RequestFault } from './request-faults.ts';

export interface EnrolmentRequest {
  readonly version: 1;
  readonly deployment: string;
  readonly of: Possessed['of'];
  /** Its code, or that of the agency whose encryption key it is. */
  readonly holder: string;
  readonly legal_entity: string;
  readonly name_vi: string;
  readonly name_en: string;
  /** PKCS #10, PEM. */
  readonly csr: string;
  readonly key: PublicJwk;
  readonly proof: string;
  /** An agency's first key that answers are encrypted to. */
  readonly encryption_key?: PublicJwk;
  readonly encryption_proof?: string;
}

const FAULTS = {
  agency: 'OF_AGENCY',
  officer: 'OF_OFFICER',
  issuer: 'OF_ISSUER',
  encryption: 'OF_ENCRYPTION_KEY',
} as const;

/** Throws CliProblem REQUEST_FILE where it is none, or a key of it was not held by whoever made it. */
export async function readRequest(path: string, ...of: readonly EnrolmentRequest['of'][]): Promise<EnrolmentRequest> {
  const wrong = (problem: RequestFault) => new CliProblem('REQUEST_FILE', { file: path, problem });
  const content = await readFile(path, 'utf8');
  let read: Partial<EnrolmentRequest>;
  try {
    read = JSON.parse(content) as Partial<EnrolmentRequest>;
  } catch {
    throw wrong('NOT_JSON');
  }
  const { version, deployment, holder, csr, proof } = read;
  const encrypts = read.of === 'encryption';
  const key = encrypts ? readEncryptionJwk(read.key) : readPublicJwk(read.key);
  const texts = [deployment, holder, csr, proof, read.legal_entity, read.name_vi, read.name_en];
  if (version !== 1 || key === undefined || texts.some((text) => typeof text !== 'string')) {
    throw wrong('MEMBER_WRONG');
  }
  if (read.of === undefined || !Object.hasOwn(FAULTS, read.of)) throw wrong('MEMBER_WRONG');
  if (!of.includes(read.of)) throw wrong(FAULTS[read.of]);
  const request = { ...read, key } as EnrolmentRequest;
  if (provenAt(request.proof, request) === undefined) throw wrong('KEY_NOT_PROVEN');
  if (request.encryption_key === undefined) return request;
  const encryptionKey = readEncryptionJwk(request.encryption_key);
  const { deployment: to, holder: by, encryption_proof: shown = '' } = request;
  if (
    encryptionKey === undefined ||
    provenAt(String(shown), { deployment: to, of: 'encryption', holder: by, key: encryptionKey }) === undefined
  ) {
    throw wrong('ENCRYPTION_KEY_NOT_PROVEN');
  }
  return { ...request, encryption_key: encryptionKey, encryption_proof: shown };
}

/** Whose request it is, of whatever kind a profile may be of. Throws CliProblem REQUEST_FILE. */
export async function readHolder(path: string): Promise<EnrolmentRequest> {
  return readRequest(path, 'agency', 'officer', 'issuer');
}

/** DER, base64, of a certificate file that belongs to the request. Throws CliProblem REQUEST_FILE. */
export async function readCertificateOf(path: string, holder: string): Promise<string> {
  const pem = await readFile(path);
  try {
    const certificate = new X509Certificate(pem);
    if (certificate.subject.split('\n').includes(`CN=${holder}`)) return certificate.raw.toString('base64');
  } catch {
    throw new CliProblem('REQUEST_FILE', { file: path, problem: 'NO_CERTIFICATE' });
  }
  throw new CliProblem('REQUEST_FILE', { file: path, problem: 'OTHER_HOLDER' });
}
