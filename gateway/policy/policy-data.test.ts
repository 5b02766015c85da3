import { expect, test } from 'vitest';
import { agencyIn, agreementIn, type PolicyData } from './policy-data.ts';

const moh = { status: 'active', legal_entity: 'moh' } as PolicyData['agencies'][string];
const reading = { id: 'moh-1' } as PolicyData['agreements'][string][string];
const data = { agencies: { moh }, agreements: { moh: { treatment: reading } } };

test('what stands there is found by its codes', () => {
  expect(agencyIn(data, 'moh')).toBe(moh);
  expect(agreementIn(data, 'moh', 'treatment')).toBe(reading);
});

test.each(['nobody', '__proto__', 'constructor', 'toString'])('%s is neither agency nor purpose', (code) => {
  expect(agencyIn(data, code)).toBeUndefined();
  expect(agreementIn(data, 'moh', code)).toBeUndefined();
  // Each object has a constructor of its own behind it, and that one has names as well.
  expect(agreementIn(data, code, 'constructor')).toBeUndefined();
  expect(agreementIn(data, code, 'name')).toBeUndefined();
});
