import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { createEnrolment, EnrolmentError } from '../../agencies/enrol.ts';
import { attach, type Cli, type CommandContext, type CommonOptions, wholeNumber } from '../cli.ts';
import { CliProblem, throwIfInterrupted } from '../problem.ts';
import { dataFolder, preparedFolder } from '../stack/data-folder.ts';
import { openDatabase, startDatabase } from '../stack/database.ts';
import { prepareDeployment } from '../stack/deployment.ts';
import { freePort } from '../stack/free-port.ts';
import { type GatewayProcess, readDescriptors, startGateway } from '../stack/gateway-process.ts';
import { holdLog } from '../stack/log-heads.ts';

interface DataOptions extends CommonOptions {
  readonly data: string;
  readonly port?: string;
}

const DEFAULT_PORT = 7443;

/** `dev up`, `dev revoke AGENCY` */
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
}

async function devUp(context: CommandContext, _args: readonly string[], options: DataOptions) {
  const { terminal, progress } = context;
  const { signal, env } = terminal;
  const port = await freePort(wholeNumber('--port', options.port, 0, 65_535) ?? DEFAULT_PORT);
  const data = dataFolder(options.data);
  const starting = progress.bar('Starting PostgreSQL');
  const descriptors = readDescriptors();
  descriptors.catch(() => undefined);
  const database = await startDatabase(data);
  let gateway: GatewayProcess | undefined;
  try {
    starting.done();
    throwIfInterrupted(signal);
    const preparing = progress.bar('Schema, development CA, keys, agencies');
    const deployment = await prepareDeployment(data, database, { port, descriptors: await descriptors });
    preparing.done(deployment.id);
    for (const file of deployment.outdated)
      progress.note(`! agreement ${file}: changed without a higher version; the old one holds`);
    await holdLog(data, database.pool, env);
    throwIfInterrupted(signal);
    const launching = progress.bar('Starting the gateway');
    gateway = await startGateway({ config: data.config, logFile: data.gatewayLog, env, signal });
    launching.done(`localhost:${gateway.port}`);
    const { rows } = await database.pool.query<{ people: boolean }>('SELECT EXISTS (SELECT FROM person) AS people');
    const { id, profiles } = deployment;
    context.give({ event: 'ready', deployment: id, port: gateway.port, config: data.config, profiles });
    context.say(
      readyText({ id, port: gateway.port, folder: options.data, profiles, people: rows[0]?.people === true }),
    );
    await Promise.race([aborted(signal), gateway.ended]);
    if (!signal.aborted) throw new CliProblem('GATEWAY_FAILED', { code: 'while running', log: data.gatewayLog });
    progress.note('Stopping…');
    return EXIT_CODES.INTERRUPTED;
  } finally {
    starting.drop();
    await gateway?.stop();
    await database.close();
  }
}

/** What to do with what is running. */
export function readyText(facts: {
  readonly id: string;
  readonly port: number;
  readonly folder: string;
  readonly profiles: Readonly<Record<string, string>>;
  readonly people: boolean;
}): string {
  const { folder } = facts;
  const fill = facts.people
    ? []
    : ['  The register is empty. Fill it:', `    npx lienthong register import persons.csv --data ${folder}`, ''];
  return [
    '',
    `Gateway of ${facts.id} on localhost:${facts.port} (mutual TLS; development trust, loopback only)`,
    `Profiles: ${Object.keys(facts.profiles).join(', ')} in ${folder}/agencies/`,
    '',
    ...fill,
    '  In another terminal:',
    `    npx lienthong telco verify subscribers.csv --out results.csv --profile ${folder}/agencies/viettel`,
    `    npx lienthong person get ID --fields full_name,date_of_birth --profile ${folder}/agencies/moh`,
    `    npx lienthong call lienthong.server.v1.ServerService/GetServerInfo '{}' --profile ${folder}/agencies/moh`,
    '',
    'Ctrl-C stops everything; the data stays.',
  ].join('\n');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
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
    context.say(`${agency} is barred (change ${revision}): every further call and chunk of it is refused.`);
    context.give({ agency, status: 'barred', change: revision });
    return EXIT_CODES.COMPLETE;
  } finally {
    await database.close();
  }
}
