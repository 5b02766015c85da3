/** The narrow part of WebAssembly that this folder uses; Node's own types do not declare it. */

/** A compiled module: opaque here, handed from {@link compileModule} to the engine, and safe to share between threads. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: 'WebAssembly.Module';
}

interface WasmApi {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
}

const api = (globalThis as unknown as { readonly WebAssembly: WasmApi }).WebAssembly;

/** @throws CompileError where the bytes are no WASM. */
export function compileModule(bytes: Uint8Array<ArrayBuffer>): WasmModule {
  return new api.Module(bytes);
}

export function isWasmModule(value: unknown): value is WasmModule {
  return value instanceof api.Module;
}
