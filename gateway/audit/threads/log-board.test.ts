import { expect, test } from 'vitest';
import { createLogBoard, readLogBoard, writeLogBoard } from './log-board.ts';

test('says how the log stands, and that nothing is disclosed once nobody says so any more', () => {
  let now = 1_000;
  const memory = createLogBoard();
  const board = readLogBoard(memory, () => now);
  const facts = { tokenFloor: 1_700_000_000, size: 2 ** 40, keptAt: undefined };
  for (const trouble of [undefined, 'another', 'fenced', 'unkept', 'unconfirmed'] as const) {
    writeLogBoard(memory, { ...facts, trouble }, now);
    expect(board.trouble()).toBe(trouble);
  }
  expect([board.tokenFloor(), board.size(), board.keptAt()]).toEqual([1_700_000_000, 2 ** 40, undefined]);
  writeLogBoard(memory, { ...facts, trouble: undefined, keptAt: 1_764_000_000_000 }, now);
  expect(board.keptAt()).toBe(1_764_000_000_000);
  now += 5_000;
  expect(board.trouble()).toBeUndefined();
  now += 1;
  expect(board.trouble()).toBe('unconfirmed');
  writeLogBoard(memory, { ...facts, trouble: 'fenced' }, now - 60_000);
  expect(board.trouble()).toBe('fenced');
});

test('nothing is disclosed by a board that nobody has written yet', () => {
  expect(readLogBoard(createLogBoard(), () => 3_600_000).trouble()).toBe('unconfirmed');
});
