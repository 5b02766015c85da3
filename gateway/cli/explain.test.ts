import { describe, expect, test } from 'vitest';
import { KitError } from '../../connectors/kit/kit-error.ts';
import { KIT_MESSAGES, type KitReason } from '../../connectors/kit/messages.ts';
import { gatewayError } from '../../connectors/kit/refusal.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { CATALOGUE, REASONS } from '../errors/catalogue.ts';
import { refuse } from '../errors/refuse.ts';
import { StorageError } from '../storage/errors.ts';
import { MigrationError } from '../storage/migration-error.ts';
import { MIGRATION_WORDS } from '../storage/migration-words.ts';
import { explain } from './explain.ts';
import { REQUEST_FAULTS } from './officers/request-faults.ts';
import { CliProblem, PROBLEMS, type ProblemReason } from './problem.ts';
import { errorLines } from './report-error.ts';
import { WANTED } from './wanted.ts';

/** As the client makes it of what came over the wire. */
function refused(reason: Parameters<typeof refuse>[0], facts: Parameters<typeof refuse>[1] = {}) {
  const { code, message, details } = refuse(reason, facts);
  return gatewayError(
    { code, text: message, details: Buffer.from(details), message: undefined, signature: undefined },
    'localhost:7443',
  );
}

describe('a refusal of the gateway', () => {
  const error = refused(ErrorReason.FIELD_NOT_GRANTED, {
    requestId: 'request-0001',
    violations: [{ field: 'religion', rule: 'NOT_GRANTED' }],
  });

  test('says what happened, names the field, says what to do, and gives the request id', () => {
    expect(errorLines(explain(error, 'en'), 'en')).toEqual([
      'The agreement does not grant every field asked for.',
      '  - religion: is not granted by the agreement',
      'Leave out the fields named in the details, or set allow_partial to take what is granted.',
      'Request id: request-0001',
    ]);
    expect(explain(error, 'en').exitCode).toBe(4);
  });

  test('of a limit says from when on to come again, and what a run keeps of what was answered', () => {
    const limited = refused(ErrorReason.LIMITED, { limits: ['DAY_ROWS'], retryAfterMs: 3_600_000 });
    limited.keptRows = 13_312;
    const explanation = explain(limited, 'en');
    expect(explanation).toMatchObject({ exitCode: 6, retryAfterMs: 3_600_000, keptRows: 13_312 });
    expect(explanation.details).toEqual([
      'rows of one day',
      expect.stringMatching(/^again from \d\d\/\d\d\/\d{4} \d\d:\d\d \(\+07:00\)$/),
      '13,312 rows are answered and kept; the same command goes on behind them',
    ]);
    const short = refused(ErrorReason.LIMITED, { limits: ['RATE'], retryAfterMs: 500 });
    expect(explain(short, 'en').details).toEqual(['calls in a short time']);
  });

  test('for the clock says how far it is off, and which way', () => {
    const { code, details } = refuse(ErrorReason.CLOCK, {
      help: { receivedDigest: '', receivedBytes: 0, serverTime: 1_796_000_000 },
    });
    const answer = { code, text: '', message: undefined, details: Buffer.from(details), signature: undefined };
    const times = { signedAt: 1_796_025_200, heardAt: 1_796_025_200 };
    const wrong = gatewayError(answer, 'localhost:7443', { times });
    expect(explain(wrong, 'en').details).toEqual(["This machine's clock is 25200 s ahead of the gateway's."]);
    expect(explain(wrong, 'vi').details).toEqual(['Đồng hồ máy này nhanh hơn đồng hồ của cổng 25200 giây.']);
  });

  test('speaks Vietnamese', () => {
    const lines = errorLines(explain(error, 'vi'), 'vi');
    expect(lines[1]).toBe('  - religion: không được thỏa thuận cho phép');
    expect(lines.at(-1)).toBe('Mã yêu cầu: request-0001');
  });

  test.each(
    REASONS.map((reason) => [ErrorReason[reason], reason] as const),
  )('%s has two lines in both languages and a code of the table', (_name, reason) => {
    for (const language of ['en', 'vi'] as const) {
      const { happened, next, exitCode } = explain(refused(reason), language);
      const row = CATALOGUE[reason];
      expect([happened, next]).toEqual(language === 'vi' ? [row.vi, row.nextVi] : [row.en, row.nextEn]);
      expect([2, 3, 4, 5, 6]).toContain(exitCode);
    }
  });

  test.each([
    [ErrorReason.REVOKED, 3],
    [ErrorReason.CLOCK, 3],
    [ErrorReason.FIELD_UNKNOWN, 2],
    [ErrorReason.LIMITED, 6],
    [ErrorReason.STORAGE_UNAVAILABLE, 5],
    [ErrorReason.PERSON_NOT_FOUND, 4],
  ])('reason %i ends with %i', (reason, code) => {
    expect(explain(refused(reason as Parameters<typeof refuse>[0]), 'en').exitCode).toBe(code);
  });
});

describe('errors of the client', () => {
  test('are cut into what happened and what to do, facts with colons left whole', () => {
    expect(explain(new KitError('FILE_MISSING', { file: 'C: x.csv' }), 'en')).toMatchObject({
      happened: 'Cannot read C: x.csv.',
      next: 'Check the path.',
      exitCode: 2,
    });
  });

  test('tell moments by Vietnamese time, which the kit says as programs do', () => {
    const dates = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-30T10:47:59.000Z' };
    expect(explain(new KitError('CERTIFICATE_EXPIRED', dates), 'vi').happened).toContain(
      '(từ 01/11/2026 07:00 +07:00 đến 30/11/2026 17:47 +07:00)',
    );
  });

  test.each(Object.keys(KIT_MESSAGES) as KitReason[])('%s has two lines in both languages', (reason) => {
    for (const language of ['en', 'vi'] as const) {
      const { happened, next } = explain(new KitError(reason), language);
      expect(happened).toMatch(/[.)}]$/);
      expect(next).not.toBe('');
      expect(happened.includes('\n') || next.includes('\n')).toBe(false);
    }
  });
});

describe('errors of the command line', () => {
  test.each(Object.keys(PROBLEMS) as ProblemReason[])('%s fills the same facts in both languages', (reason) => {
    const { en, vi, nextEn, nextVi } = PROBLEMS[reason];
    const facts = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
    expect(facts(vi)).toEqual(facts(en));
    expect(facts(nextVi)).toEqual(facts(nextEn));
    expect(nextEn).not.toBe('');
  });

  test.each([
    [
      new CliProblem('REQUEST_FILE', { file: 'a.json', problem: 'NOT_JSON' }),
      'Không dùng được a.json: không phải JSON.',
      'a.json cannot be used: it is not JSON.',
    ],
    [new CliProblem('OPTION_WRONG', { option: '--x', wanted: 'given' }), '--x phải được nêu rõ.', '--x must be given.'],
    [
      new CliProblem('OPTION_WRONG', { option: '--x', wanted: 'wholeNumber', least: 2, most: 7 }),
      '--x phải là số nguyên từ 2 đến 7.',
      '--x must be a whole number from 2 to 7.',
    ],
  ])('%s is told in one language', (problem, vi, en) => {
    expect(explain(problem, 'vi').happened).toBe(vi);
    expect([explain(problem, 'en').happened, problem.message]).toEqual([en, en]);
  });

  test.each(Object.entries({ ...WANTED, ...REQUEST_FAULTS }))('%s names the same in both languages', (_key, words) => {
    const facts = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
    expect(facts(words.vi)).toEqual(facts(words.en));
    expect(words.vi).not.toBe(words.en);
  });

  test.each([
    [new StorageError('unavailable', 'ECONNREFUSED', {}, undefined), 'DATABASE_AWAY', 5],
    [new StorageError('unavailable', '55P03', {}, undefined), 'DATABASE_LOCKED', 5],
    [new MigrationError('ENCODING', MIGRATION_WORDS.encoding), 'DATABASE_ENCODING', 2],
    [new MigrationError('SERVER_OLD', MIGRATION_WORDS.serverOld), 'DATABASE_OLD', 2],
    [new StorageError('denied', '28P01', {}, undefined), 'DATABASE_DENIED', 2],
    [new StorageError('untrusted', 'CERT_HAS_EXPIRED', {}, undefined), 'DATABASE_UNTRUSTED', 3],
    [Object.assign(new Error('no'), { code: 'ENOENT', path: '/a/b' }), 'FILE_UNREADABLE', 2],
    [Object.assign(new Error('no'), { code: 'EACCES', path: '/a/b' }), 'FILE_DENIED', 2],
    [Object.assign(new Error('no'), { code: 'ENOSPC', path: '/a/b' }), 'FILE_UNWRITABLE', 2],
    [new CliProblem('INTERRUPTED'), 'INTERRUPTED', 130],
    [new TypeError('x is not a function'), 'UNEXPECTED', 5],
    ['a text', 'UNEXPECTED', 5],
  ])('%s is %s', (error, reason, exitCode) => {
    expect(explain(error, 'en')).toMatchObject({ reason, exitCode });
  });

  test.each([
    'en',
    'vi',
  ] as const)('a job that is not released sends to what lists jobs and officers, in %s', (language) => {
    const { next } = explain(new CliProblem('RELEASE_REFUSED', { problem: 'x' }), language);
    for (const command of ['"lienthong job list"', '"lienthong officer list"']) expect(next).toContain(command);
  });

  test.each([
    [new SyntaxError('Unexpected token in {"personal_id":"904812637495"}'), 'SyntaxError'],
    [Object.assign(new RangeError('904812637495'), { code: 'ERR_OUT_OF_RANGE' }), 'RangeError ERR_OUT_OF_RANGE'],
    ['904812637495', 'string'],
    [new Error('key file a.jwk is not JSON'), 'key file a.jwk is not JSON'],
  ])('a fault is told without what it quotes: %#', (error, said) => {
    expect(explain(error, 'en').happened).toBe(`A fault in lienthong itself: ${said}`);
  });
});
