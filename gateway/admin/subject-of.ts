import type { Act } from '../acts/act.ts';
import { readCertificate } from '../acts/certificate.ts';
import { changedIssuer } from '../acts/issuers.ts';
import { addition, type Change } from '../agencies/changes.ts';
import { thumbprintOf } from '../signing/public-key.ts';

/** What an act concerns, in one word for lists. */
export function subjectOf(act: Act): string {
  switch (act.kind) {
    case 'genesis':
      return act.officers.map(({ code }) => code).join(' ');
    case 'officer.create':
    case 'officer.roles':
    case 'officer.rekey':
      return act.code;
    case 'key.retire':
      return act.kid;
    case 'issuer.admit':
    case 'issuer.key':
    case 'issuer.retire':
      return act.issuer;
    case 'limit.raise':
    case 'limit.lower':
      return `${act.agreement}:${act.version} ${act.limit}`;
    case 'bar':
      return `${act.what} ${act.subject}`;
    default:
      return act.agency;
  }
}

/** What calls in flight may stand on that the act changes. Keys and certificates that an officer loses are barred by name. */
export function changesOf(act: Act): Change[] {
  switch (act.kind) {
    case 'genesis':
      return act.officers.map(({ code }) => ({ kind: 'officer', subject: code }));
    case 'officer.create':
    case 'officer.roles':
    case 'officer.rekey':
      return [{ kind: 'officer', subject: act.code }];
    case 'agency.admit':
      return [addition('agency', act.agency)];
    case 'certificate.add':
      return [addition('certificate', readCertificate(act.certificate)?.fingerprint ?? '')];
    case 'key.add':
      return [addition('key', thumbprintOf(act.key))];
    case 'encryption_key.add':
      return [addition('key', thumbprintOf(act.encryption_key))];
    case 'key.retire':
      return [{ kind: 'key', subject: act.kid }];
    case 'issuer.admit':
    case 'issuer.key':
      return [addition('key', thumbprintOf(act.key))];
    case 'issuer.retire':
      return [issuerChange(act.issuer)];
    case 'limit.raise':
    case 'limit.lower':
      // Read by every gateway, and no reason to refuse what is under way: the next call or chunk is decided by it.
      return [addition('agreement', act.agreement)];
    case 'bar':
      return [act.what === 'issuer' ? issuerChange(act.subject) : { kind: act.what, subject: act.subject }];
  }
}

function issuerChange(issuer: string): Change {
  return { kind: 'key', subject: changedIssuer(issuer) };
}
