"""Heads and their cosignatures, inclusion, consistency, a person's own proof. Written from
gateway/docs/design/log-and-receipts.md and witnesses.md alone.
"""
import base64, hashlib, json, re
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

LOG, PERSON, ROW = 1, 3, 5  # first byte of an inner node; a leaf's is one less

class Fault(Exception):
    """Something does not hold; its text says what."""

def need(holds, what):
    if not holds:
        raise Fault(what)

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def plain64(text, length=None):
    """Canonical base64 with padding."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Fault("FORMAT") from None
    need(base64.b64encode(data).decode() == text and length in (None, len(data)), "FORMAT")
    return data

def url64(text, length=None):
    """Canonical base64url without padding."""
    need(isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]*", text), "FORMAT")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text and length in (None, len(data)), "FORMAT")
    return data

# --- trees -----------------------------------------------------------------------------------------------------------

def tree_root(leaves, tag):
    if not leaves:
        return sha256(b"")
    level = list(leaves)
    while len(level) > 1:
        pairs = [sha256(bytes([tag]), level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) & ~1:]
    return level[0]

def root_of(leaf, index, size, path, tag):
    """The root that a path leads to (RFC 9162, 2.1.3.2)."""
    need(0 <= index < size and all(len(one) == 32 for one in path), "path")
    at, last, root = index, size - 1, leaf
    for sibling in path:
        need(last > 0, "path")
        if at & 1 or at == last:
            root = sha256(bytes([tag]), sibling, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = sha256(bytes([tag]), root, sibling)
        at, last = at >> 1, last >> 1
    need(last == 0, "path")
    return root

def check_consistency(first, first_root, second, second_root, path, tag=LOG):
    """RFC 9162, 2.1.4.2. A first size of 0 is refused: everything continues nothing."""
    need(0 < first <= second and all(len(one) == 32 for one in path), "CONSISTENCY")
    if first == second:
        return need(not path and first_root == second_root, "CONSISTENCY")
    need(path, "CONSISTENCY")
    steps = ([first_root] if first & (first - 1) == 0 else []) + list(path)
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        need(last > 0, "CONSISTENCY")
        if at & 1 or at == last:
            old, new = sha256(bytes([tag]), step, old), sha256(bytes([tag]), step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = sha256(bytes([tag]), new, step)
        at, last = at >> 1, last >> 1
    need(last == 0 and old == first_root and new == second_root, "CONSISTENCY")

# --- keys and heads --------------------------------------------------------------------------------------------------

def spki(key):
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

def key_of_jwk(jwk):
    need(jwk.get("kty") == "EC" and jwk.get("crv") == "P-256", "key")
    x, y = (int.from_bytes(url64(jwk[name], 32), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()

def thumbprint(jwk):
    return hashlib.sha256(json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":")).encode())

def verifies(key, der, message):
    try:
        key.verify(der, message, ec.ECDSA(hashes.SHA256()))
        return True
    except InvalidSignature:
        return False

def verifies_raw(key, raw, message):
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    return len(raw) == 64 and verifies(key, utils.encode_dss_signature(r, s), message)

def read_witnesses(path):
    listed = json.loads(Path(path).read_text("utf-8"))["witnesses"]
    return [(one["name"], key_of_jwk(one["key"])) for one in listed]

def read_head(note, origin, log_keys, witnesses=()):
    """(size, root, {witness: time}) of a note that a key of the log signed."""
    lines = note.split("\n")
    need(lines[-1] == "" and 6 <= len(lines) <= 69 and lines[3] == "" and lines[0] == origin, "HEAD")
    need(re.fullmatch(r"0|[1-9][0-9]{0,15}", lines[1]), "HEAD")
    text, root = "".join(f"{line}\n" for line in lines[:3]), plain64(lines[2], 32)
    signatures = []
    for line in lines[4:-1]:
        dash, name, encoded = (line.split(" ") + ["", ""])[:3]
        need(dash == "\u2014" and line.count(" ") == 2 and name, "HEAD")
        data = plain64(encoded)
        need(len(data) >= 5, "HEAD")
        signatures.append((name, data[:4], data[4:]))
    signed = False
    for key in log_keys:
        for name, key_id, signature in signatures:
            if (name, key_id) == (origin, sha256(spki(key))[:4]):
                need(verifies(key, signature, text.encode()), "HEAD")  # a known key's line that fails refuses the note
                signed = True
    need(signed, "HEAD")
    cosigned = {}
    for witness, key in witnesses:
        own = sha256(witness.encode(), b"\n\xff", b"lienthong.dev/cosignature-p256/v1", spki(key))[:4]
        for name, key_id, signature in signatures:
            if (name, key_id) == (witness, own):
                time = int.from_bytes(signature[:8], "big")
                message = f"cosignature/v1\ntime {time}\n{text}".encode()
                need(len(signature) == 72 and verifies_raw(key, signature[8:], message), "COSIGNATURE")
                cosigned[spki(key)] = {"name": witness, "time": time}
    return int(lines[1]), root, list(cosigned.values())

def demand(cosigners, needed):
    need(len(cosigners) >= needed, f"WITNESSES {len(cosigners)} of {needed}")
    return cosigners

# --- a person's own proof ---------------------------------------------------------------------------------------------

def fields(message):
    """Varints and bytes of a protobuf message by field number."""
    found, at = {}, 0
    def varint():
        nonlocal at
        value = shift = 0
        while True:
            need(at < len(message) and shift < 70, "FORMAT")
            byte, at = message[at], at + 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
    while at < len(message):
        tag = varint()
        if tag & 7 == 0:
            value = varint()
        else:
            need(tag & 7 in (1, 2, 5), "FORMAT")
            length = {1: 8, 5: 4}.get(tag & 7) or varint()
            need(at + length <= len(message), "FORMAT")
            value, at = message[at:at + length], at + length
        found.setdefault(tag >> 3, []).append(value)
    return found

def one(found, number, kind=bytes):
    value = found.get(number, [kind()])[-1]
    need(isinstance(value, kind), "FORMAT")
    return value

def body_of(body):
    """Outcome, basis, delay and the four lists of field ids of a person leaf."""
    need(len(body) >= 10, "FORMAT")
    lists, at = [], 6
    for _ in range(4):
        need(at < len(body), "FORMAT")
        bits, at = body[at + 1:at + 1 + body[at]], at + 1 + body[at]
        lists.append([i for i in range(8 * len(bits)) if bits[i >> 3] >> (i & 7) & 1])
    need(at == len(body), "FORMAT")
    names = ("released", "matched", "mismatched", "not_available")
    return {"outcome": body[0], "basis": body[1], "delay_until": int.from_bytes(body[2:6], "big"), **dict(zip(names, lists))}

def check_access(proof, origin, log_keys, witnesses=(), needed=0):
    outer = fields(proof)
    entry_bytes, salt = one(outer, 1), one(outer, 2)
    index, size = one(outer, 3, int), one(outer, 4, int)
    need(len(salt) == 16 and outer.get(7), "FORMAT")
    head_size, head_root, cosigners = read_head(one(outer, 6).decode(), origin, log_keys, witnesses)
    need(head_size == size, "HEAD")
    demand(cosigners, needed)
    try:
        need(root_of(sha256(b"\0", salt, entry_bytes), index, size, outer.get(5, []), LOG) == head_root, "ENTRY")
    except Fault:
        raise Fault("ENTRY") from None
    entry, uses = fields(entry_bytes), []
    for leaf in map(fields, outer[7]):
        place, leaf_salt, body = one(leaf, 1, int), one(leaf, 2), one(leaf, 3)
        need(len(leaf_salt) == 16 and (not uses or place > uses[-1]["leaf"]), "PERSON")
        try:
            top = root_of(sha256(b"\2", leaf_salt, body), place, one(entry, 18, int), leaf.get(4, []), PERSON)
        except Fault:
            top = None
        need(top == one(entry, 19), "PERSON")
        uses.append({"leaf": place, **body_of(body)})
    context = fields(one(entry, 6))
    return {"entry_id": one(entry, 1).hex(), "index": index, "size": size, "agency": one(entry, 4).decode(),
            "purpose": one(context, 2).decode(), "people": one(entry, 18, int), "uses": uses, "witnesses": cosigners}
