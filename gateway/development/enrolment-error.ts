/** Why a call was refused before it reached the database. */
export class EnrolmentError extends Error {
  override readonly name = 'EnrolmentError';
  readonly reason: 'CODE_WRONG' | 'FINGERPRINT_WRONG' | 'KEY_WRONG' | 'NOT_FOUND';
  constructor(reason: EnrolmentError['reason']) {
    super(SENTENCES[reason]);
    this.reason = reason;
  }
}

const SENTENCES: Record<EnrolmentError['reason'], string> = {
  CODE_WRONG: 'a code is 1 to 32 lower-case letters, digits and hyphens, and "gateway" is nobody\'s',
  FINGERPRINT_WRONG: 'a fingerprint is 64 lower-case hex digits',
  KEY_WRONG: 'not a public key on P-256 of the kind wanted',
  NOT_FOUND: 'there is nothing enrolled under that name',
};
