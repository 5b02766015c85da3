import type { Command } from 'commander';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import {
  attach,
  type Cli,
  type CommandContext,
  ownVersion,
  PROFILE_OPTION,
  type ProfileOptions,
  profileFolderOf,
} from '../cli.ts';
import { type Finding, factsForPrograms, factsIn, type Level, makeChecks } from '../doctor/finding.ts';
import type { FindingWords } from '../doctor/finding-words.ts';
import { machineChecks } from '../doctor/machine-checks.ts';
import { networkChecks } from '../doctor/network-checks.ts';
import { type ProfileParts, profileChecks } from '../doctor/profile-checks.ts';
import { serverChecks } from '../doctor/server-checks.ts';
import { CHECK_TITLES } from '../doctor/titles.ts';
import { CHECK_EXITS, FINDINGS } from '../doctor/words.ts';
import { explain } from '../explain.ts';
import { textWidth } from '../layout.ts';
import { fill, throwIfInterrupted } from '../problem.ts';
import { widthOf } from '../terminal.ts';
import { visible, wrap } from '../wrap.ts';

interface DoctorOptions extends ProfileOptions {
  readonly out?: string;
}

/** `doctor --profile DIR` */
export function addDoctorCommand(program: Command, cli: Cli): void {
  const doctor = program
    .command('doctor')
    .description('checks profile, certificate, clock, the way to the gateway, versions and disk, and says what to do')
    .option('--out <dir>', 'the folder that results will go to (default: this one)')
    .option(...PROFILE_OPTION);
  attach<DoctorOptions>(cli, doctor, examine);
}

const SIGNS: Readonly<Record<Level, string>> = { ok: '✓', warning: '!', failed: '✗', skipped: '–' };

async function examine(context: CommandContext, _args: readonly string[], options: DoctorOptions): Promise<ExitCode> {
  const { terminal, settings } = context;
  const folder = profileFolderOf(terminal, options);
  const parts: Partial<ProfileParts> = {};
  const now = () => new Date();
  const { env, signal } = terminal;
  const clientVersion = await ownVersion();
  const findings: Finding[] = [];
  const checks = [
    ...machineChecks({ outFolder: options.out ?? '.', nodeVersion: process.version }),
    ...profileChecks(parts, { folder, env, now }),
    ...networkChecks(parts, { now }),
    ...serverChecks(parts, { env, now, clientVersion, signal }),
  ];
  for await (const finding of makeChecks(checks)) {
    throwIfInterrupted(signal);
    findings.push(finding);
    for (const line of findingLines(finding, settings.language, widthOf(terminal.stdout))) context.say(line);
  }
  const exitCode = exitCodeOf(findings);
  context.give({ ok: exitCode === EXIT_CODES.COMPLETE, exitCode, checks: findings.map(findingJson) });
  context.say(`\n${fill(SUMS[settings.language], sumsOf(findings))}`);
  return exitCode;
}

const SUMS = {
  en: '{ok} in order, {warning} to look at, {failed} to mend, {skipped} not checked.',
  vi: '{ok} mục tốt, {warning} mục cần xem, {failed} mục phải sửa, {skipped} mục chưa kiểm tra.',
} as const;

function sumsOf(findings: readonly Finding[]): Record<Level, number> {
  const sums = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  for (const { level } of findings) sums[level]++;
  return sums;
}

/** 0 where nothing failed, warnings or not; else that of the first check that failed, a refusal's own where it has one. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const first = findings.find(({ level }) => level === 'failed');
  if (first === undefined) return EXIT_CODES.COMPLETE;
  const own = first.error === undefined ? undefined : explain(first.error, 'en');
  const known = own !== undefined && own.reason !== 'UNEXPECTED';
  return known ? own.exitCode : EXIT_CODES[CHECK_EXITS[first.check]];
}

const LABEL_WIDTH = 20;

/** One finding for people: what was found, and on a line of its own what to do. */
export function findingLines(finding: Finding, language: Language, width: number): string[] {
  const { said, next } = wordsOf(finding, language);
  const title = CHECK_TITLES[finding.check][language];
  const front = `${SIGNS[finding.level]} ${title}${' '.repeat(Math.max(1, LABEL_WIDTH - textWidth(title)))}`;
  const indent = ' '.repeat(LABEL_WIDTH + 2);
  const lines = wrap(visible(said), width - LABEL_WIDTH - 2).map((line, at) => (at === 0 ? front : indent) + line);
  if (next === '') return lines;
  return [...lines, ...wrap(visible(`→ ${next}`), width - LABEL_WIDTH - 2).map((line) => indent + line)];
}

function findingJson(finding: Finding) {
  const { check, level, code, facts, error } = finding;
  const [vi, en] = [wordsOf(finding, 'vi'), wordsOf(finding, 'en')];
  const reason = error === undefined ? {} : { reason: explain(error, 'en').reason };
  return {
    check,
    level,
    code,
    ...reason,
    facts: factsForPrograms(facts),
    text: { vi: vi.said, en: en.said },
    next: { vi: vi.next, en: en.next },
  };
}

function wordsOf({ level, code, facts, error }: Finding, language: Language): { said: string; next: string } {
  const words: FindingWords = FINDINGS[code];
  const told = error === undefined ? undefined : explain(error, language);
  // What an answer names beside its sentence is what has to be mended: fields, limits, parts of the context.
  const details = told === undefined || told.details.length === 0 ? '' : ` ${told.details.join('; ')}.`;
  const theirs = told === undefined ? {} : { said: `${told.happened}${details}`, todo: told.next };
  const all = { ...factsIn(facts, language), ...theirs };
  const next = (language === 'vi' ? words.nextVi : words.nextEn) ?? '';
  const done = level === 'ok' || level === 'skipped';
  return { said: fill(words[language], all), next: done ? '' : fill(next, all) };
}
