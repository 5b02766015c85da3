"""Signs one VerifyPerson call with a profile folder and verifies the gateway's answer from the pinned root alone.

    python verify_person.py PROFILE_FOLDER ID_NUMBER FULL_NAME DATE_OF_BIRTH

Exit code 0 only for an answer whose signature holds, 4 for a refusal whose signature holds.
"""
import base64, hashlib, json, os, sys, time
from pathlib import Path

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from joserfc import jws
from joserfc.jwk import ECKey

METHOD = "/lienthong.verification.v1.VerificationService/VerifyPerson"
KEY_SET = "/lienthong.server.v1.ServerService/GetKeySet"

def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

def digest(data):
    return b64(hashlib.sha256(data).digest())

def need(holds, what):
    if not holds:
        sys.exit(f"not to be trusted: {what}")

def open_token(token, key, typ, **bound):
    """The claims of a token that this key signed and that is bound to these facts."""
    opened = jws.deserialize_compact(token, key, algorithms=["ES256"])  # raises where the signature does not hold
    need(opened.headers() == {"alg": "ES256", "kid": key.thumbprint(), "typ": typ}, f"header of {typ}")
    claims = json.loads(opened.payload)
    for name, value in bound.items():
        need(claims.get(name) == value, f"claim {name} of {typ}")
    return claims

class Profile:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.config = json.loads((self.folder / "config.json").read_text("utf-8"))

    def read(self, member):
        kind, _, name = self.config[member].partition(":")
        return os.environb[name.encode()] if kind == "env" else (self.folder / name).read_bytes()

    def jwk(self, member):
        return ECKey.import_key(json.loads(self.read(member)))

def messages(profile):
    """Message classes from the profile's descriptor set."""
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(profile.read("descriptors")).file:
        pool.Add(file)
    return lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"lienthong.{name}"))

def main(folder, id_number, full_name, date_of_birth):
    profile = Profile(folder)
    config, message = profile.config, messages(profile)
    key, agency, deployment = profile.jwk("signing_key"), config["agency"], config["deployment"]
    tls = grpc.ssl_channel_credentials(profile.read("ca"), profile.read("key"), profile.read("certificate"))
    with grpc.secure_channel(config["address"], tls) as channel:
        # Without marshallers grpcio sends and returns the very bytes that signatures cover.
        reply = message("server.v1.GetKeySetResponse").FromString(channel.unary_unary(KEY_SET)(b"", timeout=10))
        bound = {"iss": "gateway", "aud": f"*@{deployment}", "dig": digest(reply.payload)}
        open_token(reply.jws, profile.jwk("key_set_root"), "lt-keys+jws", **bound)
        keys = [ECKey.import_key({name: k[name] for name in ("kty", "crv", "x", "y")})
                for k in json.loads(reply.payload)["keys"] if k["state"] == "active"]

        request = message("verification.v1.VerifyPersonRequest")(
            context={"request_id": os.urandom(16).hex(), "purpose": config["purposes"][0], **config["context"]},
            id_number=id_number, full_name=full_name, date_of_birth=date_of_birth, blind=os.urandom(16),
        )
        body = request.SerializeToString()
        claims = {"iss": agency, "aud": f"gateway@{deployment}", "iat": int(time.time()), "jti": b64(os.urandom(16)),
                  "dig": digest(body), "mth": METHOD}
        header = {"alg": "ES256", "kid": key.thumbprint(), "typ": "lt-call+jws"}
        token = jws.serialize_compact(header, json.dumps(claims).encode(), key, algorithms=["ES256"])
        call = channel.unary_unary(METHOD).future(body, timeout=10, metadata=[("lt-signature", token)])
        trailers, code = dict(call.trailing_metadata()), call.code()

    # A refusal is signed over its status details.
    signed = call.result() if code is grpc.StatusCode.OK else trailers.get("grpc-status-details-bin", b"")
    need("lt-signature" in trailers, "it is not signed")
    kid = json.loads(base64.urlsafe_b64decode(trailers["lt-signature"].split(".")[0] + "=="))["kid"]
    signer = next((k for k in keys if k.thumbprint() == kid), None) or sys.exit("its key is not in the key set")
    bound = {"iss": "gateway", "aud": f"{agency}@{deployment}", "dig": digest(signed), "rqd": digest(body), "mth": METHOD,
             "code": code.value[0]}
    if code is grpc.StatusCode.OK:  # a refusal from before the request was read does not know its id
        bound["req"] = request.context.request_id
    answer = open_token(trailers["lt-signature"], signer, "lt-answer+jws", **bound)
    if code is not grpc.StatusCode.OK:
        print(json.dumps({"refused": code.name, "log": answer.get("log"), "leaf": answer.get("leaf")}))
        sys.exit(4)
    told = message("verification.v1.VerifyPersonResponse").FromString(signed)
    verdict = told.DESCRIPTOR.fields_by_name["verdict"].enum_type.values_by_number[told.verdict].name
    print(json.dumps({"verdict": verdict.removeprefix("VERDICT_"), "log": answer["log"], "leaf": answer["leaf"]}))

if __name__ == "__main__":
    main(*sys.argv[1:])
