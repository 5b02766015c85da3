import type { UnaryMethod } from '../exchange/work.ts';
import { createApprove, createReject } from './decide.ts';
import {
  createGetProposal,
  createListAgencies,
  createListAgreements,
  createListOfficers,
  createListProposals,
} from './lists.ts';
import { createMarkPerson } from './mark-person.ts';
import { createDecideMatter, createListMatters } from './matters.ts';
import type { AdminDeps } from './officer-call.ts';
import { createPropose, createRevoke } from './propose.ts';
import { createRehearse } from './rehearse.ts';

/** Every method of `admin.v1.AdminService`. */
export function createAdminMethods(deps: AdminDeps): UnaryMethod[] {
  return [
    createPropose(deps),
    createApprove(deps),
    createReject(deps),
    createRevoke(deps),
    createGetProposal(deps),
    createListProposals(deps),
    createListAgreements(deps),
    createListAgencies(deps),
    createListOfficers(deps),
    createMarkPerson(deps),
    createRehearse(deps),
    createListMatters(deps),
    createDecideMatter(deps),
  ];
}
