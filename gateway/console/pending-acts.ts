import { randomBytes } from 'node:crypto';
import { pathOf, type SignedClient } from '../../connectors/kit/client.ts';
import { AuditService } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { ConsentService } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { OnBehalf } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { digestOf } from '../signing/digest.ts';
import { createSigner } from '../signing/sign.ts';
import type { ActingPerson } from './acting-person.ts';

/** What persons do by a call: the method, and the bytes that they sign. */
export interface Act {
  /** `/package.Service/Method`. */
  readonly mth: string;
  readonly bytes: Uint8Array;
  /** Who signs it: one person, or a child and the representative. */
  readonly persons: readonly ActingPerson[];
}

/** Methods by which a person only looks. */
const { listConsents, getReceipt } = ConsentService.method;
const LOOKS: readonly string[] = [listConsents, getReceipt, AuditService.method.listAccesses].map(pathOf);

/** One signature that is wanted: all that the browser needs to make the token by itself. */
export interface Wanted {
  readonly kid: string;
  readonly aud: string;
  readonly iat: number;
  readonly mth: string;
  /** The act, base64url. The browser computes the digest of what it was shown, it is not told one. */
  readonly act: string;
  readonly held: 'browser' | 'here';
  readonly person: ActingPerson;
}

/** Acts that wait for their signatures: all are signed at once, then `run` makes the calls and says where to go. */
export interface PendingActs {
  readonly id: string;
  /** Names under which they are done once: their own, and that of the form that they come from. */
  readonly names: readonly string[];
  readonly wanted: readonly Wanted[];
  /** Whether they change nothing. */
  readonly looksOnly: boolean;
  readonly run: (tokens: readonly string[]) => Promise<string>;
}

export type SignedAct = Act & { readonly onBehalf: readonly Pick<OnBehalf, 'assertion' | 'proof'>[] };

/**
 * Prepares acts. `run` is given each with its proofs, in this order.
 *
 * @param form name of the form that they come from, where it does something
 * @param then does what the acts are for; resolves to the path of the page that shows it
 */
export function prepareActs(
  acts: readonly Act[],
  { audience, now }: Pick<SignedClient, 'audience' | 'now'>,
  then: (signed: readonly SignedAct[]) => Promise<string>,
  form?: string,
): PendingActs {
  const iat = now();
  const wanted = acts.flatMap(({ mth, bytes, persons }) =>
    persons.map((person) => ({
      ...{ kid: person.key.kid, aud: audience, iat, mth, act: Buffer.from(bytes).toString('base64url') },
      ...{ held: person.key.held, person },
    })),
  );
  const id = randomBytes(16).toString('base64url');
  return {
    id,
    names: form === undefined ? [id] : [id, form],
    wanted,
    looksOnly: acts.every(({ mth }) => LOOKS.includes(mth)),
    run(tokens) {
      let at = 0;
      const signed = acts.map((act) => ({
        ...act,
        onBehalf: act.persons.map(({ assertion }) => ({
          assertion: { $typeName: 'lienthong.type.v1.SignedBytes' as const, ...assertion },
          proof: tokens[at++] ?? '',
        })),
      }));
      return then(signed);
    },
  };
}

/** The token for a key that is kept here. */
export function signHere({ aud, iat, mth, act, person }: Wanted): string {
  const { key } = person;
  if (key.held !== 'here') throw new Error('this key is in the browser');
  const dig = digestOf(Buffer.from(act, 'base64url'));
  return createSigner({ key: key.key, kid: key.kid, issuer: 'person' }).sign('lt-act+jws', { aud, iat, dig, mth });
}
