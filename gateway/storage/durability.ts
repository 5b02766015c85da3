/** What is committed is on the disk before it is relied on, whatever the operator's server is set to. */
import type { Database } from './pool.ts';

/** Of a connection's start: it prevails over what the server, the database or the login is set to. */
const COMMITS_ON_DISK = '-c synchronous_commit=on';

/**
 * How to connect to `url` so that a commit is answered when it is on the disk. Options that the URL has stay. What only the server
 * can be set to is not asked for here: `unsafeSettings`.
 */
export function committingToDisk(url: string): { readonly connectionString: string; readonly options?: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const given = parsed?.searchParams.get('options') ?? '';
  if (parsed === undefined || given === '') return { connectionString: url, options: COMMITS_ON_DISK };
  // Options of a URL would prevail over others.
  parsed.searchParams.set('options', `${given} ${COMMITS_ON_DISK}`);
  return { connectionString: parsed.toString() };
}

/** Settings of the server by which a crash of its machine may lose or tear what was committed; no connection can change them. */
export async function unsafeSettings(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting <> 'on' ORDER BY name",
  );
  return rows.map(({ name }) => name);
}
