/** Class of the advisory locks of what is being acknowledged. Two receipts that begin alike wait for each other's next look. */
export const ACKNOWLEDGING = 4_919_002;

/** For a transaction: nobody acknowledges this receipt meanwhile. */
export const lockAcknowledging = (receiptId: Buffer) => ({
  text: `SELECT pg_advisory_xact_lock(${ACKNOWLEDGING}, $1)`,
  values: [receiptId.readInt32BE()],
});
