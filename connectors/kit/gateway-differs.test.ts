import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createSignedClient, pathOf, type SignedClient } from './client.ts';
import { failure } from './failure.test-support.ts';
import { gatewayDiffers } from './gateway-differs.ts';
import { loadProfile } from './profile.ts';
import { createTinyGateway, type TinyGateway } from './tiny-gateway.test-support.ts';

const { verifyPerson } = VerificationService.method;

let folder: string;
let gateway: TinyGateway;
const clients: SignedClient[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lt-differs-'));
  gateway = await createTinyGateway(folder, () => {
    throw new Error('not asked');
  });
  await gateway.start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function clientWith(change: Record<string, string>): Promise<SignedClient> {
  const path = join(gateway.profileFolder, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...config, ...change }));
  const client = createSignedClient(await loadProfile(gateway.profileFolder));
  clients.push(client);
  return client;
}

const ask = (client: SignedClient) => client.unary(verifyPerson, { idNumber: '901085000017' }, { retryForMs: 0 });

describe('a profile that names something else than its gateway says which of its names that is, and both', () => {
  it('another agency: what was answered is refused', async () => {
    const { jws, bytes, requestId, requestDigest } = await ask(await clientWith({}));
    const facts = { method: pathOf(verifyPerson), requestId, requestDigest };
    const other = await clientWith({ agency: 'mobifone' });
    const error = await failure(other.check.answer(jws, bytes, facts));
    expect([error.reason, error.exitCode]).toEqual(['GATEWAY_DIFFERS', 3]);
    expect(error.facts.differing).toBe('agency ("viettel" there, "mobifone" here)');
    expect(error.text('vi')).toContain('agency ("viettel" ở cổng, "mobifone" trong hồ sơ)');
    expect(error.text('vi')).toContain('config.json');
  });

  it('another deployment: nothing is asked', async () => {
    const error = await failure(ask(await clientWith({ deployment: 'another' })));
    expect([error.reason, error.facts.differing, gateway.log.length]).toEqual([
      ...['GATEWAY_DIFFERS', 'deployment ("test-deployment" there, "another" here)', 0],
    ]);
  });

  it('another log: but one that was seen, and is another now, is no matter of the profile', async () => {
    await ask(await clientWith({}));
    const other = await clientWith({ log_origin: 'another/log' });
    const error = await failure(other.logHeads.advance());
    expect([error.reason, error.facts.differing]).toEqual([
      ...['GATEWAY_DIFFERS', 'log_origin ("test-deployment/log/main" there, "another/log" here)'],
    ]);
    const checkpoint = gateway.checkpointOf(1).replace('test-deployment/log/main', 'another/log');
    writeFileSync(join(gateway.profileFolder, 'state/log-head.json'), JSON.stringify({ checkpoint }));
    expect((await failure(other.logHeads.advance())).reason).toBe('LOG_INCONSISTENT');
  });
});

it('what cannot be a name is not repeated', () => {
  const wanted = { agency: 'viettel', deployment: 'd', logOrigin: 'o' };
  expect(gatewayDiffers(wanted, wanted)).toBeUndefined();
  expect(gatewayDiffers({ agency: '\u001b[2J', deployment: 'e' }, wanted)?.facts.differing).toBe(
    'agency ("?" there, "viettel" here), deployment ("e" there, "d" here)',
  );
});
