/** The judge of the log must be able to fail: each fault is planted in a small log made by hand, and must be found. */
import { expect, test } from 'vitest';
import { createLogJudge, judgeLog, movedBefore, unseenIn } from './judge-log.ts';
import type { LogEvent } from './log-events.ts';

type Made = LogEvent extends infer Each ? (Each extends LogEvent ? Omit<Each, 'idx'> : never) : never;

const log = (...made: Made[]) => made.map((each, idx) => ({ ...each, idx }) as LogEvent);
const given = (person: number): Made => ({ kind: 'given', person });
const lifted = (person: number): Made => ({ kind: 'lifted', person });
const withdrawn = (person: number): Made => ({ kind: 'withdrawn', person, entry: `w${person}` });
const rested = (person: number): Made => ({ kind: 'rested', person, entry: `r${person}` });
const acknowledged = (entry: string): Made => ({ kind: 'acknowledged', entry });
const told = (entry: string, ...people: number[]): Made => ({ kind: 'told', entry, digest: entry, people });
const again = (entry: string, digest: string): Made => ({ kind: 'told again', entry, digest });
const found = (...made: Made[]) => judgeLog(log(...made)).wrong.map(({ idx, fault }) => `${fault} ${idx}`);

test('an answer is covered by a consent that was given, and neither withdrawn nor at rest', () => {
  expect(found(given(1), told('a', 1))).toEqual([]);
  expect(found(told('a', 1), given(1))).toEqual(['NOT_COVERED 0']);
  expect(found(given(1), told('a', 2))).toEqual(['NOT_COVERED 1']);
  expect(found(given(1), withdrawn(1), told('a', 1))).toEqual(['NOT_COVERED 2']);
  expect(found(given(1), rested(1), told('a', 1))).toEqual(['NOT_COVERED 2']);
  expect(found(given(1), given(2), withdrawn(2), told('a', 1, 2), told('b', 1))).toEqual(['NOT_COVERED 3']);
});

test('what rests is covered again when it is lifted, and what was withdrawn is not', () => {
  expect(found(given(1), rested(1), lifted(1), told('a', 1))).toEqual([]);
  expect(found(given(1), rested(1), lifted(1), withdrawn(1), told('a', 1))).toEqual(['NOT_COVERED 4']);
  expect(found(given(1), rested(1), withdrawn(1), lifted(1), told('a', 1))).toEqual(['NOT_COVERED 4']);
  expect(found(given(1), withdrawn(1), given(1), told('a', 1))).toEqual([]);
});

test('an answer that is given again unchanged is as good as a new one', () => {
  expect(found(given(1), told('a', 1), again('a', 'a'))).toEqual([]);
  expect(found(given(1), told('a', 1), withdrawn(1), again('a', 'a'))).toEqual(['NOT_COVERED 3']);
  expect(found(given(1), told('a', 1), withdrawn(1), again('a', 'less'))).toEqual([]);
});

test('a chunk that is given again as it was given again before tells of the same people', () => {
  const twice = [given(1), given(2), told('a', 1, 2), again('a', 'marked')];
  expect(found(...twice, again('a', 'marked'))).toEqual([]);
  expect(found(...twice, withdrawn(1), again('a', 'marked'))).toEqual(['NOT_COVERED 5']);
  expect(found(...twice, withdrawn(1), again('a', 'less'), again('a', 'less'))).toEqual([]);
  expect(found(...twice, withdrawn(1), again('a', 'less'), withdrawn(2), again('a', 'less'))).toEqual([
    'NOT_COVERED 7',
  ]);
});

test('of whose consent came back nobody can say whether an answer still tells of them', () => {
  const back = [given(1), told('a', 1), rested(1), lifted(1), again('a', 'new'), withdrawn(1)];
  expect(found(...back, again('a', 'new'))).toEqual([]);
  // Whom the first content tells of stands in its leaves, whatever came in between.
  expect(found(...back, again('a', 'a'))).toEqual(['NOT_COVERED 6']);
});

test('an acknowledgement follows what it acknowledges, once; what has none is counted', () => {
  expect(found(given(1), withdrawn(1), acknowledged('w1'))).toEqual([]);
  expect(found(given(1), acknowledged('w1'), withdrawn(1))).toEqual(['NOTHING_ACKNOWLEDGED 1']);
  expect(found(given(1), withdrawn(1), acknowledged('w1'), acknowledged('w1'))).toEqual(['NOTHING_ACKNOWLEDGED 3']);
  expect(judgeLog(log(given(1), given(2), withdrawn(1), rested(2), acknowledged('w1')))).toMatchObject({
    ...{ taken: 2, pending: 1 },
  });
});

test('what does not open is a fault, and what is read in parts is judged as a whole', () => {
  expect(found({ kind: 'sealed' })).toEqual(['SEALED 0']);
  const all = log(given(1), told('a', 1), withdrawn(1), told('b', 1));
  const judge = createLogJudge();
  judge(all.slice(0, 3));
  expect(judge(all.slice(3))).toEqual(judgeLog(all));
  expect(judgeLog(all)).toMatchObject({ disclosed: 2, wrong: [{ idx: 3 }] });
});

test('a sound log is turned into one with a fault for each person who took something after they were told of', () => {
  const sound = log(given(1), given(2), given(3), told('a', 1, 2), withdrawn(1), rested(2), withdrawn(3));
  expect(judgeLog(sound).wrong).toEqual([]);
  expect(unseenIn(sound)).toEqual([3]);
  const [, , , answer, took] = sound;
  const moved = movedBefore(sound, took as LogEvent, answer as LogEvent);
  expect(moved.map(({ idx }) => idx)).toEqual([0, 1, 2, 4, 3, 5, 6]);
  expect(judgeLog(moved).wrong).toEqual([{ idx: 3, fault: 'NOT_COVERED' }]);
});
