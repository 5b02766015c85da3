/** The stages of the pipeline, in their order. */
export const STAGES = ['authenticate', 'verify', 'decide', 'consent', 'fetch', 'filter', 'record', 'sign'] as const;
export type Stage = (typeof STAGES)[number];
