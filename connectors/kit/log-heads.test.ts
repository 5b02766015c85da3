import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createSignedClient, type SignedClient } from './client.ts';
import { failure } from './failure.test-support.ts';
import { loadProfile } from './profile.ts';
import { createTinyGateway, type TinyGateway } from './tiny-gateway.test-support.ts';

let folder: string;
let gateway: TinyGateway;
let client: SignedClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lt-log-heads-'));
  gateway = await createTinyGateway(folder, () => {
    throw new Error('not asked');
  });
  await gateway.start();
  client = createSignedClient(await loadProfile(gateway.profileFolder));
});

afterEach(async () => {
  client.close();
  await gateway.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Each call is an entry of the log. */
const ask = () => client.unary(VerificationService.method.verifyPerson, {});

describe('log heads', () => {
  const kept = () =>
    JSON.parse(readFileSync(join(gateway.profileFolder, 'state/log-head.json'), 'utf8')).checkpoint as string;

  it('keeps the first and demands that each later one continues it', async () => {
    for (let i = 0; i < 3; i++) await ask();
    expect((await client.logHeads.advance()).size).toBe(3);
    await ask();
    expect((await client.logHeads.advance()).size).toBe(4);
    expect(parseCheckpoint(kept()).head.size).toBe(4);
  });

  it('finds a log that was rolled back', async () => {
    for (let i = 0; i < 3; i++) await ask();
    await client.logHeads.advance();
    gateway.log.pop();
    const refused = await failure(client.logHeads.advance());
    expect(refused.facts.problem).toBe('LOG_IS_SMALLER');
    expect(parseCheckpoint(kept()).head.size).toBe(3);
    // What the message says an agency may do, once it was told that the log was set back, is all that it takes.
    expect(refused.message).toContain('put state/log-head.json aside');
    const state = join(gateway.profileFolder, 'state');
    renameSync(join(state, 'log-head.json'), join(state, 'log-head.json.of-before'));
    expect((await client.logHeads.advance()).size).toBe(2);
  });

  it('accuses nobody where another process of the profile kept a newer head meanwhile', async () => {
    for (let i = 0; i < 3; i++) await ask();
    const early = gateway.checkpointOf(3);
    await ask();
    await client.logHeads.advance();
    expect((await client.logHeads.newest(early)).size).toBe(4);
    // An early head must be of the same log all the same.
    const past = [...gateway.log];
    gateway.log[1] = Buffer.alloc(32, 9);
    const forked = gateway.checkpointOf(3);
    gateway.log.splice(0, past.length, ...past);
    expect((await failure(client.logHeads.newest(forked))).facts.problem).toBe('NOT_A_CONTINUATION');
    // A log that was set back is as small when it is asked again.
    gateway.log.pop();
    expect((await failure(client.logHeads.newest(early))).facts.problem).toBe('LOG_IS_SMALLER');
  });

  it('finds a log whose past was changed', async () => {
    for (let i = 0; i < 3; i++) await ask();
    await client.logHeads.advance();
    gateway.log[1] = Buffer.alloc(32, 9);
    expect((await failure(client.logHeads.advance())).facts.problem).toBe('NOT_A_CONTINUATION');
    await ask();
    expect((await failure(client.logHeads.advance())).facts.problem).toBe('NOT_A_CONTINUATION');
  });

  it('looks without keeping anything, and says the same', async () => {
    const state = () => readdirSync(join(gateway.profileFolder, 'state')).filter((name) => name.startsWith('log-'));
    for (let i = 0; i < 3; i++) await ask();
    expect(await client.logHeads.look()).toBeUndefined();
    expect(state()).toEqual([]);
    await client.logHeads.advance();
    await ask();
    expect(await client.logHeads.look()).toMatchObject({ kept: { size: 3 }, newest: { size: 4 } });
    gateway.log.splice(2);
    expect((await failure(client.logHeads.look())).facts.problem).toBe('LOG_IS_SMALLER');
    for (let i = 0; i < 3; i++) await ask();
    gateway.log[1] = Buffer.alloc(32, 9);
    expect((await failure(client.logHeads.look())).facts.problem).toBe('NOT_A_CONTINUATION');
    expect([state(), parseCheckpoint(kept()).head.size]).toEqual([['log-head.json'], 3]);
  });

  it('takes an older head that came with a stored answer if it is a beginning of what was seen', async () => {
    for (let i = 0; i < 5; i++) await ask();
    await client.logHeads.advance();
    expect((await client.logHeads.advance(gateway.checkpointOf(2))).size).toBe(2);
    expect(parseCheckpoint(kept()).head.size).toBe(5);
  });

  it.each(['{"checkpoint":"x"}', '{}', '{"checkp', ''])('does not take a damaged state for none: %j', async (text) => {
    await client.logHeads.advance();
    writeFileSync(join(gateway.profileFolder, 'state/log-head.json'), text);
    expect((await failure(client.logHeads.advance())).facts.problem).toBe('STATE_DAMAGED');
  });
});
