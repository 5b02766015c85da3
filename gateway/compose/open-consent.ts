/** Consent as a thread that serves calls needs it, and what the process needs to make withdrawals exact. */
import { createIssuerKeys } from '../acting/issuer-keys.ts';
import { type ActBook, lostIssuerKeys } from '../acts/book.ts';
import { readBook } from '../acts/read-acts.ts';
import { createAnsweredBefore } from '../audit/answered-before.ts';
import type { GatewayConfig } from '../config/read-config.ts';
import { artefactKeyOf } from '../consent/artefact-key.ts';
import { createBarrier } from '../consent/barrier.ts';
import { createConsentMethods } from '../consent/consent-methods.ts';
import type { ConsentDeps } from '../consent/deps.ts';
import { createFindConsents } from '../consent/find-consents.ts';
import { createMatterWatch } from '../consent/matter-watch.ts';
import { putBackBlock, takeUpMissed } from '../consent/missed-matters.ts';
import { createFlights } from '../exchange/flights.ts';
import { ownPlace } from '../place/own-place.ts';
import { RETENTION } from '../retention/table.ts';
import type { Log } from '../telemetry/log.ts';
import { officersTrust } from './open-admin.ts';
import type { Pools } from './open-database.ts';

export interface ConsentOptions
  extends Pick<ConsentDeps, 'appender' | 'keys' | 'lookup' | 'policyData' | 'keepFirst' | 'nowSeconds'> {
  readonly pools: Pick<Pools, 'lookups' | 'proofs'>;
  readonly deployment: { readonly id: string };
  /** As it was last read. */
  readonly book: () => ActBook;
  readonly iatFloor: () => number;
}

export function openConsent({ pools, deployment, book, iatFloor, ...deps }: ConsentOptions) {
  const { nowSeconds, keys } = deps;
  const lostKeys = () => lostIssuerKeys(book());
  const findConsents = createFindConsents(pools.lookups, nowSeconds, lostKeys);
  return {
    findConsents,
    flights: createFlights(),
    answeredBefore: createAnsweredBefore(pools.lookups),
    methods: createConsentMethods({
      ...deps,
      db: pools.proofs,
      findConsents,
      lostKeys,
      book,
      acting: { issuers: createIssuerKeys(book, nowSeconds), deployment: deployment.id, nowSeconds, iatFloor },
      artefactKey: artefactKeyOf(keys.evidence),
      retrySeconds: RETENTION.call_answer.seconds,
    }),
  };
}

export interface MatterWatchOptions {
  readonly pools: Pick<Pools, 'watchers'>;
  readonly config: Pick<GatewayConfig, 'deployment' | 'officers' | 'keys'>;
  /** As it was last read. */
  readonly book: () => ActBook;
  readonly nowSeconds: () => number;
  readonly log: Log;
  readonly onFault: (error: unknown) => void;
}

export function openMatterWatch({ pools, config, book, nowSeconds, log, onFault }: MatterWatchOptions) {
  const db = pools.watchers;
  const trust = officersTrust(config);
  const judging = {
    ...{ db, book, nowSeconds, artefactKey: artefactKeyOf(config.keys.evidence) },
    readBook: () => readBook(db, trust),
  };
  return createMatterWatch({
    ...{ ...judging, log, onFault },
    takeUpMissed: (since) => takeUpMissed(db, since),
    putBackBlock: (after) => putBackBlock(judging, after),
  });
}

export interface BarrierOptions {
  readonly pools: Pick<Pools, 'watchers'>;
  readonly workerId: string;
  readonly appender: Parameters<typeof createBarrier>[0]['appender'];
  readonly keepFirst: Parameters<typeof createBarrier>[0]['keepFirst'];
  /** Of each thread that serves calls. */
  readonly settleAll: Parameters<typeof createBarrier>[0]['settleAll'];
  readonly nowSeconds: () => number;
  readonly log: Log;
  readonly onFault: (error: unknown) => void;
}

export function openBarrier({ pools, nowSeconds, log, ...deps }: BarrierOptions) {
  return createBarrier({
    ...{ ...deps, db: pools.watchers, place: ownPlace() },
    nowMs: () => nowSeconds() * 1000,
    onEnded: (epoch) => log.warn({ epoch }, 'a frozen gateway of this machine kept withdrawals waiting and was ended'),
  });
}
