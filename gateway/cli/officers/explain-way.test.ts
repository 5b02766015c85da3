import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import { makeCertificates } from '../../../connectors/kit/tiny-certificates.test-support.ts';
import { createTinyGateway, type TinyGateway } from '../../../connectors/kit/tiny-gateway.test-support.ts';
import { explain } from '../explain.ts';
import { explainWay, type WayTo } from './explain-way.ts';

let folder: string;
let gateway: TinyGateway;
let own: WayTo;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lt-way-'));
  const result = { verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], reasons: [], currentId: 0 } as const;
  gateway = await createTinyGateway(folder, () => ({ ...result, nameScore: undefined, score: undefined }));
  await gateway.start();
  const at = (name: string) => readFileSync(join(gateway.profileFolder, name));
  const { address } = JSON.parse(at('config.json').toString()) as { address: string };
  own = { address, ca: at('ca.pem'), certificate: at('cert.pem'), key: at('key.pem') };
});
afterAll(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

const untrusted = () => new KitError('TLS_REFUSED', { address: own.address });

test('a folder that is no profile yet is told what doctor would find of one', async () => {
  const other = await makeCertificates('viettel');
  const told = async (change: Partial<WayTo>) => {
    const error = await explainWay(untrusted(), { ...own, ...change });
    const [en, vi] = [explain(error, 'en'), explain(error, 'vi')];
    return [en.reason, en.exitCode, `${en.happened} ${en.next}`, `${vi.happened} ${vi.next}`];
  };
  const option = (name: string) => expect.stringContaining(name);
  expect(await told({ ca: Buffer.from(other.ca) })).toEqual([
    ...['ENROLL_WAY', 3, expect.stringMatching(/not of the CA .*--ca/), option('--ca')],
  ]);
  expect(await told({ address: own.address.replace('localhost', 'no-such-host.invalid') })).toEqual([
    ...['ENROLL_AWAY', 5, expect.stringMatching(/no-such-host\.invalid is not known .*--address/), option('--address')],
  ]);
  expect(await told({ address: 'localhost:1' })).toEqual([
    ...['ENROLL_AWAY', 5, expect.stringContaining('No connection to localhost:1'), option('localhost:1')],
  ]);
});

test('where there is a way after all the error stands as it was', async () => {
  const error = untrusted();
  expect(await explainWay(error, own)).toBe(error);
});
