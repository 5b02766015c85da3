import type { Language } from '../../../connectors/kit/messages.ts';
import { localTime } from '../local-time.ts';
import { count } from '../numbers.ts';
import { CHECK_TITLES } from './titles.ts';
import type { FindingCode } from './words.ts';

/** What a check found. */
export type Level = 'ok' | 'warning' | 'failed' | 'skipped';

/** Other checks, which people know by their titles. */
interface Checks {
  readonly checks: readonly CheckName[];
}

type Fact = string | number | Checks | Date;

/** What a sentence names: paths, hosts, codes, days, moments. Never a key's content. */
export type Facts = Readonly<Record<string, Fact>>;

/** Facts as a sentence of that language names them, thousands grouped as everywhere. */
export const factsIn = (facts: Facts, language: Language) =>
  factsBy(facts, {
    numberOf: (value) => count(value, language),
    timeOf: (moment) => localTime(moment.getTime() / 1000),
    titleOf: (check) => CHECK_TITLES[check][language],
  });

/** Facts for programs, which read no language: one form always. */
export const factsForPrograms = (facts: Facts) =>
  factsBy(facts, {
    numberOf: (value) => value,
    timeOf: (moment) => moment.toISOString(),
    titleOf: (check) => check,
  });

interface Forms {
  readonly numberOf: (value: number) => string | number;
  readonly timeOf: (moment: Date) => string;
  readonly titleOf: (check: CheckName) => string;
}

function factsBy(facts: Facts, { numberOf, timeOf, titleOf }: Forms) {
  const text = (fact: Fact): string | number => {
    if (fact instanceof Date) return timeOf(fact);
    if (typeof fact === 'number') return numberOf(fact);
    if (typeof fact === 'string') return fact;
    return fact.checks.map(titleOf).join(', ');
  };
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, text(fact)]));
}

export interface Finding {
  readonly check: CheckName;
  readonly level: Level;
  readonly code: FindingCode;
  readonly facts: Facts;
  /** Where the gateway or the client said it in its own words. */
  readonly error?: unknown;
}

/** In the order in which they are made and shown. */
export const CHECKS = [
  'node',
  'disk',
  'config',
  'files',
  'certificate',
  'key',
  'holder',
  'expiry',
  'signing-key',
  'encryption-keys',
  'root',
  'name',
  'reach',
  'tls',
  'server',
  'identity',
  'clock',
  'key-set',
  'log',
  'client-version',
  'matching-profile',
  'vocabulary',
  'contract',
  'purpose',
] as const;
export type CheckName = (typeof CHECKS)[number];

export type Found = Omit<Finding, 'check'>;

export const ok = (code: FindingCode, facts: Facts = {}): Found => ({ level: 'ok', code, facts });
export const warning = (code: FindingCode, facts: Facts = {}): Found => ({ level: 'warning', code, facts });
export const failed = (code: FindingCode, facts: Facts = {}, error?: unknown): Found =>
  error === undefined ? { level: 'failed', code, facts } : { level: 'failed', code, facts, error };

/** What it would look at was not there; the check that found so has said it. */
export const unread = (member: string): Found => ({ level: 'skipped', code: 'NOT_READ', facts: { member } });

export interface Check {
  readonly name: CheckName;
  /** Made only where all of these were made and none of them failed. */
  readonly needs: readonly CheckName[];
  /** One finding, or several where there are several of the thing. */
  run(): Promise<Found | readonly Found[]> | Found | readonly Found[];
}

/**
 * Makes the checks in their order. One that fails keeps back only those that need it; one that throws has failed, and is
 * a fault of this program.
 */
export async function* makeChecks(checks: readonly Check[]): AsyncGenerator<Finding> {
  const out = new Set<CheckName>();
  for (const { name, needs, run } of checks) {
    const lacking = needs.filter((need) => out.has(need));
    if (lacking.length > 0) {
      out.add(name);
      yield { check: name, level: 'skipped', code: 'SKIPPED', facts: { needs: { checks: lacking } } };
      continue;
    }
    for (const found of await attempt(run)) {
      if (found.level === 'failed' || found.level === 'skipped') out.add(name);
      yield { check: name, ...found };
    }
  }
}

async function attempt(run: Check['run']): Promise<readonly Found[]> {
  try {
    const found = await run();
    return 'level' in found ? [found] : found;
  } catch (error) {
    return [failed('FAULT', { problem: error instanceof Error ? error.name : 'unknown' }, error)];
  }
}
