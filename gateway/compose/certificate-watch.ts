import { daysLeft } from '../operation/expiries.ts';
import { WARNING_DAYS } from '../operation/judge-status.ts';
import { validToOf } from '../operation/valid-to.ts';
import type { Log } from '../telemetry/log.ts';

/** The last days: whoever overlooked the line of a month before is told again. */
const LAST_DAYS = 7;

/**
 * Tells the log when what the gateway shows to clients, or trusts them by, comes to its end: 30 days before, 7 days before, and when
 * it has ended. A certificate that has ended is served all the same, and every client refuses it with nothing to be seen here.
 *
 * @returns to be run now and then; each step is told once
 */
export function createCertificateWatch({
  own,
  nowSeconds,
  log,
}: {
  /** PEM; of a chain the first to end counts. */
  readonly own: { readonly ca: Buffer; readonly certificate: Buffer };
  readonly nowSeconds: () => number;
  readonly log: Pick<Log, 'warn' | 'error'>;
}): () => void {
  const watched = [
    { problem: 'ca_certificate', until: validToOf(own.ca) },
    { problem: 'server_certificate', until: validToOf(own.certificate) },
  ].map((one) => ({ ...one, told: Number.POSITIVE_INFINITY }));
  return () => {
    const now = nowSeconds();
    for (const one of watched) {
      const step =
        [0, LAST_DAYS, WARNING_DAYS].find((days) => daysLeft(one.until, now) < days) ?? Number.POSITIVE_INFINITY;
      if (step >= one.told) continue;
      one.told = step;
      const { problem } = one;
      if (step === 0) log.error({ problem }, 'a certificate of the gateway has ended: clients refuse it');
      else log.warn({ problem, count: daysLeft(one.until, now) }, 'a certificate of the gateway ends in so many days');
    }
  };
}
