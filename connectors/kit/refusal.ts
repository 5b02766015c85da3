import { GRPC_CODES } from '../../gateway/errors/codes.ts';
import { type ReadRefusal, readRefusal } from '../../gateway/errors/read.ts';
import type { Words } from '../../gateway/errors/words.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { outsideValidity, readCertificate } from './certificate.ts';
import { KitError } from './kit-error.ts';
import type { KitReason, Language } from './messages.ts';
import { type ClockFound, clockFound, type OwnTimes } from './own-clock.ts';
import type { RawAnswer } from './raw-call.ts';

/** What is known of a refused call: its request's id, {@link GatewayError.signed}, the certificate it was made with (PEM), and when. */
type RefusalFacts = {
  readonly requestId?: string | undefined;
  readonly signed?: boolean | undefined;
  readonly certificate?: Uint8Array | undefined;
  readonly times?: OwnTimes | undefined;
};

type GatewayFacts = { readonly said?: string; readonly from?: string; readonly to?: string };

/** A call that the gateway refused, or that did not reach it, as an error with an exit code. */
export class GatewayError extends KitError {
  /** Canonical gRPC code. */
  readonly code: number;
  /** What the gateway said; undefined where it said nothing, or where its signature is missing under what always has one. */
  readonly refusal: ReadRefusal | undefined;
  /** Whether the gateway signed what it said, and the signature holds. Undefined of calls whose answers are not signed. */
  readonly signed: boolean | undefined;
  /** Of the request, by what this side knows of it or else by what the gateway said; undefined where it had none. */
  readonly requestId: string | undefined;
  /** Of a refusal for CLOCK: how far this machine's clock is from the gateway's. Undefined where the gateway did not tell its time. */
  readonly clock: ClockFound | undefined;

  constructor(
    reason: KitReason,
    answer: RawAnswer,
    refusal: ReadRefusal | undefined,
    { address, requestId, signed, times, ...more }: RefusalFacts & { readonly address: string } & GatewayFacts,
  ) {
    const { said = '', from = '', to = '' } = more;
    const facts = { address, said, from, to, code: CODE_NAMES[answer.code] ?? `gRPC ${answer.code}` };
    const clock = clockOf(refusal, times);
    super(reason, { ...facts, reason: refusal?.reasonName ?? facts.code, text: saidIn(refusal, clock) });
    this.name = 'GatewayError';
    this.code = answer.code;
    this.signed = signed;
    this.refusal = refusal;
    this.requestId = requestId || refusal?.requestId;
    this.clock = clock;
  }

  override text(language: Language): string {
    return this.refusal?.sentences[language] ? String(this.factsIn(language).text) : super.text(language);
  }

  /**
   * Whether the same bytes may be sent again in a moment: the way failed (a server that stops resets its streams, which
   * arrives as CANCELLED or INTERNAL), or the gateway said that it cannot answer now, or how soon what is used up begins anew
   * (whoever asks decides whether that is soon enough).
   */
  get passing(): boolean {
    if (this.reason === 'LIMITED') return this.refusal?.retryAfterMs !== undefined;
    if (this.reason !== 'UNAVAILABLE') return false;
    return this.refusal === undefined || (this.code === GRPC_CODES.UNAVAILABLE && !this.says(ErrorReason.LOG_BROKEN));
  }

  says(reason: ErrorReason): boolean {
    return this.refusal?.reason === reason;
  }
}

/** Of a gateway that says it in one language only, that one. */
function saidIn(refusal: ReadRefusal | undefined, clock: ClockFound | undefined): Words {
  const { en = '', vi = '' } = refusal?.sentences ?? {};
  const both = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' ');
  return { en: both(en || vi, clock?.words.en), vi: both(vi || en, clock?.words.vi) };
}

function clockOf(refusal: ReadRefusal | undefined, times: OwnTimes | undefined): ClockFound | undefined {
  const serverTime = refusal?.reason === ErrorReason.CLOCK ? refusal.help?.serverTime : undefined;
  // Of whoever leaves it out the field reads 0.
  return serverTime && times ? clockFound(serverTime, times) : undefined;
}

/** Of all canonical codes, by their number. */
const CODE_NAMES = (
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED ' +
  'FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'
).split(' ');
const CANCELLED = 1;
const UNKNOWN = 2;
/** What the library says of a call for which nothing came back. */
export const DEADLINE_EXCEEDED = 4;
/** What OpenSSL and Node say, the name of the host apart, when a certificate is not accepted by one side. */
const TLS_TEXT = /certificate|ssl|tls|alert|self.signed|CERT_/i;
/** What Node says, with the word TLS, of a connection that ended before anybody had shown a certificate: a balancer whose gateway is away. */
const ENDED_EARLY = /disconnected before secure TLS connection/i;
/** What the library says, on either side, of a message above what may be received. */
const OVER_LENGTH = /^(?:Received|Sent) message larger than max/;

const REASON_OF_CODE: ReadonlyMap<number, KitReason> = new Map([
  [CANCELLED, 'UNAVAILABLE'],
  [UNKNOWN, 'UNAVAILABLE'],
  [DEADLINE_EXCEEDED, 'UNAVAILABLE'],
  [GRPC_CODES.INTERNAL, 'UNAVAILABLE'],
  [GRPC_CODES.UNAVAILABLE, 'UNAVAILABLE'],
  [GRPC_CODES.RESOURCE_EXHAUSTED, 'LIMITED'],
  [GRPC_CODES.UNAUTHENTICATED, 'REFUSED_PROFILE'],
  [GRPC_CODES.INVALID_ARGUMENT, 'REFUSED_USAGE'],
]);

/** What is said before the gateway knows who asks, by its edge, or where it cannot sign. All else comes signed (design/errors.md). */
const SAID_UNSIGNED: ReadonlySet<ErrorReason> = new Set([
  ErrorReason.CERTIFICATE_UNKNOWN,
  ErrorReason.REVOKED,
  ErrorReason.LIMITED,
  ErrorReason.BAD_REQUEST,
  ErrorReason.STREAM_PROTOCOL,
  ErrorReason.DRAINING,
  ErrorReason.STORAGE_UNAVAILABLE,
  ErrorReason.INTERNAL,
]);

/**
 * The error for an answer whose code is not 0. Of a call whose refusals are signed (`signed` is then true or false) one without a
 * signature is believed as far as the gateway sends such: another is REFUSED_UNSIGNED, and whoever asks what it `says` hears nothing.
 */
export function gatewayError(answer: RawAnswer, address: string, known: RefusalFacts = {}): GatewayError {
  const refusal = readRefusal(answer.code, answer.details);
  let reason: KitReason = REASON_OF_CODE.get(answer.code) ?? 'REFUSED';
  if (refusal === undefined && answer.code === GRPC_CODES.UNAVAILABLE) {
    const text = withoutHost(answer.text, address);
    if (TLS_TEXT.test(text) && !ENDED_EARLY.test(text)) reason = 'TLS_REFUSED';
  }
  if (refusal === undefined && OVER_LENGTH.test(answer.text)) reason = 'MESSAGE_TOO_LARGE';
  // A program may run for longer than its certificate: the other side says no more than that it takes none.
  const own = reason === 'TLS_REFUSED' ? known.certificate : undefined;
  const outside = own && outsideValidity(readCertificate('certificate', own), new Date());
  if (outside) return new GatewayError('CERTIFICATE_EXPIRED', answer, undefined, { address, ...known, ...outside });
  const error = new GatewayError(reason, answer, refusal, { address, ...known });
  const bySelf = refusal === undefined ? OF_THE_WAY.has(reason) : SAID_UNSIGNED.has(refusal.reason);
  if (known.signed !== false || error.passing || bySelf) return error;
  return new GatewayError('REFUSED_UNSIGNED', answer, undefined, { address, ...known, said: saidBy(answer, refusal) });
}

/** Found by this side's own library; LIMITED where a connection was closed for what it carried, which leaves room for no word. */
const OF_THE_WAY: ReadonlySet<KitReason> = new Set(['TLS_REFUSED', 'MESSAGE_TOO_LARGE', 'LIMITED']);

/** Of what nobody vouches for only what has a form that can hold nothing else. */
function saidBy({ text }: RawAnswer, refusal: ReadRefusal | undefined): string {
  if (refusal !== undefined) return /^[A-Z][A-Z_]{0,47}$/.test(refusal.reasonName) ? refusal.reasonName : '?';
  const [, status] = /^Received HTTP status code (\d{3})$/.exec(text) ?? [];
  return status === undefined ? '–' : `HTTP ${status}`;
}

/** The library repeats the host's name, where it does not resolve for one: `gw-tls.example` is no word about TLS. */
function withoutHost(text: string, address: string): string {
  const host = address.slice(0, address.lastIndexOf(':'));
  // A whole name only: a host may be called `c`.
  return text
    .split(/([A-Za-z0-9.-]+)/)
    .filter((part) => part !== host)
    .join('');
}
