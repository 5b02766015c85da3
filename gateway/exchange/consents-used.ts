import type { Filtered } from './filter.ts';
import type { ConsentsUsed } from './log-port.ts';

const packed = (numbers: readonly number[]) => new Uint8Array(Float64Array.from(numbers).buffer);

/** Numbers of {@link ConsentsUsed}, wherever their bytes lie. */
export function numbersOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(Uint8Array.from(bytes).buffer);
}

/**
 * The consents that an answer stands on, of those alone whose data it was made from; and the scopes of those whose consents cover a part,
 * because rows without consent tell which fields lack it.
 */
export function consentsOf(
  { fetched: { consented, data } }: Filtered,
  quotas: 'counted' | 'uncounted',
): { consents?: ConsentsUsed } {
  const { coverage } = consented;
  if (coverage.kind === 'statute' || data.kind === 'nothing') return {};
  const used = data.kind === 'rows' ? (data.used ?? []) : [data.record.personNo];
  const { people } = coverage.found;
  const scopes: number[] = [];
  const counted: number[] = [];
  for (const personNo of used) {
    const person = people.get(personNo);
    if (person === undefined) continue;
    scopes.push(person.scopeNo);
    if (quotas === 'counted') counted.push(...person.counted);
  }
  for (const personNo of coverage.people.partly.keys()) scopes.push(people.get(personNo)?.scopeNo ?? 0);
  return { consents: { revision: coverage.found.revision, scopes: packed(scopes), counted: packed(counted) } };
}
