/** Tells of each acknowledgement as soon as it is committed, and not when somebody is told of it. */
import pg from 'pg';
import type { Pool } from '../../../gateway/storage/pool.ts';
import { MatterKind } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';

const CHANNEL = 'acknowledged';

/** A lifting takes nothing: it is acknowledged where it is recorded. */
const TELL = `CREATE FUNCTION tell_acknowledged() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM pg_notify('${CHANNEL}', (SELECT p.personal_id::text FROM consent_matter m JOIN consent_scope s USING (scope_no)
    JOIN person p USING (person_no) WHERE m.receipt_id = NEW.receipt_id AND m.kind <> ${MatterKind.LIFTING}));
  RETURN NULL;
END $$;
CREATE TRIGGER tell_acknowledged AFTER INSERT ON consent_acknowledgement FOR EACH ROW EXECUTE FUNCTION tell_acknowledged()`;

/** @param told gets the personal ID */
export async function listenToAcknowledgements(
  { url, pool }: { readonly url: string; readonly pool: Pool },
  told: (personalId: string) => void,
): Promise<{ stop(): Promise<void> }> {
  await pool.query(TELL);
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  client.on('notification', ({ payload = '' }) => {
    if (payload !== '') told(payload);
  });
  await client.connect();
  await client.query(`LISTEN ${CHANNEL}`);
  return { stop: () => client.end() };
}
