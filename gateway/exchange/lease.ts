/** A gateway's lease on the log, by which others know that it lives. It is renewed every second and runs this long. */
export const LEASE_SECONDS = 10;
/** Whoever lives has moved the end of its lease within this, though the database's clock was set meanwhile. */
export const RENEWED_MS = 2_500;
