import type { Filtered } from './filter.ts';
import type { ConsentsUsed } from './log-port.ts';

const packed = (numbers: readonly number[]) => new Uint8Array(Float64Array.from(numbers).buffer);

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
  const scopes: number[] = [];
  const counted: number[] = [];
  for (const personNo of used) {
    const person = coverage.found.people.get(personNo);
    if (person === undefined) continue;
    scopes.push(person.scopeNo);
    if (quotas === 'counted') counted.push(...person.counted);
  }
  return { consents: { revision: coverage.found.revision, scopes: packed(scopes), counted: packed(counted) } };
}
