import { readFile } from 'node:fs/promises';
import { ConsentManner } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { Representation } from '../../../proto/gen/lienthong/type/v1/type_pb.js';
import type { Eid } from '../../console/eid.ts';
import type { DevelopmentIssuer } from '../../development/issuer.ts';

/** Somebody whom the sign-in offers, and for whom they may act. Synthetic. */
export interface EidPerson {
  readonly personal_id: string;
  readonly name: string;
  /** Their minor children. */
  readonly children?: readonly { readonly personal_id: string; readonly own_act_needed: boolean }[];
}

/**
 * The e-ID of a development deployment as the pages need it: one picks who one is, and is believed.
 *
 * @param channel code of the agency whose calls carry the persons' acts
 */
export function createDevelopmentEid({
  issuer,
  people,
  channel,
}: {
  readonly issuer: DevelopmentIssuer;
  readonly people: readonly EidPerson[];
  readonly channel: string;
}): Eid {
  return {
    development: true,
    people: people.map(({ personal_id: personalId, name }) => ({ personalId, name })),
    async assertPerson(personalId, key) {
      const children = people.find((each) => each.personal_id === personalId)?.children ?? [];
      const represented = children.map((child) => ({
        personalId: child.personal_id,
        relation: Representation.PARENT,
        ownActNeeded: child.own_act_needed,
      }));
      return issuer.assert({ personalId, audienceAgency: channel, represented }, key);
    },
    async issueConsent({ recipient, purpose, fieldIds, acts, expiresAt, ...rest }) {
      return issuer.issue({
        ...{ ...rest, recipients: [recipient], purposes: [purpose], fieldIds: [...fieldIds] },
        expiresAt: BigInt(expiresAt),
        acts: acts.map((act) => ({ ...act, manner: ConsentManner.ACTIVE })),
      });
    },
  };
}

/** The people of a file; nobody where there is none. Whoever is not in it signs in by number. */
export async function readEidPeople(path: string): Promise<readonly EidPerson[]> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as EidPerson[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
