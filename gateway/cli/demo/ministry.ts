import type { Answer, SignedClient } from '../../../connectors/kit/client.ts';
import { GatewayError } from '../../../connectors/kit/refusal.ts';
import { type GetPersonResponseSchema, PersonService } from '../../../proto/gen/lienthong/person/v1/person_pb.js';

/** What the demo asks for: what a hospital needs, and what it has no business to know. */
export const ASKED = [
  'personal_id',
  'full_name',
  'date_of_birth',
  'sex',
  'nationalities',
  'old_identity_numbers',
  'permanent_address',
  'ethnicity',
  'religion',
  'blood_type',
  'marital_status',
  'father.full_name',
  'contact.mobile',
] as const;

export interface MinistryAnswers {
  /** What is granted, with the rest named. */
  readonly partial: Answer<typeof GetPersonResponseSchema>;
  /** The same question without "what you may tell me": refused as a whole. */
  readonly refusal: GatewayError;
}

/** Asks for one person twice: taking what is granted, and strictly. */
export async function askMinistry(
  client: SignedClient,
  personalId: string,
  signal: AbortSignal,
): Promise<MinistryAnswers> {
  const ask = (allowPartial: boolean) =>
    client.unary(
      PersonService.method.getPerson,
      { personalId, readMask: { paths: [...ASKED] }, allowPartial },
      { signal },
    );
  const partial = await ask(true);
  try {
    await ask(false);
  } catch (error) {
    if (error instanceof GatewayError && error.refusal !== undefined) return { partial, refusal: error };
    throw error;
  }
  throw new Error('a question for fields that are not granted was answered');
}
