/** Flags of V8 for every program of this project that may run long. */
export const NODE_FLAGS: readonly string[];
