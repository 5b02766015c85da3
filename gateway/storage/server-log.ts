/** What the database server writes into its own log, where nobody expects personal data. */
import type { Database } from './pool.ts';

/** Levels of `log_min_messages` above errors: nothing of a statement that failed is written. */
const ABOVE_ERRORS = ['log', 'fatal', 'panic'];

/**
 * Settings by which values of statements come into the server's log. Of a failed one its sentence quotes what it stumbled on, its DETAIL
 * the key that was there already, its CONTEXT the line of a COPY; of statements that are logged for their sake or their duration the
 * parameters are written where `log_parameter_max_length` lets them. Embedded servers are set otherwise (`server-settings.ts`).
 */
export async function quotingSettings(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `WITH s AS (SELECT name, setting, max(setting) FILTER (WHERE name = 'log_parameter_max_length') OVER () <> '0' AS parameters
                FROM pg_settings WHERE name LIKE 'log\\_%')
     SELECT name FROM s WHERE
          (name = 'log_min_messages' AND NOT setting = ANY ($1))
       OR (name = 'log_parameter_max_length_on_error' AND setting <> '0')
       OR (parameters AND ((name = 'log_statement' AND setting <> 'none')
         OR (name IN ('log_min_duration_statement', 'log_min_duration_sample') AND setting <> '-1')
         OR (name = 'log_transaction_sample_rate' AND setting::float8 > 0)))
     ORDER BY name`,
    [ABOVE_ERRORS],
  );
  return rows.map(({ name }) => name);
}
