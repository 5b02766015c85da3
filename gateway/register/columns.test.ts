import { expect, test } from 'vitest';
import { VOCABULARY } from '../fields/vocabulary.ts';
import { COLUMNS, RELATIONS } from './columns.ts';

test('the register has a place for every leaf of the vocabulary, and for nothing else', () => {
  expect(COLUMNS.map(({ id, path }) => ({ id, path }))).toEqual(
    VOCABULARY.fields.map(({ id, path }) => ({ id, path })),
  );
});

test('sensitive fields, and only they, are sealed', () => {
  const sealed = COLUMNS.filter((column) => column.shape === 'sealed').map((column) => column.id);
  expect(sealed).toEqual(VOCABULARY.fields.filter((field) => field.class === 2).map((field) => field.id));
});

test("relatives' fields, and only they, stand in the table of relations", () => {
  const relatives = COLUMNS.filter((column) => column.shape === 'relation').map((column) => column.id);
  expect(relatives).toEqual(VOCABULARY.fields.filter((field) => field.subject === 2).map((field) => field.id));
  expect(RELATIONS.flatMap((kind) => [kind.nameId, kind.numberId]).filter((id) => id > 0)).toEqual(relatives);
});
