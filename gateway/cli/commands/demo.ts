import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { attach, type Cli, type CommandContext, type CommonOptions, wholeNumber } from '../cli.ts';
import { type DemoFindings, type DemoPlaces, demoEnding, demoReport, pageNote, requestLink } from '../demo/report.ts';
import { runDemo } from '../demo/run-demo.ts';
import { DEMO_WORDS } from '../demo/words.ts';
import { aborted } from '../interrupt.ts';
import { personJson } from '../person-view.ts';
import { widthOf } from '../terminal.ts';

interface DemoOptions extends CommonOptions {
  readonly persons?: string;
  readonly subscribers?: string;
  readonly keep?: boolean;
  readonly console?: boolean;
  readonly data?: string;
}

const DEFAULTS = { persons: 200_000, subscribers: 50_000 } as const;
const LIMITS = { persons: [2_000, 10_000_000], subscribers: [1, 10_000_000] } as const;
/** Where the results of a demo go whose data is not kept. */
const RESULTS_FOLDER = 'lienthong-demo';
const KEPT = ['subscribers.csv', 'results.csv', 'results.csv.receipt', 'key-set-root.jwk.json'] as const;

/** `demo` */
export function addDemoCommand(program: Command, cli: Cli): void {
  const demo = program
    .command('demo')
    .description('the whole thing once, on invented people: register, gateway, a telco’s file answered and proven')
    .option('--persons <n>', 'people in the register (default: 200,000)')
    .option('--subscribers <n>', "rows of the telco's file (default: 50,000)")
    .option('--keep', `keep database, keys and profiles in ${RESULTS_FOLDER}/data`)
    .option('--console', 'keep the gateway and the citizen’s page running at the end, until Ctrl-C')
    .option('--data <dir>', 'keep them in this folder instead; used again by the next demo and by "dev up"');
  attach<DemoOptions>(cli, demo, demonstrate);
}

async function demonstrate(context: CommandContext, _args: readonly string[], options: DemoOptions) {
  const { terminal, settings, progress } = context;
  const { language } = settings;
  const persons = wholeNumber('--persons', options.persons, ...LIMITS.persons) ?? DEFAULTS.persons;
  const subscribers = wholeNumber('--subscribers', options.subscribers, ...LIMITS.subscribers) ?? DEFAULTS.subscribers;
  const from = performance.now();
  progress.note(`${DEMO_WORDS[language].title}\n`);
  const kept = options.data ?? (options.keep === true ? join(RESULTS_FOLDER, 'data') : undefined);
  const dataDir = kept ?? (await mkdtemp(join(tmpdir(), 'lienthong-demo-')));
  const places: DemoPlaces = { folder: kept === undefined ? RESULTS_FOLDER : join(kept, 'demo'), data: kept };
  try {
    const files = join(dataDir, 'demo');
    const tell = async (findings: DemoFindings, link?: string) => {
      if (kept === undefined) {
        await mkdir(RESULTS_FOLDER, { recursive: true });
        for (const name of KEPT) await copyFile(join(files, name), join(RESULTS_FOLDER, name));
      }
      const ms = performance.now() - from;
      context.say(demoReport(findings, language, widthOf(terminal.stdout)));
      context.say(demoEnding(places, ms, language));
      context.give({
        ...demoJson(findings, places, ms),
        ...(link === undefined ? {} : { page: { link, request: requestLink(findings, link) } }),
      });
    };
    const hold = async (findings: DemoFindings, link: string) => {
      await tell(findings, link);
      context.say(pageNote(findings, link, language));
      await aborted(terminal.signal);
    };
    const order = { persons, subscribers, dataDir, files, hold: options.console === true ? hold : undefined };
    const findings = await runDemo(order, { terminal, progress, language });
    if (options.console === true) return EXIT_CODES.INTERRUPTED;
    await tell(findings);
    return EXIT_CODES.COMPLETE;
  } finally {
    if (kept === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}

function demoJson(
  { summary, jobMs, examples, ministry, proof, citizen }: DemoFindings,
  places: DemoPlaces,
  ms: number,
) {
  const { rows, totals, actions, reasons, notices, jobId } = summary;
  return {
    seconds: ms / 1000,
    job: { id: jobId, rows, seconds: jobMs / 1000, totals, actions, reasons, notices },
    examples,
    ministry: { answer: personJson(ministry.partial), strict: ministry.refusal.refusal?.reasonName },
    proof,
    citizen: { verdicts: citizen.verdicts, proof: citizen.check.holds ? 'HOLDS' : citizen.check.fault },
    places,
  };
}
