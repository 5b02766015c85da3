/** The gateway's own secrets in its folder: made once, kept for as long as the deployment lives. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { generateKeyRing } from '../sealing/key-ring.ts';
import { audienceOf } from '../signing/binding.ts';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { readPublicJwk } from '../signing/public-key.ts';
import { createSigner } from '../signing/sign.ts';
import { signKeySet } from '../signing/signed-key-set.ts';
import { type CertificateAuthority, createCertificateAuthority, loadCertificateAuthority } from './certificates.ts';
import { jsonText, type PrivateFolder } from './folder.ts';

const GATEWAY = 'gateway';

export interface DevelopmentSecrets {
  readonly ca: CertificateAuthority;
  /** Signs the key set; clients pin its public half. */
  readonly root: SigningKey;
  readonly signing: SigningKey;
  /** The e-ID service's of this deployment. */
  readonly issuer: SigningKey;
  /** PEM of the public half of the checkpoints' key. */
  readonly logPublicKey: string;
}

/** Whatever of it is missing is made. Key and certificate of a pair stand in two files; the key is written first. */
export async function keepSecrets(folder: PrivateFolder, deployment: string): Promise<DevelopmentSecrets> {
  const ca = await keepAuthority(folder, deployment);
  await keepServerCertificate(folder, ca);
  const signing = await keepSigningKey(folder, 'signing.jwk.json');
  const root = await keepSigningKey(folder, 'key-set-root.jwk.json');
  const issuer = await keepSigningKey(folder, 'issuer.jwk.json');
  const logKey = createPublicKey(createPrivateKey(await folder.keep('log-key.pem', newLogKey)));
  await folder.keep('key-set.json', () => newKeySet({ root, signing, logKey, deployment }));
  await folder.keep('storage-keys.json', () => jsonText(generateKeyRing()));
  return { ca, root, signing, issuer, logPublicKey: logKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** A signing key in its file, made where there is none. */
export async function keepSigningKey(folder: PrivateFolder, name: string): Promise<SigningKey> {
  return loadSigningKey(JSON.parse(await folder.keep(name, async () => jsonText(await generateSigningJwk()))));
}

async function keepAuthority(folder: PrivateFolder, deployment: string): Promise<CertificateAuthority> {
  const [certificate, key] = [await folder.read('ca.pem'), await folder.read('ca-key.pem')];
  if (certificate !== undefined && key !== undefined) return loadCertificateAuthority({ certificate, key });
  const made = await createCertificateAuthority(deployment);
  await folder.write('ca-key.pem', made.key);
  await folder.write('ca.pem', made.certificate);
  return loadCertificateAuthority(made);
}

async function keepServerCertificate(folder: PrivateFolder, ca: CertificateAuthority): Promise<void> {
  if ((await folder.read('server-cert.pem')) !== undefined) return;
  const made = await ca.issueServer();
  await folder.write('server-key.pem', made.key);
  await folder.write('server-cert.pem', made.certificate);
}

function newLogKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The log's key stands in the set beside the signing key: clients find the key of a checkpoint there. */
function newKeySet(options: { root: SigningKey; signing: SigningKey; logKey: KeyObject; deployment: string }): string {
  const { root, signing, logKey, deployment } = options;
  const log = readPublicJwk(logKey.export({ format: 'jwk' }));
  if (log === undefined) throw new TypeError('the log key is not on P-256');
  const { payload, jws } = signKeySet(
    { version: 1, keys: [signing.publicJwk, log].map((jwk) => ({ jwk, state: 'active' as const })) },
    {
      root: createSigner({ key: root.key, kid: root.kid, issuer: GATEWAY }),
      audience: audienceOf('*', deployment),
      iat: Math.floor(Date.now() / 1000),
    },
  );
  return jsonText({ payload: Buffer.from(payload).toString('base64url'), jws });
}
