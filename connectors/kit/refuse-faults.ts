import { X509Certificate } from 'node:crypto';
import { faultsArmed } from '../../gateway/faults/point.ts';
import { KitError } from './kit-error.ts';
import type { Profile } from './profile.ts';

/** What the name of every development CA holds; production trusts none that does. */
const DEVELOPMENT_CA = 'development CA';

/** Throws PROFILE_FILE where somebody listens to a fault point of this process and the profile is not a development one's. */
export function refuseFaults({ ca }: Pick<Profile, 'ca'>): void {
  if (!faultsArmed() || new X509Certificate(ca).subject.includes(DEVELOPMENT_CA)) return;
  throw new KitError('PROFILE_FILE', { member: 'ca', problem: 'FAULT_POINTS_ARMED' });
}
