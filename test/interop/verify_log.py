"""Verifies what the log proves, offline: heads and their cosignatures, inclusion, consistency, a person's own proof, a
receipt. Written from gateway/docs/design/log-and-receipts.md, witnesses.md and signatures.md alone; of the rest of the
project it uses the contract's descriptors, for the codes of verdicts and reasons.

    verify_log.py vectors FILE                                    public RFC 6962 vectors
    verify_log.py head NOTE LOG_KEYS... [--after NOTE PATH]       a head, and that it continues an earlier one
    verify_log.py access PROOF LOG_KEYS...                        a person's own proof
    verify_log.py receipt RESULTS PROFILE                         results.csv against its receipt
        --origin O     the log's origin (head, access)
        --witnesses F  witnesses.json; --needed N of them must have cosigned (a receipt: by RESULTS.witnessed)

LOG_KEYS are PEM files of the log's public keys. Says what it found as JSON and ends with 0; where something does not hold it
names that on standard error and ends with 1.
"""
import argparse, base64, csv, hmac, json, re, sys
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from log_proofs import (LOG, ROW, Fault, check_access, check_consistency, demand, key_of_jwk, need, plain64, read_head,
                        read_witnesses, root_of, sha256, thumbprint, tree_root, url64, verifies_raw)

# --- a receipt ---------------------------------------------------------------------------------------------------------

RESULT_NAMES = ["", "TRUE", "FALSE", "NOT_AVAILABLE"]
NOTICES = ["DECEASED", "ID_SUPERSEDED", "MISSING", "UNDER_INVESTIGATION"]

def names_of(descriptors):
    """Codes of verdicts and reasons, from the contract."""
    from google.protobuf import descriptor_pb2
    enums = {}
    for file in descriptor_pb2.FileDescriptorSet.FromString(descriptors).file:
        if file.package == "lienthong.verification.v1":
            for enum in file.enum_type:
                enums[enum.name] = {value.name: value.number for value in enum.value}
    strip = lambda name: {value.removeprefix(f"{name.upper()}_"): code for value, code in enums[name].items() if code > 0}
    return strip("Verdict"), strip("Reason")

def open_token(token, key, typ):
    header, payload, signature = token.split(".")
    need(verifies_raw(key, url64(signature, 64), f"{header}.{payload}".encode()), typ)
    need(json.loads(url64(header)).get("typ") == typ and json.loads(url64(header)).get("alg") == "ES256", typ)
    return json.loads(url64(payload))

def codes(cell, table, what):
    """Codes of a list in a cell, which must stand in ascending order."""
    found = [table.get(name) for name in cell.split("|")] if cell else []
    need(None not in found and found == sorted(set(found)), what)
    return found

def result_bytes(row, verdicts, reasons):
    need(row["verdict"] in verdicts, "verdict")
    results = [row[name] for name in ("id_result", "name_result", "dob_result")]
    need(all(name in RESULT_NAMES for name in results), "result")
    packed = sum(RESULT_NAMES.index(name) << 2 * i for i, name in enumerate(results))
    scores = []
    for cell in (row["name_score"], row["score"]):
        need(re.fullmatch(r"|0|[1-9][0-9]?", cell), "score")
        scores.append(int(cell) if cell else 255)
    bits = sum(1 << code for code in codes(row["reasons"], reasons, "reasons"))
    notices = sum(1 << bit for bit in codes(row["notices"], {name: i for i, name in enumerate(NOTICES)}, "notices"))
    need(re.fullmatch(r"|[0-9]{12}", row["current_id"]), "current_id")
    head = bytes([verdicts[row["verdict"]], packed, notices, *scores])
    return head + bits.to_bytes(12, "little") + int(row["current_id"] or 0).to_bytes(5, "little")

def as_read(cell):
    """Takes the formula guard off."""
    bare = cell.lstrip("'")
    guarded = cell.startswith("'") and re.match(r"[=+\-@\t\r]", bare)
    if not guarded or re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?|\+\d[\d .]{4,18}\d", bare, re.ASCII):
        return cell
    return cell[1:]

def row_ref(job_key, line, row_id, msisdn):
    escaped = [re.sub("([\x1b\x1f])", "\x1b\\1", text) for text in (row_id, msisdn)]
    return hmac.digest(job_key, "\x1f".join([line, *escaped]).encode(), "sha256")[:16]

def check_receipt(results, root_jwk, origin, descriptors, witnesses=(), needed=0):
    receipt = json.loads(Path(f"{results}.receipt").read_text("utf-8"))
    need(receipt["format"] == "lienthong-receipt/1" and "carried" not in receipt, "FORMAT")
    # root → key set → token
    payload = url64(receipt["key_set_payload"])
    keys_token = open_token(receipt["key_set"], key_of_jwk(root_jwk), "lt-keys+jws")
    need(url64(keys_token["dig"]) == sha256(payload), "KEY_SET")
    usable = [jwk for jwk in json.loads(payload)["keys"] if jwk["state"] != "compromised"]
    kid = json.loads(url64(receipt["token"].split(".")[0]))["kid"]
    signer = [jwk for jwk in usable if base64.urlsafe_b64encode(thumbprint(jwk).digest()).rstrip(b"=").decode() == kid]
    need(signer, "TOKEN")
    claims = open_token(receipt["token"], key_of_jwk(signer[0]), "lt-receipt+jws")
    need(claims["iss"] == "gateway" and claims["job"] == receipt["job_id"] and claims["opn"] == receipt["opening"], "TOKEN")
    need(claims["head"] == receipt["log_head"] and url64(claims["dig"]) == sha256(receipt["log_head"].encode()), "TOKEN")
    log_keys = [key_of_jwk(jwk) for jwk in usable]
    size, root, _ = read_head(receipt["log_head"], origin, log_keys)
    # rows → leaves → chunk roots → row root
    verdicts, reasons = names_of(descriptors)
    job_key, roots, totals = url64(receipt["job_key"], 32), [], {}
    with open(results, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, strict=True)
        for chunk in receipt["chunks"]:
            stream = Cipher(algorithms.AES(url64(chunk["seed"], 32)), modes.CTR(bytes(16))).encryptor()
            salts, leaves = stream.update(bytes(16 * chunk["rows"])), []
            for i in range(chunk["rows"]):
                row = next(rows, None)
                need(row is not None, "ROWS_MISSING")
                need(str(int(row["line"])) == row["line"], f"line {row['line']}")
                ref = row_ref(job_key, row["line"], as_read(row["row_id"]), as_read(row["msisdn"]))
                leaves.append(sha256(b"\4", salts[16 * i:16 * i + 16], ref, result_bytes(row, verdicts, reasons)))
                totals[row["verdict"]] = totals.get(row["verdict"], 0) + 1
            need(tree_root(leaves, ROW) == url64(chunk["root"], 32), f"ROWS of chunk {chunk['num']}")
            roots.append(url64(chunk["root"], 32))
        need(next(rows, None) is None, "ROW_ADDED")
    need(tree_root(roots, ROW) == url64(claims["root"], 32) and claims["rows"] == sum(totals.values()), "ROW_ROOT")
    need({name: count for name, count in claims["totals"].items() if count} == totals, "TOTALS")
    cosigners = []
    if needed:
        later = json.loads(Path(f"{results}.witnessed").read_text("utf-8"))
        need(later["format"] == "lienthong-witnessed/1", "FORMAT")
        later_size, later_root, cosigners = read_head(later["checkpoint"], origin, log_keys, witnesses)
        check_consistency(size, root, later_size, later_root, [plain64(text, 32) for text in later["path"]])
        demand(cosigners, needed)
    return {"rows": claims["rows"], "job": claims["job"], "audience": claims["aud"], "size": size, "witnesses": cosigners}

# --- public vectors, command line --------------------------------------------------------------------------------------

def check_vectors(path):
    vectors = json.loads(Path(path).read_text("utf-8"))
    unhex = bytes.fromhex
    leaves = [sha256(b"\0", unhex(text)) for text in vectors["inputs"]]
    roots = [unhex(text) for text in vectors["roots"]]
    for size, root in enumerate(roots):
        need(tree_root(leaves[:size], LOG) == root, f"root of {size}")
    for one_of in vectors["inclusion"]:
        path = [unhex(text) for text in one_of["path"]]
        need(root_of(leaves[one_of["index"]], one_of["index"], one_of["size"], path, LOG) == roots[one_of["size"]], "inclusion")
    for one_of in vectors["consistency"]:
        first, second = one_of["first"], one_of["second"]
        check_consistency(first, roots[first], second, roots[second], [unhex(text) for text in one_of["path"]])
    return {"roots": len(roots), "inclusion": len(vectors["inclusion"]), "consistency": len(vectors["consistency"])}

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["vectors", "head", "access", "receipt"])
    parser.add_argument("file")
    parser.add_argument("trust", nargs="*")
    parser.add_argument("--origin", default="")
    parser.add_argument("--witnesses")
    parser.add_argument("--needed", type=int, default=0)
    parser.add_argument("--after", nargs=2)
    asked = parser.parse_args()
    witnesses = read_witnesses(asked.witnesses) if asked.witnesses else []
    if asked.what == "vectors":
        return check_vectors(asked.file)
    if asked.what == "receipt":
        profile = Path(asked.trust[0])
        config = json.loads((profile / "config.json").read_text("utf-8"))
        read = lambda member: (profile / config[member].removeprefix("file:")).read_bytes()
        root_jwk, origin = json.loads(read("key_set_root")), config["log_origin"]
        return check_receipt(asked.file, root_jwk, origin, read("descriptors"), witnesses, asked.needed)
    log_keys = [serialization.load_pem_public_key(Path(path).read_bytes()) for path in asked.trust]
    if asked.what == "access":
        return check_access(Path(asked.file).read_bytes(), asked.origin, log_keys, witnesses, asked.needed)
    size, root, cosigners = read_head(Path(asked.file).read_text("utf-8"), asked.origin, log_keys, witnesses)
    demand(cosigners, asked.needed)
    if asked.after:
        earlier, path = asked.after
        first, first_root, _ = read_head(Path(earlier).read_text("utf-8"), asked.origin, log_keys)
        check_consistency(first, first_root, size, root, [plain64(text, 32) for text in json.loads(Path(path).read_text())])
    return {"size": size, "root": root.hex(), "witnesses": cosigners}

if __name__ == "__main__":
    try:
        print(json.dumps(main()))
    except (Fault, KeyError, IndexError, TypeError, ValueError) as error:
        sys.exit(f"does not hold: {error if isinstance(error, Fault) else 'FORMAT'}")
