import type { Act } from '../acts/act.ts';
import { type ActBook, ADMINISTRATION, isBarred, OPERATOR } from '../acts/book.ts';
import type { Violation } from '../errors/violations.ts';
import { recipientKeyOf } from '../signing/encryption-key.ts';
import { thumbprintOf } from '../signing/public-key.ts';

type Wrong = readonly [field: string, rule: Violation['rule']];

/** Of an act that the fold finds at odds with the book (`STATE_WRONG`): which member, and whether it is not there, there already, or over. */
export function stateViolation(book: ActBook, act: Act): Violation {
  const [field, rule] = holderWrong(book, act) ?? keyWrong(book, act) ?? ['body', 'INCONSISTENT'];
  return { field, rule };
}

/** The officer, agency, issuer, agreement or subject that the act is about. */
function holderWrong(book: ActBook, act: Act): Wrong | undefined {
  switch (act.kind) {
    case 'officer.create':
      return book.officers.has(act.code) ? ['body.code', 'THERE_ALREADY'] : undefined;
    case 'officer.roles':
    case 'officer.rekey': {
      const officer = book.officers.get(act.code);
      if (officer?.barred === true) return ['body.code', 'OVER'];
      const found = officer?.counts === true && (act.kind === 'officer.roles' || officer.person !== undefined);
      return found ? undefined : ['body.code', 'UNKNOWN_VALUE'];
    }
    case 'agency.admit':
      if (isBarred(book, 'agency', act.agency)) return ['body.agency', 'OVER'];
      return book.agencies.has(act.agency) ? ['body.agency', 'THERE_ALREADY'] : undefined;
    case 'certificate.add':
    case 'key.add':
    case 'encryption_key.add':
      if (isBarred(book, 'agency', act.agency)) return ['body.agency', 'OVER'];
      return book.agencies.has(act.agency) && act.agency !== OPERATOR ? undefined : ['body.agency', 'UNKNOWN_VALUE'];
    case 'key.retire': {
      const key = book.keys.get(act.kid) ?? book.encryptionKeys.get(act.kid);
      return key?.agency === act.agency ? ['body.kid', 'OVER'] : ['body.kid', 'UNKNOWN_VALUE'];
    }
    case 'issuer.admit':
    case 'issuer.key':
    case 'issuer.retire': {
      const issuer = book.issuers.get(act.issuer);
      if (isBarred(book, 'issuer', act.issuer)) return ['body.issuer', 'OVER'];
      if (act.kind === 'issuer.admit') return issuer === undefined ? undefined : ['body.issuer', 'THERE_ALREADY'];
      if (issuer === undefined) return ['body.issuer', 'UNKNOWN_VALUE'];
      return issuer.state === 'active' ? undefined : ['body.issuer', 'OVER'];
    }
    case 'limit.raise':
    case 'limit.lower':
      return isBarred(book, 'agreement', act.agreement) ? ['body.agreement', 'OVER'] : undefined;
    case 'bar':
      if (isBarred(book, act.what, act.subject)) return ['body.subject', 'OVER'];
      if (act.subject === OPERATOR || act.subject === ADMINISTRATION) return ['body.subject', 'UNSUPPORTED'];
      return ['body.subject', 'UNKNOWN_VALUE'];
    case 'genesis':
      return undefined;
  }
}

/** The key that it brings: one serves one purpose and one holder. */
function keyWrong(book: ActBook, act: Act): Wrong | undefined {
  const wrong = (field: string, kid: string): Wrong | undefined => {
    if (isBarred(book, 'key', kid)) return [field, 'OVER'];
    const known = [book.officerKeys, book.keys, book.encryptionKeys, book.issuerKeys].some((keys) => keys.has(kid));
    return known ? [field, 'THERE_ALREADY'] : undefined;
  };
  const own = 'key' in act ? wrong('body.key', thumbprintOf(act.key)) : undefined;
  if (own !== undefined || !('encryption_key' in act) || act.encryption_key === undefined) return own;
  return wrong('body.encryption_key', recipientKeyOf(act.encryption_key).kid);
}
