import { create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PersonSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { encodeSensitive } from './encode-sensitive.ts';

test('writes what the library writes', () => {
  const text = fc.oneof(fc.constantFrom('', 'Kinh', 'Tày', 'x'.repeat(200)), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(text, text, text, (ethnicity, religion, bloodType) => {
      const values = { ethnicity, religion, bloodType };
      const expected = Buffer.from(toBinary(PersonSchema, create(PersonSchema, values)));
      expect(Buffer.from(encodeSensitive(values))).toEqual(expected);
    }),
  );
});
