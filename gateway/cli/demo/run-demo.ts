import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import { loadProfile } from '../../../connectors/kit/profile.ts';
import { type VerifySummary, verifySubscribers } from '../../../connectors/telco/verify.ts';
import type { Person } from '../../../proto/gen/lienthong/person/v1/person_pb.js';
import { readGatewayConfig } from '../../config/read-config.ts';
import { writePersonsCsv } from '../../development/synthetic/population.ts';
import { writeSubscribersCsv } from '../../development/synthetic/subscribers.ts';
import type { EidPerson } from '../citizen/development-eid.ts';
import { CITIZEN_AGENCY, EID_PEOPLE, openConsole } from '../citizen/open-console.ts';
import { count } from '../numbers.ts';
import { fill, throwIfInterrupted } from '../problem.ts';
import type { Bar, Progress } from '../progress.ts';
import { type DataFolder, dataFolder } from '../stack/data-folder.ts';
import { type OpenDatabase, startDatabase } from '../stack/database.ts';
import { prepareDeployment } from '../stack/deployment.ts';
import { freePort } from '../stack/free-port.ts';
import { type GatewayProcess, readDescriptors, startGateway } from '../stack/gateway-process.ts';
import { importRegister } from '../stack/import-register.ts';
import { keepHeadCommand } from '../stack/log-heads.ts';
import type { Terminal } from '../terminal.ts';
import { type CitizenFindings, tellCitizenStory } from './citizen.ts';
import { exampleRows } from './example-rows.ts';
import { askMinistry } from './ministry.ts';
import { proveDisclosure } from './prove-disclosure.ts';
import type { DemoFindings } from './report.ts';
import { personToShow } from './show-person.ts';
import { DEMO_WORDS } from './words.ts';

export interface DemoOrder {
  readonly persons: number;
  readonly subscribers: number;
  /** Holds everything that the demo makes. */
  readonly dataDir: string;
  /** Folder of the telco's files, made when missing. */
  readonly files: string;
  /** Given what was found, before anything is stopped: gateway and citizen's page run until it settles. */
  readonly hold?: ((findings: DemoFindings, link: string) => Promise<void>) | undefined;
}

/** The telco of the demo, the ministry, the bank, and the seed of everybody's names. */
const TELCO = 'viettel';
const MINISTRY = 'moh';
const BANK = 'bank-demo';
const SEED = 20_260_415;
const SHOWN_REASONS = 6;
const CHANNELS = 2;

/**
 * The whole way once: people, register, gateway, a telco's file verified, one person read, one disclosure proven.
 * Whatever it started is stopped when it settles, on an interruption too (CliProblem or KitError INTERRUPTED).
 */
export async function runDemo(
  order: DemoOrder,
  { terminal, progress, language }: { terminal: Terminal; progress: Progress; language: Language },
): Promise<DemoFindings> {
  const { signal, env } = terminal;
  const words = DEMO_WORDS[language];
  const data = dataFolder(order.dataDir);
  const personsFile = join(order.files, 'persons.csv');
  const subscribersFile = join(order.files, 'subscribers.csv');
  await mkdir(order.files, { recursive: true });
  let database: OpenDatabase | undefined;
  let gateway: GatewayProcess | undefined;
  try {
    const [started, descriptors] = await allOf([
      startDatabase(data).then((opened) => {
        database = opened;
        return opened;
      }),
      readDescriptors(),
      watched(progress.bar(fill(words.people, { n: count(order.persons, language) }), order.persons), (bar) =>
        writePersonsCsv(personsFile, { seed: SEED, persons: order.persons, onProgress: stepper(bar, signal) }),
      ),
    ]);
    const port = await freePort(0);
    await watched(progress.bar(words.deployment), () => prepareDeployment(data, started, { port, descriptors }));
    throwIfInterrupted(signal);
    const { rejected } = await watched(progress.bar(words.import), async (bar) => {
      const onProgress = (rows: number, expected: number) => bar.to(rows, expected);
      const rejectsPath = join(order.files, 'persons.rejects.csv');
      const config = await readGatewayConfig(data.config, env);
      return importRegister(
        { config, database: started },
        { file: personsFile, rejectsPath, keepHeadCommand: keepHeadCommand({ data: data.root }), signal, onProgress },
      );
    });
    if (rejected > 0) progress.note(fill(words.rejected, { n: count(rejected, language) }));
    const starting = startGateway({ config: data.config, logFile: data.gatewayLog, env, signal }).then((running) => {
      gateway = running;
    });
    const { persons, subscribers } = order;
    await allOf([
      starting,
      watched(progress.bar(fill(words.subscribers, { n: count(subscribers, language) }), subscribers), (bar) =>
        writeSubscribersCsv(subscribersFile, {
          seed: SEED,
          persons,
          subscribers,
          telco: TELCO,
          onProgress: stepper(bar, signal),
        }),
      ),
    ]);
    throwIfInterrupted(signal);
    return await useGateway(order, data, subscribersFile, { terminal, progress, language });
  } finally {
    await gateway?.stop();
    await database?.close();
  }
}

async function useGateway(
  { persons, files, hold }: DemoOrder,
  data: DataFolder,
  subscribersFile: string,
  { terminal, progress, language }: { terminal: Terminal; progress: Progress; language: Language },
): Promise<DemoFindings> {
  const { signal } = terminal;
  const from = performance.now();
  const out = join(files, 'results.csv');
  const summary: VerifySummary = await watched(progress.bar(DEMO_WORDS[language].verify), (bar) =>
    verifySubscribers({
      file: subscribersFile,
      out,
      // A demo in the same folder again.
      replace: true,
      profile: data.profile(TELCO),
      channels: CHANNELS,
      signal,
      onProgress: ({ rows, bytesRead, bytes }) => bar.to(rows, Math.round((rows * bytes) / Math.max(1, bytesRead))),
    }),
  );
  const jobMs = performance.now() - from;
  await copyFile(join(data.profile(TELCO), 'key-set-root.jwk.json'), join(files, 'key-set-root.jwk.json'));
  const client = createSignedClient(await loadProfile(data.profile(MINISTRY)));
  try {
    const ministry = await askMinistry(client, personToShow(SEED, persons), signal);
    const proof = await proveDisclosure(client, ministry.partial);
    const examples = await exampleRows(summary, subscribersFile, SHOWN_REASONS);
    return await withCitizen(data, ministry.partial.message.person, { terminal, language, hold }, (citizen) => {
      return { summary, jobMs, examples, ministry, proof, citizen };
    });
  } finally {
    client.close();
  }
}

/** Serves the citizen's page, and lets the person whom the ministry read be asked about by a bank. */
async function withCitizen(
  data: DataFolder,
  person: Person | undefined,
  { terminal, language, hold }: { readonly terminal: Terminal; readonly language: Language } & Pick<DemoOrder, 'hold'>,
  findingsOf: (citizen: CitizenFindings) => DemoFindings,
): Promise<DemoFindings> {
  if (person === undefined) throw new Error('the ministry was told of nobody');
  const people: EidPerson[] = [{ personal_id: person.personalId, name: person.fullName }];
  await writeFile(join(dirname(data.config), EID_PEOPLE), JSON.stringify(people), { mode: 0o600 });
  const running = await openConsole(data.profile(CITIZEN_AGENCY), { port: 0, env: terminal.env });
  const { signal } = terminal;
  const bank = createSignedClient(await loadProfile(data.profile(BANK)));
  try {
    const findings = findingsOf(await tellCitizenStory(bank, running, person, { signal, language }));
    await hold?.(findings, running.link);
    return findings;
  } finally {
    bank.close();
    await running.close();
  }
}

/** All of them, each waited for even where another failed: what they started must be known before it is stopped. */
async function allOf<T extends readonly Promise<unknown>[]>(
  work: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work) as Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
}

async function watched<T>(bar: Bar, work: (bar: Bar) => Promise<T>): Promise<T> {
  try {
    const result = await work(bar);
    bar.done();
    return result;
  } finally {
    bar.drop();
  }
}

/** Reports how far a writer is, and ends it on an interruption: it asks for nothing else. */
function stepper(bar: Bar, signal: AbortSignal): (done: number) => void {
  return (done) => {
    throwIfInterrupted(signal);
    bar.to(done);
  };
}
