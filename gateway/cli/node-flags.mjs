/**
 * Flags of V8 for the programs that run long: bounded memory is worth a few per cent of CPU here.
 *
 * With V8's own settings a stream of chunks lets the young generation grow to 96 MB and the old one to several times what is
 * alive (some 35 MB): a gateway at 800,000 rows stood at 355 MB against 240 MB at 100,000, a connector at 274 against 180. With
 * these and the allocator's settings below they stand at 225 against 213 and 154 against 143 at 2,000,000. The heap's limit stays V8's: nothing fails that did not fail before.
 * One thread scavenges: beside each other on a machine of two cores, gateway, connector and database gain nothing from helpers that
 * wait for one another (13.5 → 12.3 µs of CPU a row in the gateway, 12.3 → 11.0 in the connector).
 */
export const GATEWAY_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=100', '--no-parallel-scavenge'];

/**
 * A connector leaves hardly any garbage but the buffers of chunks, and a young generation that fills slowly holds on to them: at
 * 2,000,000 rows it stood at 1.22 × its peak at 100,000 with 8 MB, with 4 MB and an old generation kept tighter at 1.08 ×.
 */
export const CONNECTOR_FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=50', '--no-parallel-scavenge'];

/**
 * Settings of glibc's allocator for both, in the environment; other systems do not look at them. Chunks come and go as buffers of
 * some hundred kilobytes. Left alone, the allocator learns to keep these in its heaps, of which each thread gets its own, and holes
 * add up: 25 bytes a row in a gateway, 13 in a connector, for as long as the file is. So they go back to the system at once.
 */
export const MEMORY_ENV = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536' };
