import { expect, it } from 'vitest';
import { OPTIONS } from '../acts/acts.test-support.ts';
import { foldActs } from '../acts/fold-acts.ts';
import { officersUnnamed } from './store.ts';

const unnamed = (change: object) => officersUnnamed(foldActs([], { ...OPTIONS, ...change }));

it('officers of whom the configuration names none are told apart from none that there are', () => {
  expect(unnamed({ pinned: new Set(['another']) })).toBe(true);
  expect(unnamed({})).toBe(false);
  expect(unnamed({ pinned: new Set(['another']), enrolled: [] })).toBe(false);
});
