import { askedPathOf } from './asked-file.ts';
import { partOf } from './part-file.ts';
import { receiptPathOf } from './receipt-file.ts';

/** Results and what stands beside them. */
export function resultFiles(results: string, receipt: string = receiptPathOf(results)): readonly string[] {
  return [results, receipt, askedPathOf(results)];
}

/** All that a run writes with this output, on its way too. */
export function runFiles(out: string): readonly string[] {
  const whole = resultFiles(out);
  const rest = ['.job.json', '.lock', '.new.part', '.carried.part'].map((end) => `${out}${end}`);
  return [...whole, ...whole.map(partOf), ...rest];
}
