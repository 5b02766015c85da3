/** `request.json`: what somebody who wants to be enrolled hands over. Public throughout; keys stay where they were born. */

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { provenAt } from '../../acts/possession.ts';
import { type PublicJwk, readPublicJwk } from '../../signing/public-key.ts';
import { CliProblem } from '../problem.ts';

export interface EnrolmentRequest {
  readonly version: 1;
  readonly deployment: string;
  readonly of: 'agency' | 'officer' | 'issuer';
  /** Its code. */
  readonly holder: string;
  readonly legal_entity: string;
  readonly name_vi: string;
  readonly name_en: string;
  /** PKCS #10, PEM. */
  readonly csr: string;
  readonly key: PublicJwk;
  readonly proof: string;
}

const OF = ['agency', 'officer', 'issuer'] as const;

/** Throws CliProblem REQUEST_FILE where it is none, or its key was not held by whoever made it. */
export async function readRequest(path: string, of: EnrolmentRequest['of']): Promise<EnrolmentRequest> {
  const wrong = (problem: string) => new CliProblem('REQUEST_FILE', { file: path, problem });
  const content = await readFile(path, 'utf8');
  let read: Partial<EnrolmentRequest>;
  try {
    read = JSON.parse(content) as Partial<EnrolmentRequest>;
  } catch {
    throw wrong('it is not JSON');
  }
  const { version, deployment, holder, csr, proof } = read;
  const key = readPublicJwk(read.key);
  const texts = [deployment, holder, csr, proof, read.legal_entity, read.name_vi, read.name_en];
  if (version !== 1 || key === undefined || texts.some((text) => typeof text !== 'string')) {
    throw wrong('a member is missing or wrong');
  }
  if (read.of !== of) throw wrong(`it is of an ${OF.find((one) => one === read.of) ?? 'unknown kind'}`);
  const request = { ...read, key } as EnrolmentRequest;
  if (provenAt(request.proof, request) === undefined) throw wrong('it does not prove that the key is held');
  return request;
}

/** Whose request it is, of whatever kind. Throws CliProblem REQUEST_FILE. */
export async function readHolder(path: string): Promise<EnrolmentRequest> {
  const content = await readFile(path, 'utf8');
  return readRequest(path, OF.find((of) => content.includes(`"of": "${of}"`)) ?? 'agency');
}

/** DER, base64, of a certificate file that belongs to the request. Throws CliProblem REQUEST_FILE. */
export async function readCertificateOf(path: string, holder: string): Promise<string> {
  const pem = await readFile(path);
  try {
    const certificate = new X509Certificate(pem);
    if (certificate.subject.split('\n').includes(`CN=${holder}`)) return certificate.raw.toString('base64');
  } catch {
    throw new CliProblem('REQUEST_FILE', { file: path, problem: 'it is not a certificate in PEM' });
  }
  throw new CliProblem('REQUEST_FILE', { file: path, problem: `its common name is not ${holder}` });
}
