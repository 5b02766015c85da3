import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import type { ActBook } from '../../acts/book.ts';
import { loadAgreements } from '../../agreements/store.ts';
import { createHeads } from '../../audit/heads.ts';
import { readKeptHead } from '../../audit/kept-head.ts';
import type { GatewayConfig } from '../../config/read-config.ts';
import { artefactKeyOf } from '../../consent/artefact-key.ts';
import { type JudgedActs, judgeActs } from '../../consent/judged-acts.ts';
import { countMissed } from '../../consent/missed-matters.ts';
import { VOCABULARY, VOCABULARY_VERSION } from '../../fields/vocabulary.ts';
import { daysLeft } from '../../operation/expiries.ts';
import { type Finding, judgeStatus } from '../../operation/judge-status.ts';
import { type DeploymentStatus, readStatus } from '../../operation/read-status.ts';
import { readScrape, type ScrapedGateway, type Unscraped } from '../../operation/scraped.ts';
import { BundleRefused, readSignedBundle } from '../../policy/signed-bundle.ts';
import { policyVocabulary } from '../../policy/vocabulary.ts';
import type { Pool } from '../../storage/pool.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { CliProblem } from '../problem.ts';
import { DEPLOYMENT_OPTIONS, type DeploymentOptions, withDeployment } from '../stack/open-deployment.ts';
import { statusLines } from './status-words.ts';

interface StatusOptions extends CommonOptions, DeploymentOptions {
  readonly metrics?: string;
}

/** `status`, of `--data DIR` or `--config FILE` */
export function addStatusCommand(program: Command, cli: Cli): void {
  const command = program
    .command('status')
    .description(
      'what waits, what ends soon, how the log stands; ends with 0 well, 10 a warning, 5 something is not served',
    );
  for (const [flags, text] of DEPLOYMENT_OPTIONS) command.option(flags, text);
  command.option('--metrics <url>', "the gateway's metrics (default: where its config file has them read)");
  attach<StatusOptions>(cli, command, showStatus);
}

const SCRAPE_MS = 3_000;

async function showStatus(
  context: CommandContext,
  _args: readonly string[],
  options: StatusOptions,
): Promise<ExitCode> {
  const { terminal, settings } = context;
  return withDeployment(options, terminal.env, async ({ config, database }) => {
    const url = metricsUrl(options.metrics, config);
    const [status, gateway] = await Promise.all([
      sourcesOf(config, database.pool).then(readStatus),
      url === undefined ? undefined : scrape(url),
    ]);
    const findings = judgeStatus(status, gateway);
    context.give(asJson(config, status, gateway, findings));
    for (const line of statusLines(
      { id: config.deployment.id, status, gateway, findings },
      settings.language,
      terminal,
    )) {
      context.say(line);
    }
    return exitOf(findings);
  });
}

/** By the weightiest finding. */
function exitOf(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ weight }) => weight === 'critical')) return EXIT_CODES.UNAVAILABLE;
  return findings.length > 0 ? EXIT_CODES.VERDICTS : EXIT_CODES.COMPLETE;
}

async function sourcesOf(config: GatewayConfig, db: Pool) {
  const rules = await readRules(config);
  const { log, deployment, officers: pinned, tls } = config;
  const actsOnly = deployment.kind === 'production';
  const artefactKey = artefactKeyOf(config.keys.evidence);
  const judging = (now: number, book: ActBook) => ({ db, artefactKey, book: () => book, nowSeconds: () => now });
  let acts: Promise<JudgedActs> | undefined;
  // One reading is by one book: all is judged once, whoever asks.
  const judged = (now: number, book: ActBook) => {
    acts ??= judgeActs(judging(now, book));
    return acts;
  };
  const vocabulary = policyVocabulary(VOCABULARY.fields, VOCABULARY_VERSION);
  return {
    ...{ db, actsOnly },
    ...(rules === undefined ? { own: tls, rulesCount: false } : { own: { ...tls, rules }, rulesCount: true }),
    readAgreements: () => loadAgreements({ pool: db, vocabulary, pinned, deployment: deployment.id, actsOnly }),
    witnessesNeeded: log.witnesses,
    ignoredMatterActs: judged,
    countMissed: async (now: number, book: ActBook) => countMissed(judging(now, book), await judged(now, book)),
    checkLog: () => createHeads({ db, origin: log.origin, keys: log.keys, path: log.heads }).check(),
    readHeadKept: async () => {
      const kept = await readKeptHead(log.heads, log.origin, log.keys);
      return kept && { entries: kept.head.size, at: (await stat(log.heads)).mtimeMs / 1000 };
    },
  };
}

/** As a gateway that starts now would judge them; whether they were ever replaced by later ones is the gateway's to know. */
async function readRules({ policy, deployment }: GatewayConfig) {
  try {
    // One that has ended is told by its end.
    const trust = { key: policy.key, deployment: deployment.id, nowSeconds: () => 0 };
    return readSignedBundle(await policy.read(), trust);
  } catch (error) {
    if (error instanceof BundleRefused) return undefined;
    throw error;
  }
}

/** Where metrics are read: as asked for, else as configured; a port that the system chose is known to nobody. */
function metricsUrl(asked: string | undefined, { metrics }: GatewayConfig): string | undefined {
  if (asked !== undefined) {
    if (URL.canParse(asked) && /^https?:$/.test(new URL(asked).protocol)) return asked;
    throw new CliProblem('OPTION_WRONG', { option: '--metrics', wanted: 'url' });
  }
  if (metrics === undefined || metrics.port === 0) return undefined;
  const host = metrics.host.includes(':') ? `[${metrics.host}]` : metrics.host;
  return `http://${host}:${metrics.port}/metrics`;
}

async function scrape(url: string): Promise<ScrapedGateway | Unscraped> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(SCRAPE_MS) });
    return answer.ok ? readScrape(await answer.text()) : 'away';
  } catch (error) {
    const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
    return cause?.code === 'ECONNREFUSED' ? 'gone' : 'away';
  }
}

const iso = (seconds: number) => new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z');

function asJson(
  { deployment }: GatewayConfig,
  { pending, stored }: DeploymentStatus,
  gateway: ScrapedGateway | Unscraped | undefined,
  findings: readonly Finding[],
) {
  return {
    deployment: deployment.id,
    findings: findings.map(({ finding, weight, count, names }) => ({
      ...{ finding, weight, count },
      ...(names === undefined ? {} : { names }),
    })),
    migrations_pending: pending,
    ...(stored === undefined
      ? {}
      : {
          at: iso(stored.now),
          jobs: stored.waiting.jobs,
          unacknowledged_answers: stored.waiting.storedAnswers,
          used_tokens: stored.waiting.usedTokens,
          kept_beyond_time: stored.overdue,
          accesses: {
            position: stored.accesses.position,
            behind: stored.accesses.behind,
            behind_seconds: stored.accesses.behindSeconds,
          },
          delayed_uses: {
            count: stored.delays.uses,
            until: stored.delays.uses === 0 ? null : iso(stored.delays.until),
          },
          matters: {
            ...stored.matters.counts,
            next_due: stored.matters.nextDue === undefined ? null : iso(stored.matters.nextDue),
            unlisted: stored.unlisted,
          },
          agency_keys: stored.agencyKeys,
          officers: stored.officers,
          issuers: stored.issuers,
          proposals: stored.proposals,
          officer_pairs: stored.officerPairs,
          ignored_rows: stored.ignored,
          unsafe_settings: stored.unsafeSettings,
          quoting_settings: stored.quotingSettings,
          fallen_agreements: stored.fallen,
          fallen_decisions: stored.fallenDecisions,
          agreements_not_begun: stored.notBegun,
          log: {
            state: stored.log.state,
            entries: stored.log.entries,
            head_kept_entries: stored.log.headKept?.entries ?? null,
            head_kept_at: stored.log.headKept === undefined ? null : iso(stored.log.headKept.at),
            witnessed: {
              entries: stored.log.witnessed.size,
              at: stored.log.witnessed.at === undefined ? null : iso(stored.log.witnessed.at),
              needed: stored.log.witnessesNeeded,
            },
          },
          workers: stored.workers.map(({ epoch, startedAt, leaseUntil, live }) => ({
            ...{ epoch, live },
            started_at: iso(startedAt),
            lease_until: iso(leaseUntil),
          })),
          ends: stored.expiries.map(({ what, subject, until }) => ({
            ...{ what, subject },
            until: iso(until),
            days_left: daysLeft(until, stored.now),
          })),
        }),
    ...(gateway === undefined
      ? {}
      : {
          gateway:
            typeof gateway === 'string'
              ? null
              : {
                  state: gateway.state,
                  calls_in_flight: gateway.callsInFlight,
                  chunks_in_flight: gateway.chunksInFlight,
                  append_queue: gateway.appendQueue,
                  lookup_queue: gateway.lookupQueue,
                  head_waiting_seconds: gateway.headWaitingSeconds,
                },
        }),
  };
}
