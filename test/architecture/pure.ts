/**
 * Pure folders: no files, sockets, clock or database, importable by everybody, importing only each other, the contract and what
 * stands beside them here.
 */
export const FOREIGN_OF_PURE: Readonly<Record<string, readonly string[]>> = {
  'gateway/signing': ['node:crypto', 'node:buffer', 'node:util', 'node-jose'],
  'gateway/matching': [],
  'gateway/proof': ['node:crypto', '@bufbuild/protobuf'],
  'gateway/errors': ['@bufbuild/protobuf', '@bufbuild/protobuf/wkt'],
  'gateway/fields': ['@bufbuild/protobuf', '@bufbuild/protobuf/reflect'],
  'gateway/sealing': ['node:crypto'],
  'gateway/faults': ['node:diagnostics_channel'],
  'gateway/contract': ['@bufbuild/protobuf', '@bufbuild/protobuf/wkt'],
};

export const PURE: readonly string[] = Object.keys(FOREIGN_OF_PURE);

/** Files in pure folders that are not, by what they load. */
export const NOT_PURE: Readonly<Record<string, readonly string[]>> = {
  // Reads and writes key files.
  'gateway/signing/key-file.ts': ['node:fs/promises'],
  // A program of developers, which writes a file beside itself.
  'gateway/proof/sha256-lanes.generate.ts': ['node:fs', 'node:process', 'node:url', 'wabt'],
};

/** Files in pure folders that reach for what no import tells of. */
export const REACHING: readonly string[] = [
  // The time at which an id of the log is drawn, where its caller gives none.
  'gateway/sealing/entry-id.ts',
];
