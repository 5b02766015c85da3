/** The agency in whose name officers of the register call; a profile of it is an officer's. */
export const OFFICERS_AGENCY = 'operator';
