/** So many a second, and several seconds' worth at once after a pause. */
export interface Bucket {
  left: number;
  at: number;
}

/** Takes one out of a bucket that is refilled by the clock; false where none is left. */
export function takeFrom(bucket: Bucket, perSecond: number, most: number, nowMs: number): boolean {
  bucket.left = Math.min(most, bucket.left + ((nowMs - bucket.at) / 1000) * perSecond);
  bucket.at = nowMs;
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}
