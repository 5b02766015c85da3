/**
 * Flags of V8 for the programs that run long: bounded memory is worth a few per cent of CPU here.
 *
 * With V8's own settings a stream of chunks lets the young generation grow to 96 MB and the old one to several times what is
 * alive (some 35 MB): a gateway at 800,000 rows stood at 355 MB against 240 MB at 100,000, a connector at 274 against 180. With
 * these they stand at 194 against 184 and 172 against 154. The heap's limit stays V8's: nothing fails that did not fail before.
 */
export const GATEWAY_FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=100'];

/** A connector keeps less alive than a gateway, and its file may be of any length. */
export const CONNECTOR_FLAGS = ['--max-semi-space-size=2', '--heap-growing-percent=50'];
