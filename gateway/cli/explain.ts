import { EXIT_CODES, type ExitCode } from '../../connectors/kit/exit-codes.ts';
import { KitError } from '../../connectors/kit/kit-error.ts';
import { KIT_MESSAGES, type Language } from '../../connectors/kit/messages.ts';
import { GatewayError } from '../../connectors/kit/refusal.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { KeptHeadUnreadable } from '../audit/kept-head-error.ts';
import { ConfigError } from '../config/config-error.ts';
import { DeploymentMismatch } from '../config/deployment-stamp.ts';
import { CATALOGUE } from '../errors/catalogue.ts';
import { FIELD_RULES, LIMITS } from '../errors/rules.ts';
import { ToldError, type Words } from '../errors/words.ts';
import { ImportError } from '../register/import/reject.ts';
import { KeyFileError } from '../signing/key-file.ts';
import { LOCK_NOT_AVAILABLE, StorageError } from '../storage/errors.ts';
import { MigrationError, type MigrationProblem } from '../storage/migration-error.ts';
import { localMinute, localTimeOf } from './local-time.ts';
import { count } from './numbers.ts';
import { CliProblem, fill, type PlainReason } from './problem.ts';

/** An error as people and scripts are told of it. */
export interface Explanation {
  readonly exitCode: ExitCode;
  /** Closed reason. Example: `FIELD_NOT_GRANTED`. */
  readonly reason: string;
  /** One line: what happened. */
  readonly happened: string;
  /** One line: what to do next. */
  readonly next: string;
  /** More lines where there are any: fields named by a refusal, limits. */
  readonly details: readonly string[];
  readonly requestId?: string;
  /** Where the gateway said when to come again, milliseconds. */
  readonly retryAfterMs?: number;
  /** Of a run that the same command goes on with: rows that are answered and kept. */
  readonly keptRows?: number;
}

const WORDS = {
  en: {
    again: 'again from {time} (+07:00)',
    kept: '{rows} rows are answered and kept; the same command goes on behind them',
  },
  vi: {
    again: 'hỏi lại được từ {time} (+07:00)',
    kept: 'đã có câu trả lời và giữ lại {rows} dòng; chạy lại lệnh này để tiếp tục từ đó',
  },
} as const;
/** A shorter wait is over by the time that somebody reads of it. */
const WORTH_TELLING_MS = 60_000;

/** Explains any error in one language. What is not known here is a fault of this program and says so. */
export function explain(error: unknown, language: Language): Explanation {
  if (error instanceof GatewayError && error.refusal !== undefined)
    return withKept(explainRefusal(error, language), error, language);
  if (error instanceof KitError) return withKept(explainKit(error, language), error, language);
  const problem = problemOf(error);
  return {
    exitCode: problem.exitCode,
    reason: problem.reason,
    happened: problem.happened(language),
    next: problem.next(language),
    details: [],
  };
}

function withKept(explanation: Explanation, { keptRows }: KitError, language: Language): Explanation {
  if (keptRows === undefined || keptRows === 0) return explanation;
  const kept = fill(WORDS[language].kept, { rows: count(keptRows, language) });
  return { ...explanation, details: [...explanation.details, kept], keptRows };
}

const MIGRATION: Readonly<Record<MigrationProblem, PlainReason>> = {
  SCHEMA_NEWER: 'SCHEMA_NEWER',
  FILE_CHANGED: 'MIGRATION_FILES',
  FILES_INVALID: 'MIGRATION_FILES',
  ENCODING: 'DATABASE_ENCODING',
  SERVER_OLD: 'DATABASE_OLD',
  LOCKED: 'MIGRATION_LOCKED',
};

function problemOf(error: unknown): CliProblem {
  if (error instanceof CliProblem) return error;
  const cause = { cause: error };
  if (error instanceof StorageError && error.code === LOCK_NOT_AVAILABLE)
    return new CliProblem('DATABASE_LOCKED', {}, cause);
  if (error instanceof StorageError && error.kind === 'unavailable')
    return new CliProblem('DATABASE_AWAY', { problem: error.words }, cause);
  if (error instanceof StorageError && error.kind === 'denied')
    return new CliProblem('DATABASE_DENIED', { code: error.code }, cause);
  if (error instanceof StorageError && error.kind === 'untrusted')
    return new CliProblem('DATABASE_UNTRUSTED', { code: error.code || 'TLS' }, cause);
  if (error instanceof ConfigError) return new CliProblem('CONFIG_WRONG', { problem: error.words }, cause);
  if (error instanceof KeyFileError) return new CliProblem('KEY_FILE', { problem: error.words }, cause);
  if (error instanceof KeptHeadUnreadable)
    return new CliProblem('HEAD_UNREADABLE', { file: error.file, problem: error.problem }, cause);
  if (error instanceof ImportError)
    return new CliProblem(
      error.reason === 'IMPORT_RUNNING' ? 'IMPORT_RUNNING' : 'PERSONS_WRONG',
      { problem: error.words },
      cause,
    );
  if (error instanceof DeploymentMismatch) return new CliProblem('REGISTER_REFUSED', { problem: error.words }, cause);
  if (error instanceof MigrationError) return new CliProblem(MIGRATION[error.reason], { problem: error.words }, cause);
  const { code, path } = Object(error) as { code?: unknown; path?: unknown };
  if (typeof code === 'string' && typeof path === 'string')
    return new CliProblem(FILES[code] ?? 'FILE_UNWRITABLE', { file: path, code });
  return new CliProblem('UNEXPECTED', { problem: faultOf(error) }, cause);
}

const FILES: Readonly<Record<string, 'FILE_UNREADABLE' | 'FILE_DENIED'>> = {
  ...{ ENOENT: 'FILE_UNREADABLE', EISDIR: 'FILE_UNREADABLE', ENOTDIR: 'FILE_UNREADABLE' },
  ...{ EACCES: 'FILE_DENIED', EPERM: 'FILE_DENIED' },
};

/** Of an error that is not ours no message: the engine and libraries quote what they could not read, which may be a person's. */
function faultOf(error: unknown): string | Words {
  if (error instanceof ToldError) return error.words;
  if (!(error instanceof Error)) return typeof error;
  if (error.constructor === Error) return error.message;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${error.constructor.name} ${code}` : error.constructor.name;
}

function explainRefusal(error: GatewayError, language: Language): Explanation {
  const { refusal } = error;
  if (refusal === undefined) return explainKit(error, language);
  const { exitCode } = error;
  const known = refusal.reason === ErrorReason.UNSPECIFIED ? undefined : CATALOGUE[refusal.reason];
  const details = refusal.violations.map(({ field, rule, description }) =>
    rule === undefined ? `${field}: ${description}` : `${field}: ${FIELD_RULES[rule][language]}`,
  );
  for (const limit of refusal.limits) details.push(LIMITS[limit][language]);
  if (error.clock !== undefined) details.push(error.clock.words[language]);
  const { retryAfterMs } = refusal;
  if (retryAfterMs !== undefined && retryAfterMs >= WORTH_TELLING_MS) {
    // No earlier than the gateway said: a minute that has begun is over first.
    const minute = Math.ceil((Date.now() + retryAfterMs) / 60_000) * 60;
    details.push(fill(WORDS[language].again, { time: localMinute(minute) }));
  }
  const base = {
    exitCode,
    reason: refusal.reasonName,
    details,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(refusal.requestId === undefined ? {} : { requestId: refusal.requestId }),
  };
  // A gateway newer than this program sends its own sentences.
  if (known === undefined) return { ...base, happened: refusal.sentences[language], next: hint(exitCode, language) };
  const [happened, next] = language === 'vi' ? [known.vi, known.nextVi] : [known.en, known.nextEn];
  return { ...base, happened, next };
}

/** Sentences that hold no "what to do": their colon belongs to what happened. */
const WHOLE: ReadonlySet<string> = new Set(['PROFILE_WRONG', 'PROFILE_FILE', 'REFUSED', 'REFUSED_PROFILE']);

function explainKit(error: KitError, language: Language): Explanation {
  const { exitCode, reason } = error;
  const facts = asRead(error.factsIn(language), language);
  const template = KIT_MESSAGES[reason][language];
  // The kit says both in one sentence; here each stands on its line. Cut before filling: facts hold colons of their own. A fact that
  // a sentence only begins with, as a file's name, is none of it.
  const cut = WHOLE.has(reason) ? undefined : /(?<!^\{\w+\})[:.] /.exec(template);
  if (cut === null || cut === undefined) {
    return { exitCode, reason, happened: fill(template, facts), next: hint(exitCode, language), details: [] };
  }
  const rest = fill(template.slice(cut.index + 2), facts);
  return {
    exitCode,
    reason,
    happened: `${fill(template.slice(0, cut.index), facts)}.`,
    next: `${rest.charAt(0).toUpperCase()}${rest.slice(1)}`,
    details: [],
  };
}

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The kit knows no zone of its reader, and says moments and numbers of rows as programs do. */
const asRead = (facts: KitError['facts'], language: Language): KitError['facts'] =>
  Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => {
      if (name === 'rows' && typeof fact === 'number') return [name, count(fact, language)];
      return [name, MOMENT.test(String(fact)) ? localTimeOf(String(fact)) : fact];
    }),
  );

const HINTS: Readonly<Record<ExitCode, { readonly en: string; readonly vi: string }>> = {
  [EXIT_CODES.COMPLETE]: { en: '', vi: '' },
  [EXIT_CODES.VERDICTS]: { en: '', vi: '' },
  [EXIT_CODES.USAGE]: {
    en: 'Correct the command line or the file and run it again.',
    vi: 'Sửa dòng lệnh hoặc tệp rồi chạy lại.',
  },
  [EXIT_CODES.PROFILE]: {
    en: 'Mend the profile folder from your own copy: "lienthong doctor" says what is wrong. A lost key nobody gives again: "lienthong enroll request".',
    vi: 'Sửa hồ sơ kết nối từ bản lưu của cơ quan: "lienthong doctor" cho biết lỗi gì. Khóa đã mất không ai cấp lại được: "lienthong enroll request".',
  },
  [EXIT_CODES.REFUSED]: {
    en: 'Ask for what the agreement grants, or have the agreement changed.',
    vi: 'Chỉ hỏi trong phạm vi thỏa thuận, hoặc đề nghị sửa thỏa thuận.',
  },
  [EXIT_CODES.UNAVAILABLE]: { en: 'Run the same command again.', vi: 'Hãy chạy lại lệnh này.' },
  [EXIT_CODES.LIMITED]: { en: 'Wait a while and run it again.', vi: 'Chờ một lúc rồi chạy lại.' },
  [EXIT_CODES.INTERRUPTED]: { en: 'Run the same command again to go on.', vi: 'Chạy lại lệnh này để tiếp tục.' },
};

function hint(exitCode: ExitCode, language: Language): string {
  return HINTS[exitCode][language];
}
