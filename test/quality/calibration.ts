/** Whether a score means what it says: of the answers in a band of scores, how many speak of the right person. */
import type { Row } from './generate/row.ts';
import type { OurAnswer } from './matchers/ours.ts';

export interface Band {
  /** Lowest score of the band, 0 to 95. */
  readonly from: number;
  rows: number;
  right: number;
}

const WIDTH = 5;

export interface Calibration {
  readonly bands: readonly Band[];
  /** Answers without a score: nobody, or several people, were compared. */
  unscored: number;
}

export function createCalibration(): Calibration {
  return {
    bands: Array.from({ length: 100 / WIDTH }, (_, at) => ({ from: at * WIDTH, rows: 0, right: 0 })),
    unscored: 0,
  };
}

/** Right: the number's holder who was compared is the row's person. Rows of numbers that nobody has never are. */
export function observe(calibration: Calibration, row: Row, { score, person }: OurAnswer): void {
  const band = score === undefined ? undefined : calibration.bands[Math.floor(score / WIDTH)];
  if (band === undefined) {
    calibration.unscored++;
    return;
  }
  band.rows++;
  if (row.kind === 'same' && person === row.subject) band.right++;
}
