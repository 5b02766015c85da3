import type { Language } from '../../connectors/kit/messages.ts';
import type { ConsentAct } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { VOCABULARY } from '../fields/vocabulary.ts';

/** What an agency asks a person for, by a link to this page. Nothing in it is about the person. */
export interface ConsentRequest {
  readonly recipient: string;
  readonly purpose: string;
  /** Field ids, ascending. */
  readonly fieldIds: readonly number[];
  /** Longest time that is asked for; the person may choose less. */
  readonly days: number;
  /** How many answers; 0 for no bound. */
  readonly uses: number;
}

/** What the e-ID is to write into the artefact. */
export interface ConsentOrder {
  readonly personalId: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly fieldIds: readonly number[];
  readonly vocabularyVersion: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly useQuota: number;
  readonly textShown: string;
  readonly textVersion: string;
  readonly language: Language;
  readonly acts: readonly Omit<ConsentAct, '$typeName' | '$unknown' | 'manner'>[];
}

const CODE = /^[a-z0-9][a-z0-9-]{0,63}$/;
const FIELDS = /^\d{1,3}(\.\d{1,3}){0,48}$/;
/** Two years is the longest that the contract takes, and the day itself counts. */
const MOST_DAYS = 729;
const MOST_USES = 1_000_000;

/** Reads `?recipient=bank-demo&purpose=account-opening&fields=1.2.3&days=90&uses=5`. Undefined where it is no such request. */
export function readConsentRequest(query: Readonly<Record<string, string>>): ConsentRequest | undefined {
  const { recipient = '', purpose = '', fields = '', days = '', uses = '0' } = query;
  if (!CODE.test(recipient) || !CODE.test(purpose) || !FIELDS.test(fields)) return undefined;
  const fieldIds = [...new Set(fields.split('.').map(Number))].sort((a, b) => a - b);
  if (!fieldIds.every((id) => VOCABULARY.byId.has(id))) return undefined;
  const [most, quota] = [whole(days, 1, MOST_DAYS), whole(uses, 0, MOST_USES)];
  if (most === undefined || quota === undefined) return undefined;
  return { recipient, purpose, fieldIds, days: most, uses: quota };
}

/** The query that {@link readConsentRequest} reads. */
export function consentQuery({ recipient, purpose, fieldIds, days, uses }: ConsentRequest): string {
  return new URLSearchParams({
    recipient,
    purpose,
    fields: fieldIds.join('.'),
    days: String(days),
    uses: String(uses),
  }).toString();
}

function whole(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}
