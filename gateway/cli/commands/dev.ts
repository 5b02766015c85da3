import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { readGatewayConfig } from '../../config/read-config.ts';
import { loadCertificateAuthority } from '../../development/certificates.ts';
import { createEnrolment } from '../../development/enrol.ts';
import { EnrolmentError } from '../../development/enrolment-error.ts';
import type { Words } from '../../errors/words.ts';
import { attach, type Cli, type CommandContext, type CommonOptions, wholeNumber } from '../cli.ts';
import { aborted } from '../interrupt.ts';
import { CliProblem, fill, throwIfInterrupted } from '../problem.ts';
import { dataFolder, preparedFolder } from '../stack/data-folder.ts';
import { openDatabase, startDatabase } from '../stack/database.ts';
import { prepareDeployment } from '../stack/deployment.ts';
import { freePort } from '../stack/free-port.ts';
import { type GatewayProcess, readDescriptors, startGateway } from '../stack/gateway-process.ts';
import { holdHead, keepHeadCommand } from '../stack/log-heads.ts';
import { DEV_WORDS, outdatedLine, readyText } from './dev-words.ts';

/** Beside the sentence of a gateway that ended. */
const WHILE_RUNNING: Words = { en: 'while running', vi: 'trong khi đang chạy' };

interface DataOptions extends CommonOptions {
  readonly data: string;
  readonly port?: string;
}

const DEFAULT_PORT = 7443;

interface CertifyOptions extends DataOptions {
  readonly out: string;
}

/** `dev up`, `dev revoke AGENCY`, `dev certify REQUEST` */
export function addDevCommands(program: Command, cli: Cli): void {
  const dev = program.command('dev').description('a development deployment with everything embedded');
  const up = dev
    .command('up')
    .description('starts PostgreSQL and the gateway, makes keys and agencies, and keeps running until Ctrl-C')
    .requiredOption('--data <dir>', 'folder that keeps everything; made when missing')
    .option('--port <n>', `port on loopback; 0 for any (default: ${DEFAULT_PORT})`);
  attach<DataOptions>(cli, up, devUp);
  const revoke = dev
    .command('revoke')
    .description('bars an agency at once; jobs that are running stop')
    .argument('<agency>', 'code, for example viettel')
    .requiredOption('--data <dir>', 'data folder of the deployment');
  attach<DataOptions>(cli, revoke, devRevoke);
  const certify = dev
    .command('certify')
    .description('issues a certificate for a request, by the development CA')
    .argument('<request>', 'request.json of "enroll request"')
    .requiredOption('--data <dir>', 'data folder of the deployment')
    .requiredOption('--out <file>', 'where the certificate goes');
  attach<CertifyOptions>(cli, certify, devCertify);
}

async function devUp(context: CommandContext, _args: readonly string[], options: DataOptions) {
  const { terminal, progress, settings } = context;
  const words = DEV_WORDS[settings.language];
  const { signal, env } = terminal;
  const port = await freePort(wholeNumber('--port', options.port, 0, 65_535) ?? DEFAULT_PORT);
  const data = dataFolder(options.data);
  const starting = progress.bar(words.postgres);
  const descriptors = readDescriptors();
  descriptors.catch(() => undefined);
  const database = await startDatabase(data);
  let gateway: GatewayProcess | undefined;
  try {
    starting.done();
    throwIfInterrupted(signal);
    const preparing = progress.bar(words.preparing);
    const deployment = await prepareDeployment(data, database, { port, descriptors: await descriptors });
    preparing.done(deployment.id);
    for (const id of deployment.outdated) progress.note(outdatedLine(id, options.data, settings.language));
    const { log } = await readGatewayConfig(data.config, env);
    await holdHead(log, database.pool, keepHeadCommand({ data: options.data }));
    throwIfInterrupted(signal);
    const launching = progress.bar(words.launching);
    gateway = await startGateway({ config: data.config, logFile: data.gatewayLog, env, signal });
    launching.done(`localhost:${gateway.port}`);
    const { rows } = await database.pool.query<{ people: boolean }>('SELECT EXISTS (SELECT FROM person) AS people');
    const { id, profiles } = deployment;
    context.give({ event: 'ready', deployment: id, port: gateway.port, config: data.config, profiles });
    context.say(
      readyText(
        { id, port: gateway.port, folder: options.data, profiles, people: rows[0]?.people === true },
        settings.language,
      ),
    );
    await Promise.race([aborted(signal), gateway.ended]);
    if (!signal.aborted) throw new CliProblem('GATEWAY_FAILED', { code: WHILE_RUNNING, log: data.gatewayLog });
    progress.note(words.stopping);
    return EXIT_CODES.INTERRUPTED;
  } finally {
    starting.drop();
    await gateway?.stop();
    await database.close();
  }
}

async function devRevoke(context: CommandContext, [agency = '']: readonly string[], options: DataOptions) {
  const database = await openDatabase(preparedFolder(options.data), context.terminal.env);
  try {
    const revision = await createEnrolment({ pool: database.pool })
      .barAgency(agency)
      .catch(async (error: unknown) => {
        if (!(error instanceof EnrolmentError)) throw error;
        const { rows } = await database.pool.query<{ code: string }>('SELECT code FROM agency ORDER BY code');
        throw new CliProblem('AGENCY_UNKNOWN', { agency, known: rows.map(({ code }) => code).join(', ') });
      });
    const { barred } = DEV_WORDS[context.settings.language];
    context.say(fill(barred, { agency, revision: String(revision) }));
    context.give({ agency, status: 'barred', change: revision });
    return EXIT_CODES.COMPLETE;
  } finally {
    await database.close();
  }
}

async function devCertify(context: CommandContext, [file = '']: readonly string[], options: CertifyOptions) {
  const gateway = dirname(preparedFolder(options.data).config);
  const read = (name: string) => readFile(join(gateway, name), 'utf8');
  const ca = await loadCertificateAuthority({ certificate: await read('ca.pem'), key: await read('ca-key.pem') });
  let csr: unknown;
  try {
    csr = (JSON.parse(await readFile(file, 'utf8')) as { csr?: unknown }).csr;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const certificate = typeof csr === 'string' ? await ca.certify(csr).catch(() => undefined) : undefined;
  if (certificate === undefined) throw new CliProblem('REQUEST_FILE', { file, problem: 'NO_PKCS10' });
  await writeFile(options.out, certificate);
  context.give({ certificate: options.out });
  context.say(options.out);
  return EXIT_CODES.COMPLETE;
}
