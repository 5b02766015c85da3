/** The session's key: made here, kept by the browser, never to be copied out. */

const DATABASE = 'lienthong';
const STORE = 'keys';
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export interface PublicJwk {
  readonly crv: string;
  readonly kty: string;
  readonly x: string;
  readonly y: string;
}

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** A new pair. The private half is kept under its thumbprint (RFC 7638), all that was kept before is forgotten unless `beside`. */
export async function makeKey({ beside }: { readonly beside: boolean }): Promise<PublicJwk> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey);
  const jwk: PublicJwk = { crv: 'P-256', kty: 'EC', x, y };
  const kid = base64url(await sha256(new TextEncoder().encode(JSON.stringify(jwk))));
  const store = await open('readwrite');
  if (!beside) store.clear();
  await done(store.put(privateKey, kid));
  return jwk;
}

/** Undefined where this browser does not have the key (any more). */
export async function findKey(kid: string): Promise<CryptoKey | undefined> {
  const store = await open('readonly');
  return (await done(store.get(kid))) as CryptoKey | undefined;
}

export async function forgetKeys(): Promise<void> {
  const store = await open('readwrite');
  await done(store.clear());
}

/** ES256 over the text, as in a compact JWS. */
export async function sign(key: CryptoKey, input: string): Promise<string> {
  const bytes = new TextEncoder().encode(input);
  return base64url(new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes)));
}

async function open(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
  const database = await done(request);
  const transaction = database.transaction(STORE, mode);
  transaction.oncomplete = () => database.close();
  return transaction.objectStore(STORE);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
