-- Keys of a development deployment's agencies that answers with sensitive fields are encrypted to: of those in use, the one
-- added last. Keys that officers admitted stand in their acts.

CREATE TABLE agency_encryption_key (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kid    text NOT NULL UNIQUE,              -- RFC 7638 thumbprint
  agency text NOT NULL REFERENCES agency,
  jwk    text NOT NULL,                     -- public key
  state  text NOT NULL CHECK (state IN ('active', 'retired', 'barred'))
);

GRANT SELECT ON agency_encryption_key TO lienthong_worker;
