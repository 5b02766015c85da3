import { hash } from 'node:crypto';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { Peer } from '../exchange/ports.ts';

/** The narrow part of a grpc-js call that tells who is at the other end. */
interface AuthenticatedCall {
  getAuthContext(): { sslPeerCertificate?: PeerCertificate };
}

export interface Peers {
  /** Reads a connection's certificate, once, after its handshake; undefined where it shows none. */
  remember(socket: TLSSocket): Peer | undefined;
  /** The other end of a call; undefined where its connection was never remembered. */
  of(call: AuthenticatedCall): Peer | undefined;
  /** True for a session's socket that was remembered here. */
  knows(socket: TLSSocket): boolean;
}

/**
 * Knows the client certificate of each connection. grpc-js asks the socket for the certificate in every call and Node decodes
 * it each time (25 µs); in TLS 1.3 it cannot change, so the socket is made to answer with what it said first, and that object's
 * identity is the key to the peer.
 */
export function createPeers(): Peers {
  const peers = new WeakMap<PeerCertificate, Peer>();
  return {
    remember(socket) {
      const certificate = socket.getPeerCertificate();
      if (certificate.raw === undefined) return undefined;
      const notAfter = Math.floor(Date.parse(certificate.valid_to) / 1000);
      // A date that cannot be read counts as long past.
      const peer = { fingerprint: hash('sha256', certificate.raw, 'hex'), notAfter: notAfter || 0 };
      peers.set(certificate, peer);
      Object.defineProperty(socket, 'getPeerCertificate', { value: () => certificate });
      return peer;
    },
    of(call) {
      const certificate = call.getAuthContext().sslPeerCertificate;
      return certificate === undefined ? undefined : peers.get(certificate);
    },
    knows(socket) {
      return peers.has(socket.getPeerCertificate());
    },
  };
}
