import { createPublicKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import { signCheckpoint } from '../../gateway/proof/checkpoint.ts';
import type { RowResult } from '../../gateway/proof/result-bytes.ts';
import { NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../../gateway/signing/key-store.ts';
import { keyLookup, verificationKeyOf } from '../../gateway/signing/public-key.ts';
import { makeCertificates } from './tiny-certificates.test-support.ts';
import { createServices } from './tiny-services.test-support.ts';
import {
  AGENCY,
  createTinyCore,
  DEPLOYMENT,
  ORIGIN,
  type TinyGateway,
  type TinyRow,
} from './tiny-state.test-support.ts';

export type { Fate, TinyGateway, TinyRow } from './tiny-state.test-support.ts';

/** Who everybody is does not change from one test of a file to the next: certificates are dear to make. */
let identities: ReturnType<typeof makeIdentities> | undefined;

async function makeIdentities() {
  const tls = await makeCertificates(AGENCY);
  return { tls, root: loadSigningKey(await generateSigningJwk()), agencyJwk: await generateSigningJwk() };
}

/**
 * A small server that speaks the protocol for the kit's own tests: real mutual TLS, real signatures both ways, real
 * trees. It has no register and no policy: what a row gets is decided by a function. Strict where a client could cheat
 * itself: a chunk sent again with other bytes ends everything, acknowledged answers are really gone.
 * `impostor`: of an authority and keys of its own.
 */
export async function createTinyGateway(
  folder: string,
  judge: (row: TinyRow, index: number) => RowResult,
  { impostor = false } = {},
): Promise<TinyGateway> {
  identities ??= makeIdentities();
  const { tls, root, agencyJwk } = await (impostor ? makeIdentities() : identities);
  const agencyKeys = keyLookup([verificationKeyOf(loadSigningKey(agencyJwk).publicJwk, AGENCY)]);
  const gatewayKeys: SigningKey[] = [loadSigningKey(await generateSigningJwk())];
  const profileFolder = join(folder, 'profile');
  mkdirSync(profileFolder, { recursive: true });
  let server: grpc.Server | undefined;

  const self: TinyGateway = {
    profileFolder,
    jobs: new Map(),
    received: [],
    seenTokens: new Set(),
    log: [],
    faults: {},
    starts: 0,
    profiles: [],
    fileDigests: [],
    keySetVersion: 1,
    async rotate() {
      gatewayKeys.push(loadSigningKey(await generateSigningJwk()));
      self.keySetVersion++;
    },
    checkpointOf(size) {
      const head = { origin: ORIGIN, size, root: treeRoot(Buffer.concat(self.log.slice(0, size)), NODE_TAGS.log) };
      return signCheckpoint(head, ORIGIN, core.current().key, createPublicKey(core.current().key));
    },
    async start(port = 0) {
      server = new grpc.Server({ 'grpc.max_receive_message_length': 16 << 20 });
      addServices(server);
      const credentials = grpc.ServerCredentials.createSsl(
        Buffer.from(tls.ca),
        [{ private_key: Buffer.from(tls.serverKey), cert_chain: Buffer.from(tls.server) }],
        true,
      );
      const bound = await new Promise<number>((resolve, reject) => {
        server?.bindAsync(`localhost:${port}`, credentials, (error, got) => (error ? reject(error) : resolve(got)));
      });
      writeProfile(bound);
      return bound;
    },
    async stop() {
      server?.forceShutdown();
      server = undefined;
    },
  };

  const core = createTinyCore({ self, judge, root, gatewayKeys, agencyKeys });
  const addServices = createServices(core);

  function writeProfile(port: number): void {
    const put = (name: string, text: string): void => writeFileSync(join(profileFolder, name), text, { mode: 0o600 });
    put('ca.pem', tls.ca);
    put('cert.pem', tls.client);
    put('key.pem', tls.clientKey);
    put('signing.jwk.json', JSON.stringify(agencyJwk));
    put('key-set-root.jwk.json', JSON.stringify(root.publicJwk));
    put(
      'config.json',
      JSON.stringify({
        version: 1,
        address: `localhost:${port}`,
        deployment: DEPLOYMENT,
        agency: AGENCY,
        purposes: ['subscriber-verification'],
        context: { service_code: 'SIM-REG-01', unit_code: 'HN', officer_code: 'CB1' },
        ca: 'file:ca.pem',
        certificate: 'file:cert.pem',
        key: 'file:key.pem',
        signing_key: 'file:signing.jwk.json',
        key_set_root: 'file:key-set-root.jwk.json',
        log_origin: ORIGIN,
      }),
    );
  }

  return self;
}
