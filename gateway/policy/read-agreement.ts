import type { Agreement } from './agreement.ts';
import { checkAgreement } from './check-agreement.ts';

/** The agreement that these bytes are; undefined where they are none, which `buildData` then names. */
export function readAgreementBody(body: Uint8Array): Agreement | undefined {
  try {
    const checked = checkAgreement(JSON.parse(Buffer.from(body).toString('utf8')));
    return checked.ok ? checked.agreement : undefined;
  } catch {
    return undefined;
  }
}
