import { readFileSync } from 'node:fs';
import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from 'vitest';
import { createCertificateAuthority } from '../../gateway/development/certificates.ts';
import { ERROR_DOMAIN } from '../../gateway/errors/codes.ts';
import { ErrorInfoSchema, LocalizedMessageSchema } from '../../proto/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '../../proto/gen/google/rpc/status_pb.js';
import { gatewayError } from './refusal.ts';

/** The error for a failure of which the library says `text` and the gateway nothing. */
const said = (code: number, text: string, address = 'gw.example:7443') =>
  gatewayError({ code, text, message: undefined, details: undefined, signature: undefined }, address);

describe('a gateway that is not reached', () => {
  it.each([
    'gw-tls.example',
    'ssl.moh.example',
    'alert',
    'certificate-authority',
    '10.0.0.1',
  ])('is away for a moment where %s does not resolve, whatever its name says', (host) => {
    const error = said(14, `Name resolution failed for target dns:${host}:7443`, `${host}:7443`);
    expect(error).toMatchObject({ reason: 'UNAVAILABLE', exitCode: 5, passing: true });
  });

  it.each([
    ['unable to verify the first certificate', 'c:7443'],
    ["Hostname/IP does not match certificate's altnames: Host: gw-tls. is not in the cert's altnames", 'gw-tls:7443'],
    ['SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:SSL alert number 48', 'ssl:7443'],
    ['self-signed certificate in certificate chain', 'gw-tls.example:7443'],
  ])('is refused where one side does not accept a certificate: %s', (text, address) => {
    const error = said(14, `No connection established. Last error: Error: ${text}`, address);
    expect(error).toMatchObject({ reason: 'TLS_REFUSED', exitCode: 3, passing: false });
  });
});

it('a handshake that fails beside a certificate that has ended names its days, and one beside a valid one does not blame it', async () => {
  const day = (n: number) => new Date(Date.now() + n * 86_400_000);
  const made = async (from: number, to: number) =>
    (await createCertificateAuthority('tests', { notBefore: day(from), notAfter: day(to) })).certificate;
  const error = async (pem: Promise<string>) =>
    gatewayError(
      {
        code: 14,
        text: 'tlsv13 alert certificate required',
        message: undefined,
        ...{ details: undefined, signature: undefined },
      },
      'gw.example:7443',
      { certificate: Buffer.from(await pem) },
    );
  const ended = await error(made(-30, -1));
  expect(ended).toMatchObject({ reason: 'CERTIFICATE_EXPIRED', exitCode: 3, passing: false });
  const moment = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
  expect(ended.text('vi').match(moment)?.length).toBe(2);
  expect(await error(made(-1, 1))).toMatchObject({ reason: 'TLS_REFUSED', exitCode: 3 });
});

it('a call that ends with its connection, closed for all that came over it, met a limit and no word that wants a signature', () => {
  const answer = { text: 'Bandwidth exhausted or memory limit exceeded', message: undefined, details: undefined };
  const error = gatewayError({ ...answer, code: 8, signature: undefined }, 'gw.example:7443', { signed: false });
  expect(error).toMatchObject({ reason: 'LIMITED', exitCode: 6, passing: false });
});

it('what a gateway says in each language stands in the sentence of that language, and in one only in both', () => {
  const told = (sentences: { readonly vi?: string; readonly en?: string }) => {
    const messages = Object.entries(sentences).map(([locale, message]) =>
      anyPack(LocalizedMessageSchema, create(LocalizedMessageSchema, { locale, message })),
    );
    const info = anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: 'NEWER', domain: ERROR_DOMAIN }));
    const details = toBinary(StatusSchema, create(StatusSchema, { code: 7, details: [info, ...messages] }));
    const answer = { code: 7, text: '', message: undefined, details: Buffer.from(details), signature: undefined };
    return gatewayError(answer, 'gw.example:7443');
  };
  const both = told({ vi: 'Không được.', en: 'No.' });
  expect([both.text('vi'), both.text('en'), both.factsIn('vi').text]).toEqual(['Không được.', 'No.', 'Không được.']);
  expect(told({ vi: 'Không được.' }).text('en')).toBe('Refused (NEWER): Không được.');
  expect(told({ en: 'No.' }).text('vi')).toBe('Bị từ chối (NEWER): No.');
});

describe('the page for clients in other languages', () => {
  const page = readFileSync(new URL('../../gateway/docs/writing-a-client.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| no details: ([^|]+) \| (yes|no)/gm)].map(([, what = '', again]) => ({
    what,
    again,
  }));
  const passing = (code: number, text: string) => (said(code, text).passing ? 'yes' : 'no');

  it('sends again, where the gateway said nothing, what this client sends again', () => {
    const codes = { CANCELLED: 1, UNKNOWN: 2, DEADLINE_EXCEEDED: 4, INTERNAL: 13, UNAVAILABLE: 14 };
    const again = rows.find((row) => row.again === 'yes')?.what.match(/[A-Z_]{6,}/g) ?? [];
    expect(again.toSorted()).toEqual(Object.keys(codes).toSorted());
    for (const code of Object.values(codes)) expect(passing(code, 'gone')).toBe('yes');
  });

  it('stops where this client stops: a handshake that failed, a message too long, a method that is none', () => {
    const stops = [
      [
        'UNAVAILABLE',
        14,
        'connection error: desc = "error reading server preface: remote error: tls: certificate required"',
      ],
      ['RESOURCE_EXHAUSTED', 8, 'Received message larger than max (9437846 vs 8388608)'],
      ['UNIMPLEMENTED', 12, 'The server does not implement the method'],
    ] as const;
    for (const [name, code, text] of stops) {
      expect(
        rows
          .filter((row) => row.again === 'no')
          .map((row) => row.what)
          .join(),
        name,
      ).toContain(name);
      expect(passing(code, text)).toBe('no');
    }
  });
});
