/** What persons object to and ask for, and what officers do with it, at a test gateway. */
import { randomBytes } from 'node:crypto';
import { type MatterAct, matterActBytes } from '../../gateway/acts/matter-act.ts';
import { AdminService } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import type { MatterKind, Receipt } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import type { TestGateway } from './gateway.ts';
import { type Officer, signatureOf } from './gateway-officers.ts';
import type { ActingCitizen, Citizens } from './gateway-persons.ts';

const { method } = AdminService;

/** A use to which people consent. */
export const BANK = { recipient: 'bank-demo', purpose: 'customer-record' };
/** A use by statute. */
export const MOH = { recipient: 'moh', purpose: 'patient-record' };

export const idText = ({ receiptId }: Receipt) => Buffer.from(receiptId).toString('base64url');
/** The id of an entry of the log that there need not be. */
export const entry = (n: number) => Buffer.alloc(16, n);

/** @param at asked at each use, since a test's gateway is there only once it has begun */
export function mattersOf(at: () => { gateway: TestGateway; citizens: Citizens; officer: Officer }) {
  /** A rejection, unless it is said otherwise. */
  const actOn = (receipt: Receipt, changes: object = {}): Uint8Array =>
    matterActBytes({
      ...{ act: randomBytes(16).toString('base64url'), deployment: at().gateway.deployment.id, kind: 'matter.decide' },
      ...{ matter: idText(receipt), of: 'objection', outcome: 'rejected', reason: 'statutory_duty' },
      ...{ citation: 'Luật 91/2025, art. 19.1', text_vi: 'Bệnh viện cần hồ sơ.', text_en: 'A hospital needs it.' },
      ...changes,
    } as MatterAct);
  return {
    actOn,
    async objected(person: ActingCitizen, use = MOH): Promise<Receipt> {
      return (await at().citizens.call('object', { ...use, entryId: entry(7) }, person)).receipt as Receipt;
    },
    async claimed(person: ActingCitizen, kind: MatterKind, paths: readonly string[] = []): Promise<Receipt> {
      return (await at().citizens.call('claimRight', { kind, fields: { paths } }, person)).receipt as Receipt;
    },
    /** Objects to a use by statute for that entry, at the gateway of these citizens. */
    async about(person: ActingCitizen, entryId: Buffer, citizens = at().citizens): Promise<Receipt> {
      return (await citizens.call('object', { ...MOH, entryId }, person)).receipt as Receipt;
    },
    async receiptOf({ receiptId }: Receipt, person: ActingCitizen): Promise<Receipt> {
      return (await at().citizens.call('getReceipt', { receiptId }, person)).receipt as Receipt;
    },
    extension(receipt: Receipt): Uint8Array {
      const { outcome: _, citation: __, ...own } = JSON.parse(Buffer.from(actOn(receipt)).toString());
      return matterActBytes({ ...own, kind: 'matter.extend', reason: 'other_body_asked' });
    },
    settle: (body: Uint8Array, by: Officer = at().officer, signature = signatureOf(by, body)) =>
      by.caller.attempt(method.decideMatter, { body, signature }),
    /** Ids of what waits of somebody, with the entries that are named by each. */
    async waitingOf(id: string): Promise<[string, string[]][]> {
      const { message } = await at().officer.caller.call(method.listMatters, { personalId: id, openOnly: true });
      return message.matters.map(({ receiptId, aboutEntryId, furtherEntryIds }) => [
        Buffer.from(receiptId).toString('base64url'),
        [aboutEntryId, ...furtherEntryIds].map((bytes) => Buffer.from(bytes).toString('hex')),
      ]);
    },
  };
}
