/** What a client must know before it can sign: who the gateway is, and its keys. */
import {
  GetKeySetRequestSchema,
  GetKeySetResponseSchema,
  GetServerInfoRequestSchema,
  GetServerInfoResponseSchema,
} from '../../proto/gen/lienthong/server/v1/server_pb.js';
import type { OpenMethod } from '../exchange/open-exchange.ts';
import { decodeRequest, encodeMessage } from '../exchange/request.ts';

const SERVICE = '/lienthong.server.v1.ServerService';

/** The facts of a deployment that do not change while it runs. */
export interface ServerFacts {
  readonly deployment: string;
  readonly version: string;
  readonly vocabularyVersion: number;
  readonly profileVersion: string;
  readonly logId: string;
  readonly logOrigin: string;
  readonly development: boolean;
  readonly maxChunkRows: number;
  readonly maxChunksInFlight: number;
}

export interface ServerDeps {
  readonly facts: ServerFacts;
  readonly policyRevision: () => string;
  readonly nowSeconds: () => number;
  readonly keySet: () => { readonly payload: Uint8Array; readonly jws: string };
}

export function createServerMethods({ facts, policyRevision, nowSeconds, keySet }: ServerDeps): readonly OpenMethod[] {
  return [
    {
      path: `${SERVICE}/GetServerInfo`,
      answer(caller, message) {
        decodeRequest(GetServerInfoRequestSchema, message);
        return encodeMessage(GetServerInfoResponseSchema, {
          ...facts,
          serverTime: BigInt(Math.floor(nowSeconds())),
          policyRevision: policyRevision(),
          agency: caller.agency,
        });
      },
    },
    {
      path: `${SERVICE}/GetKeySet`,
      answer(_caller, message) {
        decodeRequest(GetKeySetRequestSchema, message);
        return encodeMessage(GetKeySetResponseSchema, keySet());
      },
    },
  ];
}
