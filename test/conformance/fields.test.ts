/** Fields out ⊆ policy: whatever was fetched, the filter stage lets nothing pass that the decision did not grant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fetched } from '../../gateway/exchange/fetch.ts';
import { createFilter } from '../../gateway/exchange/filter.ts';
import { decidedOf } from '../../gateway/exchange/grounds.ts';
import { OPEN_GUARD } from '../../gateway/exchange/guard.test-support.ts';
import type { People } from '../../gateway/exchange/people.ts';
import { presentFields } from '../../gateway/fields/keep-fields.ts';
import { VOCABULARY } from '../../gateway/fields/vocabulary.ts';
import { GRANTS } from '../../gateway/policy/decision.ts';
import { decodePersonBody } from '../../gateway/proof/person-body.ts';
import { Notice, type Person } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { filledPerson } from '../support/filled-person.ts';

const IDS = VOCABULARY.fields.map(({ id }) => id);

/** What the stage sees of a decision, a work and what was fetched. */
function fetchedOf(
  person: Person,
  granted: readonly number[],
  notices: boolean,
  relatives: readonly { personNo: number; fieldIds: readonly number[] }[],
) {
  const told: { view?: unknown } = {};
  const grounds = {
    work: {
      asked: { context: {}, release: [...IDS], match: [], allowPartial: true },
      wanted: { kind: 'person', identifier: 1 },
      compose: (view: unknown) => {
        told.view = view;
        return { payload: new Uint8Array(0) };
      },
    },
    decision: {
      fields: granted.map((id) => ({ id, use: 'release', basis: 'statute' })),
      grants: Object.fromEntries(GRANTS.map((name) => [name, name === 'notices' ? notices : true])),
      strictness: 'standard',
    },
    granted: (use: string) => (use === 'release' ? [...granted] : []),
    bases: new Set(['statute']),
    revisions: {},
    verified: { authenticated: { caller: { agency: 'moh' } }, digest: 'A'.repeat(43) },
  };
  const record = {
    personNo: 7,
    person,
    logKey: new Uint8Array(16),
    personStatus: 2,
    relatives: relatives.map((relative) => ({ ...relative, logKey: new Uint8Array(16) })),
  };
  const data = { kind: 'person', record, idStatus: 2 };
  const consented = {
    grounds,
    coverage: { kind: 'statute' },
    granted: (use: 'release' | 'match') => decidedOf(grounds as never).granted(use),
  };
  return { fetched: { consented, data } as unknown as Fetched, told };
}

const bodiesOf = (people: object) => {
  const { bodies, offsets, count } = people as People;
  return Array.from({ length: count }, (_, i) => decodePersonBody(bodies.subarray(offsets[i], offsets[i + 1])));
};

describe('the filter', () => {
  it('has a person with every field of the vocabulary to start from', () => {
    expect(presentFields(filledPerson()).toSorted((a, b) => a - b)).toEqual(IDS.toSorted((a, b) => a - b));
  });

  it('lets out exactly what is granted and there, and its leaf says so', async () => {
    const filter = createFilter({ guard: OPEN_GUARD, nowMs: () => 0 });
    await fc.assert(
      fc.asyncProperty(fc.subarray(IDS), fc.boolean(), fc.subarray(IDS), async (granted, notices, ofRelative) => {
        const { fetched, told } = fetchedOf(filledPerson(), granted, notices, [{ personNo: 8, fieldIds: ofRelative }]);
        const filtered = await filter(fetched);
        const view = told.view as { person: Person; notices: number[] };
        expect(presentFields(view.person).toSorted((a, b) => a - b)).toEqual(granted.toSorted((a, b) => a - b));
        if (!notices) expect(view.notices).toEqual([]);
        const bodies = bodiesOf(filtered.people);
        // The person's says what the notices tell as well: the number now in use, or that the person lives no more.
        const noticed = view.notices.map((notice) => (notice === Notice.ID_SUPERSEDED ? 1 : 44));
        expect(bodies[0]?.released).toEqual([...new Set([...granted, ...noticed])].toSorted((a, b) => a - b));
        for (const body of bodies.slice(1)) for (const id of body.released) expect(granted).toContain(id);
        const shown = ofRelative.filter((id) => granted.includes(id));
        // A relative whose data shows has a leaf with exactly those fields; one of whom nothing shows needs none.
        if (shown.length > 0)
          expect(bodies[1]?.released.toSorted((a, b) => a - b)).toEqual(shown.toSorted((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  });
});
