import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { OVER } from '../../../connectors/kit/follow-job.ts';
import { JobSchema, JobState } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { YES } from '../confirm.ts';
import { changeJson, changeLine, duration, END_CODES } from './job-watch.ts';
import { STATE_WORDS } from './job-words.ts';

const change = (rows: number, rate: number | undefined, state = JobState.OPEN) => ({
  job: create(JobSchema, { jobId: 'ab', state, rows: BigInt(rows), chunks: 3n, activeAt: 5n }),
  rate,
  over: OVER.has(state),
});

describe('a change of a job', () => {
  test('tells rows, rate and the time left, as far as they are known', () => {
    expect(changeLine(change(1200, 40.4), 5000, 'en')).toBe(
      'OPEN  1,200 of 5,000 rows answered (24 %), 40 rows a second, about 1 min 35 s left',
    );
    expect(changeLine(change(1200, 40), undefined, 'vi')).toBe('OPEN  1.200 dòng đã trả lời, 40 dòng mỗi giây');
    expect(changeLine(change(0, undefined), 5000, 'en')).toBe('OPEN  0 of 5,000 rows answered (0 %)');
    // A job that stands still has no time left that could be told, nor has one with more rows than were stated.
    expect(changeLine(change(1200, 0), 5000, 'en')).not.toContain('left');
    expect(changeLine(change(6000, 40), 5000, 'en')).toBe(
      'OPEN  6,000 of 5,000 rows answered (100 %), 40 rows a second',
    );
    expect(changeLine(change(5000, 40, JobState.DONE), 5000, 'en')).toBe('DONE  5,000 of 5,000 rows answered (100 %)');
  });

  test('is the same for programs, what is not known left out', () => {
    expect(changeJson(change(1200, 40), 5000)).toEqual({
      ...{ job_id: 'ab', state: 'OPEN', over: false, rows: 1200, chunks: 3, active_at: 5 },
      ...{ rows_expected: 5000, rows_per_second: 40, seconds_left: 95 },
    });
    expect(Object.keys(changeJson(change(1, undefined), undefined))).toEqual([
      ...['job_id', 'state', 'over', 'rows', 'chunks', 'active_at'],
    ]);
  });

  test.each([
    [0, '0 s'],
    [92, '1 min 32 s'],
    [3600, '1 h 0 min'],
    [90_000, '25 h 0 min'],
  ])('%i seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});

test('every end of a job has its exit code and its sentence in both languages', () => {
  for (const state of OVER) {
    expect(Object.values(EXIT_CODES)).toContain(END_CODES[state]);
    expect(END_CODES[state] === 0).toBe(state === JobState.DONE);
    for (const language of ['vi', 'en'] as const) expect(STATE_WORDS[language][state]).toMatch(/\.$/);
  }
});

test.each(['y', 'YES', ' c ', 'có', 'CÓ'.normalize('NFC')])('%j says yes', (text) => expect(YES.test(text)).toBe(true));
test.each(['', 'n', 'yep', 'không', 'y es'])('%j says no', (text) => expect(YES.test(text)).toBe(false));
