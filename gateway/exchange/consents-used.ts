import type { Filtered } from './filter.ts';
import type { ConsentsUsed } from './log-port.ts';

const packed = (numbers: Iterable<number>) => new Uint8Array(Float64Array.from(numbers).buffer);

/** Numbers of {@link ConsentsUsed}, wherever their bytes lie. */
export function numbersOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(Uint8Array.from(bytes).buffer);
}

/** The consents that an answer stands on, of those alone whose data it was made from. */
export function consentsOf(
  { fetched: { consented, data } }: Filtered,
  quotas: 'counted' | 'uncounted',
): { consents?: ConsentsUsed } {
  const { coverage } = consented;
  if (coverage.kind === 'statute' || data.kind === 'nothing') return {};
  const used = data.kind === 'rows' ? (data.used ?? []) : [data.record.personNo];
  const people = [...used].flatMap((personNo) => coverage.found.people.get(personNo) ?? []);
  const counted = quotas === 'counted' ? people.flatMap((person) => person.counted) : [];
  const { revision } = coverage.found;
  return { consents: { revision, scopes: packed(people.map(({ scopeNo }) => scopeNo)), counted: packed(counted) } };
}
