import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GetPersonRequestSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { hasMoreFields } from './wire-fields.ts';

const request = (paths: readonly string[], personalId = '') =>
  toBinary(GetPersonRequestSchema, create(GetPersonRequestSchema, { personalId, readMask: { paths: [...paths] } }));

describe('fields of a message', () => {
  it('are counted through the messages in it, whatever the texts look like', () => {
    const text = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), fc.nat({ max: 70 }), text, (paths, most, id) => {
        const message = request(paths, id);
        // The mask is one, and so is a number that is not empty.
        const fields = paths.length + 1 + (id === '' ? 0 : 1);
        expect(hasMoreFields(GetPersonRequestSchema, message, most)).toBe(fields > most);
      }),
    );
  });

  it('are not made objects of: a long text is one, however it begins', () => {
    expect(hasMoreFields(GetPersonRequestSchema, request([], '\n'.repeat(60_000)), 3)).toBe(false);
    expect(hasMoreFields(GetPersonRequestSchema, request(Array(12_000).fill('abc')), 1024)).toBe(true);
  });

  it('that end in the middle are no message', () => {
    const cut = request(['full_name', 'date_of_birth']).slice(0, -3);
    expect(() => hasMoreFields(GetPersonRequestSchema, cut, 2)).toThrow();
  });
});
