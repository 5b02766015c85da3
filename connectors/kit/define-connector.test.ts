import { expect, it } from 'vitest';
import { parseColumns } from './define-connector.ts';
import { failure } from './failure.test-support.ts';

it('columns are named in pairs, whose headers may hold more equals signs', () => {
  expect(parseColumns(' id_number = SO_GTTT ,full_name=A=B,')).toEqual({ id_number: 'SO_GTTT', full_name: 'A=B' });
});

it.each([
  ['id_number', 'id_number'],
  ['id_number=', 'id_number='],
  ['full_name=HO_TEN,=SO_GTTT', '=SO_GTTT'],
])('a list that has no pair at some place shows how one is written: %s', async (text, piece) => {
  const error = await failure(Promise.resolve().then(() => parseColumns(text)));
  expect(error).toMatchObject({ reason: 'COLUMNS_WRONG', exitCode: 2, facts: { piece } });
  for (const language of ['vi', 'en'] as const) expect(error.text(language)).toContain('--columns id_number=');
});
