import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { gatewayDiffers } from '../../../connectors/kit/gateway-differs.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import { loadProfile, type Profile, readRoot } from '../../../connectors/kit/profile.ts';
import { ServerService } from '../../../proto/gen/lienthong/server/v1/server_pb.js';
import { descriptorSet } from '../../contract/descriptors.ts';
import { mayHoldPersonsNumber } from '../../errors/persons-number.ts';
import { readSecretFile, readSigningKeyFile } from '../../signing/key-file.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { OFFICERS_AGENCY } from '../officers/agency.ts';
import { explainWay } from '../officers/explain-way.ts';
import { readCertificateOf, readHolder } from '../officers/request-file.ts';
import { CliProblem, fill } from '../problem.ts';
import { replaceFile } from '../stack/replace-file.ts';

interface FinishOptions extends CommonOptions {
  readonly address: string;
  readonly ca: string;
  readonly root: string;
  readonly certificate?: string;
  readonly purpose?: readonly string[];
  readonly serviceCode?: string;
  readonly unitCode?: string;
  readonly officerCode?: string;
}

const WORDS = {
  en: {
    done: '✓ The profile of {agency} at {deployment}: {folder}\nPurposes: {purposes}\nIs everything in order? lienthong doctor --profile {folder}',
    development: '! This is a development deployment: nobody else trusts its keys.',
  },
  vi: {
    done: '✓ Hồ sơ kết nối của {agency} tại {deployment}: {folder}\nMục đích: {purposes}\nKiểm tra: lienthong doctor --profile {folder}',
    development: '! Đây là hệ thống phát triển: không nơi nào khác tin các khóa của nó.',
  },
} as const;

const DESCRIPTORS_FILE = 'descriptors.binpb';
/** Anything long enough to be none: the log's origin is what is asked for. */
const UNKNOWN_ORIGIN = 'unknown';

/** `enroll finish` */
export function addEnrollFinish(enroll: Command, cli: Cli): void {
  const finish = enroll
    .command('finish')
    .description(
      'makes the folder of "enroll request" a profile: asks the gateway, and believes it by the CA and the root alone',
    )
    .argument('<dir>', 'folder of "enroll request"')
    .requiredOption('--address <host:port>', 'where the gateway is, by the name in its certificate')
    .requiredOption('--ca <file>', 'who signs the gateway’s certificate, PEM')
    .requiredOption('--root <file>', 'public JWK of the root that signs the gateway’s key set, got on another way')
    .option('--certificate <file>', 'the certificate that came back, PEM (default: cert.pem in the folder)')
    .option('--purpose <code...>', 'purposes (default: those of the agreements that the gateway has)')
    .option('--service-code <code>', 'service that stands in requests which name none')
    .option('--unit-code <code>', 'unit that stands in requests which name none')
    .option('--officer-code <code>', 'officer who stands in requests which name none (default: an officer’s own code)');
  attach<FinishOptions>(cli, finish, finishProfile);
}

async function finishProfile(context: CommandContext, [dir = '']: readonly string[], options: FinishOptions) {
  const { terminal, settings } = context;
  mustBeNobodys('--service-code', options.serviceCode);
  mustBeNobodys('--unit-code', options.unitCode);
  const folder = resolve(dir);
  const at = (name: string) => join(folder, name);
  const { deployment, of, holder, encryption_key: encrypts } = await readHolder(at('request.json'));
  const agency = of === 'officer' ? OFFICERS_AGENCY : holder;
  const certificateFile = options.certificate ?? at('cert.pem');
  await readCertificateOf(certificateFile, holder);
  const [ca, certificate] = [await readFile(options.ca), await readFile(certificateFile)];
  const root = readRoot(await readFile(options.root));
  const profile: Profile = {
    ...{ folder, address: options.address, deployment, agency, purposes: [], ca, certificate },
    context: { serviceCode: '', unitCode: '', officerCode: '' },
    key: await readSecretFile(at('key.pem')),
    signingKey: await readSigningKeyFile(at('signing.jwk.json')),
    ...{ keySetRoot: root, logOrigin: UNKNOWN_ORIGIN, descriptors: undefined, stateFolder: at('state') },
    decryptionKeys: [],
  };
  const info = await askGateway(profile, terminal.signal);
  const purposes = options.purpose ?? [...new Set(info.agreements.map(({ purpose }) => purpose))];
  if (purposes.length === 0) throw new CliProblem('NO_AGREEMENT_YET', { agency });
  const config = {
    ...{ version: 1, address: options.address, deployment, agency, purposes },
    context: {
      service_code: options.serviceCode ?? '',
      unit_code: options.unitCode ?? '',
      // An officer calls as nobody else: the gateway holds the code against the certificate.
      officer_code: options.officerCode ?? (of === 'officer' ? holder : ''),
    },
    ...{ ca: 'file:ca.pem', certificate: 'file:cert.pem', key: 'file:key.pem' },
    ...{ signing_key: 'file:signing.jwk.json', key_set_root: 'file:key-set-root.jwk.json' },
    ...(encrypts && { encryption_keys: ['file:encryption.jwk.json'] }),
    ...{ log_origin: info.logOrigin, descriptors: `file:${DESCRIPTORS_FILE}` },
  };
  await replaceFile(at('ca.pem'), ca.toString('utf8'), 0o600);
  await replaceFile(at('cert.pem'), certificate.toString('utf8'), 0o600);
  await replaceFile(at('key-set-root.jwk.json'), `${JSON.stringify(root, null, 2)}\n`, 0o600);
  // Of this program's version: what another language needs to call by name, as "lienthong call" does.
  await replaceFile(at(DESCRIPTORS_FILE), descriptorSet(), 0o600);
  await replaceFile(at('config.json'), `${JSON.stringify(config, null, 2)}\n`, 0o600);
  // As every command will: what does not fit is said here.
  await loadProfile(folder, { env: terminal.env });
  const words = WORDS[settings.language];
  context.give({ folder, agency, deployment, purposes, log_origin: info.logOrigin, development: info.development });
  context.say(fill(words.done, { agency, deployment, folder, purposes: purposes.join(', ') }));
  if (info.development) context.say(words.development);
  return EXIT_CODES.COMPLETE;
}

/** A profile in which one stands would have every request refused. */
function mustBeNobodys(option: string, code = ''): void {
  if (mayHoldPersonsNumber(code)) throw new CliProblem('OPTION_WRONG', { option, wanted: 'loggedCode' });
}

/** What the gateway says of itself, once its key set was found signed by the root. Throws KitError, GatewayError, CliProblem. */
async function askGateway(profile: Profile, signal: AbortSignal) {
  const client = createSignedClient(profile);
  try {
    await client.keySet.get();
    const info = await client.open(ServerService.method.getServerInfo, {}, { signal });
    const differs = gatewayDiffers({ agency: info.agency, deployment: info.deployment }, profile);
    if (differs !== undefined) throw differs;
    return info;
  } catch (error) {
    const lost = error instanceof KitError && (error.reason === 'TLS_REFUSED' || error.reason === 'UNAVAILABLE');
    throw lost ? await explainWay(error, profile) : error;
  } finally {
    client.close();
  }
}
