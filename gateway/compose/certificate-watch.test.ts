import { beforeAll, expect, it } from 'vitest';
import { createCertificateAuthority, loadCertificateAuthority } from '../development/certificates.ts';
import { createCertificateWatch } from './certificate-watch.ts';

const DAY = 86_400;
const START = Math.floor(Date.now() / 1000);
const at = (day: number) => new Date((START + day * DAY) * 1000);
const pems = { ca: Buffer.of(), certificate: Buffer.of() };

beforeAll(async () => {
  const made = await createCertificateAuthority('dev-ends', { notBefore: at(-1), notAfter: at(100) });
  const leaf = await (await loadCertificateAuthority(made)).issueServer({ notBefore: at(-1), notAfter: at(90) });
  const between = await createCertificateAuthority('dev-between', { notBefore: at(-1), notAfter: at(40) });
  pems.ca = Buffer.from(made.certificate);
  // As a chain: what ends first does not stand first.
  pems.certificate = Buffer.from(`${leaf.certificate}\n${between.certificate}\n`);
});

function watching(day: number) {
  const told: unknown[] = [];
  let now = START + day * DAY;
  const note = (level: string) => (fields: object) => told.push([level, ...Object.values(fields)]);
  const look = createCertificateWatch({
    own: pems,
    nowSeconds: () => now,
    log: { warn: note('warn'), error: note('error') },
  });
  return {
    told,
    lookAt(at: number) {
      now = START + at * DAY;
      look();
    },
  };
}

it('tells each step of what ends first once, and is silent before', () => {
  const { told, lookAt } = watching(0);
  for (const day of [0, 9, 11, 12, 34, 35, 39, 40.5, 41, 69]) lookAt(day);
  expect(told).toEqual([
    ['warn', 'server_certificate', 29],
    ['warn', 'server_certificate', 6],
    ['error', 'server_certificate'],
  ]);
});

it('tells of each by itself, and at a start what has ended already', () => {
  const { told, lookAt } = watching(98);
  lookAt(98);
  lookAt(98.5);
  expect(told).toEqual([
    ['warn', 'ca_certificate', 2],
    ['error', 'server_certificate'],
  ]);
});
