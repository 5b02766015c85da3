/** Forgets the session's key. The page it stands on says that this was done. */
import { forgetKeys } from './keys.ts';

void forgetKeys().catch(() => undefined);
