import type { UnaryMethod } from '../exchange/work.ts';
import { createClaimRight } from './claim.ts';
import type { ConsentDeps } from './deps.ts';
import { createGrantConsent } from './grant.ts';
import { createCheckConsent, createGetReceipt, createListConsents } from './looks.ts';
import { createTakeBacks } from './take-back.ts';

/** Every method of `consent.v1.ConsentService`. */
export function createConsentMethods(deps: ConsentDeps): UnaryMethod[] {
  return [
    createGrantConsent(deps),
    ...createTakeBacks(deps),
    createClaimRight(deps),
    createListConsents(deps),
    createGetReceipt(deps),
    createCheckConsent(deps),
  ];
}
