/** Every metric of the gateway's own. */
import { STANDING_METRICS } from './standing-metrics.ts';
import { WORK_METRICS } from './work-metrics.ts';

export const METRICS = { ...WORK_METRICS, ...STANDING_METRICS };
export type MetricName = keyof typeof METRICS;
