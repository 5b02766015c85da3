/** Flags of V8 for a gateway process. */
export const GATEWAY_FLAGS: readonly string[];
/** Flags of V8 for a connector's command. */
export const CONNECTOR_FLAGS: readonly string[];
