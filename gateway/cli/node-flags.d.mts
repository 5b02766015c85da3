/** Flags of V8 for a gateway process. */
export const GATEWAY_FLAGS: readonly string[];
/** Flags of V8 for a connector's command. */
export const CONNECTOR_FLAGS: readonly string[];
/** Settings of the system's allocator for both, to start them with. */
export const MEMORY_ENV: Readonly<Record<string, string>>;
