/** What a gateway says of itself to whoever asks whether it serves: its state, for a scrape and for gRPC's health alike. */
import { repeat } from '../audit/repeat.ts';
import type { LogTrouble } from '../exchange/log-port.ts';
import type { Log } from '../telemetry/log.ts';
import type { GATEWAY_STATES } from '../telemetry/standing-metrics.ts';

export type GatewayState = (typeof GATEWAY_STATES)[number];

const EVERY_MS = 1_000;

export interface StateParts {
  readonly watch: { readonly trouble: () => LogTrouble | undefined };
  readonly draining: () => boolean;
}

export function gatewayState({ watch, draining }: StateParts): GatewayState {
  const trouble = watch.trouble();
  if (trouble !== undefined && trouble !== 'unconfirmed') return trouble === 'fenced' ? 'fenced' : 'broken';
  if (draining()) return 'draining';
  return trouble === 'unconfirmed' ? 'cut_off' : 'serving';
}

export interface HealthOptions {
  readonly state: () => GatewayState;
  /** What health says from now on; before, it says that it serves. */
  readonly tell: (serving: boolean) => void;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Default 1,000. */
  readonly everyMs?: number;
}

/** Looks at once and every second. A drain tells of itself, and is nothing to warn of: to be stopped before one. */
export function tellHealth({ state, tell, log, everyMs = EVERY_MS }: HealthOptions): { stop(): void } {
  let told: GatewayState = 'serving';
  async function look(): Promise<void> {
    const now = state();
    if (now === told) return;
    const serves = now === 'serving';
    tell(serves);
    if (serves) log.info({ state: now }, 'health says SERVING again');
    else log.warn({ state: now }, 'health says NOT_SERVING');
    told = now;
  }
  void look();
  return repeat(everyMs, look, () => undefined);
}
