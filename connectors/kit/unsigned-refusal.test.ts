import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createSignedClient } from './client.ts';
import { failure } from './failure.test-support.ts';
import { loadProfile } from './profile.ts';
import { createTinyGateway } from './tiny-gateway.test-support.ts';

const agrees = { verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], reasons: [], currentId: 0 } as const;

it('a call that is refused without the signature that such a refusal always has is not believed, and not tried again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lt-unsigned-'));
  const gateway = await createTinyGateway(folder, () => ({ ...agrees, nameScore: undefined, score: undefined }));
  await gateway.start();
  const client = createSignedClient(await loadProfile(gateway.profileFolder));
  try {
    const reasons = [ErrorReason.NOT_AGREED, ErrorReason.LOG_BROKEN, ErrorReason.CONSENT_MISSING] as const;
    for (const reason of reasons) {
      let asked = 0;
      gateway.faults.refuse = () => {
        asked++;
        return { reason, signed: false };
      };
      const error = await failure(client.unary(VerificationService.method.verifyPerson, {}, { retryForMs: 5_000 }));
      expect(error).toMatchObject({ reason: 'REFUSED_UNSIGNED', exitCode: 4, signed: false, refusal: undefined });
      expect(error.facts).toMatchObject({ said: ErrorReason[reason] });
      expect(asked).toBe(1);
    }
  } finally {
    client.close();
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
