"""Judges every token of the frozen exchanges, and every one that is to be refused, from the page of signatures alone.

    python verify_exchange.py FOLDER_OF_EXCHANGE_JSON

Prints how many were taken and refused. Exit code 1 where one is judged otherwise than the vectors say.
"""
import base64, hashlib, json, sys
from pathlib import Path

from log_proofs import Fault, key_of_jwk, need, thumbprint, url64, verifies_raw

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
BASE = {"iss", "aud", "iat", "jti", "dig"}
ANSWER = BASE | {"mth", "rqd", "code", "log", "leaf", "rev"}
FORMS = {  # every claim of a form; those of MAY can be absent
    "lt-call+jws": [BASE | {"mth", "job"}], "lt-chunk+jws": [BASE | {"mth", "job", "num", "opn"}],
    "lt-end+jws": [BASE | {"job", "cnt", "rows"}, BASE | {"job", "cnt", "rows", "root"}],
    "lt-answer+jws": [ANSWER | {"req"}, ANSWER | {"job", "num"}], "lt-keys+jws": [BASE | {"ver"}],
    "lt-receipt+jws": [BASE | {"job", "opn", "cnt", "rows", "totals", "ver", "root", "head"}],
}
MAY = {"lt-call+jws": {"job"}, "lt-answer+jws": {"log", "leaf", "rev"}}
NUMBERS = {"iat", "num", "cnt", "rows", "code"}

def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()

def strict(data):
    """One JSON object in UTF-8, no name twice, whole numbers only."""
    def once(pairs):
        need(len(dict(pairs)) == len(pairs), "a name twice")
        return dict(pairs)
    def whole(text):
        raise Fault("a number that is not whole")
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_float=whole, parse_constant=whole)
    except ValueError:
        raise Fault("not JSON in UTF-8") from None

def open_token(token, typ, key, issuer, facts):
    need(len(token) <= 16384 and token.count(".") == 2, "three parts")
    head, body, signature = (url64(part) for part in token.split("."))
    need(strict(head) == {"alg": "ES256", "kid": key.kid, "typ": typ}, "header")
    claims = strict(body)
    names = set(claims)
    need(any(names <= form and form - names <= MAY.get(typ, set()) for form in FORMS[typ]), "claims")
    need(("log" in claims) == ("leaf" in claims), "log and leaf")
    need(all(type(claims[name]) is int for name in NUMBERS & names), "a number as text")
    need(claims["iss"] == issuer, "iss")
    need(len(signature) == 64 and 0 < int.from_bytes(signature[:32], "big") < N > int.from_bytes(signature[32:], "big") > 0, "r and s")
    need(verifies_raw(key.public, signature, token.rpartition(".")[0].encode()), "signature")
    bound = {name: claims[name] for name in ("aud", "dig", "mth", "job", "num", "opn", "rqd", "req") if name in claims}
    need(bound == facts, f"bound to {sorted(name for name in bound.keys() | facts if bound.get(name) != facts.get(name))}")
    return claims

class Key:
    def __init__(self, jwk):
        self.public, self.kid = key_of_jwk(jwk), base64.urlsafe_b64encode(thumbprint(jwk).digest()).rstrip(b"=").decode()

def expected(ex):
    """Name -> typ, issuer, facts and token of everything that is to be taken."""
    here, there = f"{ex['agency']}@{ex['deployment']}", f"gateway@{ex['deployment']}"
    job, of = ex["job_id"], lambda text: digest(bytes.fromhex(text))
    opn = of(ex["start_job"]["request"])
    yield "keys", "lt-keys+jws", "gateway", {"aud": f"*@{ex['deployment']}", "dig": of(ex["key_set"]["payload"])}, ex["key_set"]["token"]
    for name in ("call", "refused_call", "encrypted_call", "start_job", "close_job"):
        one = ex[name]
        sent, mth = of(one["request"]), one["method"]
        yield name, "lt-call+jws", ex["agency"], {"aud": there, "dig": sent, "mth": mth}, one["token"]
        inside = one.get("inside") or {"payload": one.get("details") or one["answer"], "answer_token": one["answer_token"]}
        facts = {"aud": here, "dig": of(inside["payload"]), "mth": mth, "rqd": sent, "req": one["request_id"]}
        yield "answer" if name == "call" else f"{name} answer", "lt-answer+jws", "gateway", facts, inside["answer_token"]
    call = {"aud": there, "dig": of(ex["call"]["request"]), "mth": ex["call"]["method"]}
    for one in ex["call_also_good"]:
        yield one["why"], "lt-call+jws", ex["agency"], call, one["token"]
    opening, chunk, end = ex["opening"], ex["chunk"], ex["end"]
    mth, sent = chunk["method"], of(chunk["payload"])
    yield "opening", "lt-call+jws", ex["agency"], {"aud": there, "dig": of(opening["payload"]), "mth": mth, "job": job}, opening["token"]
    facts = {"aud": here, "dig": of(opening["answer"]), "mth": mth, "rqd": of(opening["payload"]), "req": opening["request_id"]}
    yield "opened", "lt-answer+jws", "gateway", facts, opening["answer_token"]
    yield "chunk", "lt-chunk+jws", ex["agency"], {"aud": there, "dig": sent, "mth": mth, "job": job, "num": 0, "opn": opn}, chunk["token"]
    answer = {"aud": here, "mth": mth, "rqd": sent}
    yield "chunk answer", "lt-answer+jws", "gateway", {**answer, "dig": of(chunk["answer"]), "job": job, "num": 0}, chunk["answer_token"]
    for one, bound in zip(ex["refused_chunks"], ({"job": job, "num": 0}, {"req": opening["request_id"]})):
        yield one["reason"], "lt-answer+jws", "gateway", {**answer, "dig": of(one["details"]), **bound}, one["answer_token"]
    yield "end", "lt-end+jws", ex["agency"], {"aud": there, "dig": of(end["payload"]), "job": job}, end["token"]
    yield "ended", "lt-end+jws", "gateway", {"aud": here, "dig": of(end["answer"]), "job": job}, end["answer_token"]
    receipt = {"aud": here, "dig": digest(ex["close_job"]["checkpoint"].encode()), "job": job, "opn": opn}
    yield "receipt", "lt-receipt+jws", "gateway", receipt, ex["close_job"]["receipt"]

def main(folder):
    ex, bad = (json.loads((Path(folder) / name).read_text("utf-8")) for name in ("exchange.json", "refused.json"))
    key, known = Key(ex["root"]), {}
    for name, typ, issuer, facts, token in expected(ex):
        known[name] = (typ, issuer, facts)
        try:
            open_token(token, typ, key, issuer, facts)
        except Fault as fault:
            sys.exit(f"not taken: {name}: {fault}")
    for one in bad:
        typ, issuer, facts = known[one["instead_of"]]
        try:
            open_token(one["token"], typ, key, issuer, facts)
        except Fault:
            continue
        sys.exit(f"taken: {one['why']}")
    print(json.dumps({"taken": len(known), "refused": len(bad)}))

if __name__ == "__main__":
    main(*sys.argv[1:])
