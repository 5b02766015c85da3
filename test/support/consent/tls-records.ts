/** What the bytes of a TLS 1.3 connection say without being opened: where each record ends, and how many bytes are in it. */

const HEADER_BYTES = 5;
const APPLICATION_DATA = 23;
/** Of every protected record: its true type, and the tag. */
const OVERHEAD = 17;

export interface TlsRecord {
  /** Bytes of the connection up to and with the record's last. */
  readonly end: number;
  /** Bytes in it, once opened. */
  readonly plain: number;
}

/** Reads records as their bytes come, in pieces of any size. Only protected ones are kept. */
export function createRecordReader() {
  const records: TlsRecord[] = [];
  const header = Buffer.alloc(HEADER_BYTES);
  let offset = 0;
  let headed = 0;
  let missing = 0;
  return {
    records: records as readonly TlsRecord[],
    push(bytes: Uint8Array): void {
      for (let at = 0; at < bytes.length; ) {
        if (missing > 0) {
          const taken = Math.min(missing, bytes.length - at);
          missing -= taken;
          at += taken;
          offset += taken;
        } else {
          header[headed++] = bytes[at++] as number;
          offset += 1;
          if (headed < HEADER_BYTES) continue;
          headed = 0;
          missing = header.readUInt16BE(3);
          if (header[0] !== APPLICATION_DATA) continue;
          records.push({ end: offset + missing, plain: missing - OVERHEAD });
        }
      }
    },
  };
}

/**
 * Which of these records carried what was read from the connection: those of the handshake come first and cannot be told from them by
 * their heads. `pieces` are the lengths in which it was read, of which none spans a part of a record.
 *
 * @returns for each record that carried something, the bytes of plaintext up to its end
 */
export function alignRecords(records: readonly TlsRecord[], pieces: readonly number[]): (TlsRecord & { to: number })[] {
  for (let first = 0; first <= records.length; first++) {
    const found: (TlsRecord & { to: number })[] = [];
    let to = 0;
    let read = 0;
    let next = first;
    const fits = pieces.every((piece) => {
      read += piece;
      for (; to < read; next++) {
        const record = records[next];
        if (record === undefined) return false;
        to += record.plain;
        found.push({ ...record, to });
      }
      return to === read;
    });
    if (fits) return found;
  }
  throw new Error('the records of a connection do not add up to what was read from it');
}
