-- The population register: persons, their numbers, what is compared, what changed, and where it came from.
-- Dates are integers YYYYMMDD with 00 for an unknown month or day. Personal IDs (12 digits) and old card numbers
-- (9 digits) are one key space of bigint, `kind` beside it: 1 = personal ID, 2 = old CMND.

-- Which deployment this database belongs to. Once it is stamped production it stays so: development trust (its CA, its
-- keys, its synthetic people) is refused here for ever.
CREATE TABLE deployment (
  only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  deployment_id text NOT NULL CHECK (deployment_id ~ '^[a-z0-9][a-z0-9-]{2,62}$'),
  kind          text NOT NULL CHECK (kind IN ('development', 'production')),
  stamped_at    timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION deployment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' OR TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a deployment stamp is not removed' USING ERRCODE = 'check_violation', CONSTRAINT = 'deployment_guard';
  END IF;
  IF OLD.kind = 'production' AND (NEW.kind <> 'production' OR NEW.deployment_id <> OLD.deployment_id) THEN
    RAISE EXCEPTION 'a production stamp is for ever' USING ERRCODE = 'check_violation', CONSTRAINT = 'deployment_guard';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deployment_guard BEFORE UPDATE OR DELETE ON deployment FOR EACH ROW EXECUTE FUNCTION deployment_guard();
CREATE TRIGGER deployment_guard_truncate BEFORE TRUNCATE ON deployment EXECUTE FUNCTION deployment_guard();

-- Where the register stands: `position` rises with every change that look-ups can see.
CREATE TABLE register_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  position bigint NOT NULL,
  as_of    timestamptz NOT NULL
);
INSERT INTO register_head (position, as_of) VALUES (0, 'epoch');

-- One row an import: the base provenance of persons points here.
CREATE TABLE import (
  import_no   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source      text NOT NULL,
  file_digest bytea NOT NULL,               -- SHA-256 of the file
  as_of       timestamptz NOT NULL,         -- the moment the source speaks for
  finished_at timestamptz NOT NULL DEFAULT now(),
  row_count   bigint NOT NULL,
  changed     bigint NOT NULL,
  rejected    bigint NOT NULL
);

-- Current values, one row a person, NULL = unknown. Persons are keyed by `person_no`, which never leaves.
CREATE TABLE person (
  person_no                 bigint PRIMARY KEY,
  personal_id               bigint NOT NULL,  -- the number in use, or the last one
  merged_into               bigint,           -- another person_no: this record turned out to be that person
  import_no                 integer NOT NULL, -- base provenance of all fields …
  date_of_birth             integer,
  card_issued_on            integer,
  card_expires_on           integer,
  deceased_on               integer,
  missing_since             integer,
  sex                       smallint,         -- 1 male, 2 female
  id_status                 smallint NOT NULL DEFAULT 1, -- 1 current, 2 superseded, 3 cancelled, 4 contested
  life_status               smallint NOT NULL DEFAULT 1, -- 1 alive, 2 deceased, 3 missing
  marital_status            smallint,         -- 1 single, 2 married, 3 divorced, 4 widowed
  log_key                   bytea,            -- wrapped, 16 bytes; NULL once the person is unlinked from the log
  full_name                 text NOT NULL,    -- NFC, as the source wrote it
  sealed                    bytea,            -- nonce (12) ‖ AES-256-GCM of ethnicity, religion, blood type ‖ tag (16)
  sealed_key                text,             -- id of the key, which is outside the database
  other_names               text[],
  birthplace                text,
  birth_registration_place  text,             -- code@catalogue
  origin                    text,
  nationalities             text[],
  permanent_province        text,             -- code@catalogue
  permanent_commune         text,             -- code@catalogue
  permanent_detail          text,
  temporary_province        text,
  temporary_commune         text,
  temporary_detail          text,
  current_province          text,
  current_commune           text,
  current_detail            text,
  absence                   text,
  residence_file_number     text,
  relation_to_head          text,
  mobile                    text,
  email                     text,
  other                     text,
  exceptions                bytea             -- … save these: (field id u8, import_no u32 big endian) repeated
);
-- Ciphertext does not compress: do not try.
ALTER TABLE person ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE person ALTER COLUMN log_key SET STORAGE PLAIN;

CREATE SEQUENCE person_no AS bigint;

-- Numbers a person has or had. Not unique: numbers are re-issued, merged, shared by mistake.
CREATE TABLE identifier (
  value      bigint NOT NULL,
  person_no  bigint NOT NULL,
  valid_from integer,
  valid_to   integer,
  kind       smallint NOT NULL,
  status     smallint NOT NULL              -- as person.id_status
);
CREATE INDEX identifier_person ON identifier (person_no);

-- What a look-up compares, beside the number asked for: one row per (number, person), narrow, stored in order of `value`.
CREATE TABLE person_match (
  value         bigint NOT NULL,
  person_no     bigint NOT NULL,
  current_id    bigint NOT NULL,            -- the number in use where it is another one, else 0
  birth_date    integer NOT NULL,           -- 0 unknown
  kind          smallint NOT NULL,
  id_status     smallint NOT NULL,
  sex           smallint NOT NULL,          -- 0 unknown
  person_status smallint NOT NULL,          -- as person.life_status
  log_key       bytea,
  name          text NOT NULL
);
ALTER TABLE person_match ALTER COLUMN log_key SET STORAGE PLAIN;
-- The only way in, for identifiers too: each number of a person stands here.
CREATE INDEX person_match_value ON person_match (value);

-- Earlier values, written only when a value changes. Sensitive fields keep the whole sealed record of then.
CREATE TABLE value_history (
  person_no   bigint NOT NULL,
  field_id    smallint NOT NULL,
  import_no   integer NOT NULL,             -- the import that replaced the value
  replaced_at timestamptz NOT NULL DEFAULT now(),
  value       text,
  sealed      bytea,
  sealed_key  text
);
CREATE INDEX value_history_person ON value_history (person_no);

-- `exceptions` with the provenance of these fields replaced.
CREATE FUNCTION put_exceptions(packed bytea, fields smallint[], import_no integer) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT string_agg(set_byte('\x00', 0, field) || int4send(origin), '' ORDER BY field) FROM (
    SELECT get_byte(packed, at)::smallint AS field,
           (get_byte(packed, at + 1) << 24) | (get_byte(packed, at + 2) << 16) | (get_byte(packed, at + 3) << 8) | get_byte(packed, at + 4) AS origin
    FROM generate_series(0, length(packed) - 5, 5) AS at
    WHERE get_byte(packed, at) <> ALL (fields)
    UNION ALL SELECT field, import_no FROM unnest(fields) AS field) AS each
$$;

-- Relatives (item 15) and the household (items 22, 23) as the source states them.
-- kind: 1 father, 2 mother, 3 spouse, 4 child, 5 legal representative, 6 represented person, 7 head, 8 household member.
CREATE TABLE relation (
  person_no   bigint NOT NULL,
  relative_no bigint,                       -- where the relative's number is one person of this register
  relative_id bigint,
  kind        smallint NOT NULL,
  ordinal     smallint NOT NULL,            -- order among several of a kind, from 0
  name        text
);
CREATE INDEX relation_person ON relation (person_no);
CREATE INDEX relation_relative ON relation (relative_no) WHERE relative_no IS NOT NULL;

-- Administrative catalogues. Codes were re-used in 2025, so a code means nothing without its catalogue.
CREATE TABLE catalogue_version (
  version    text PRIMARY KEY,
  valid_from date NOT NULL,
  source     text NOT NULL
);
CREATE TABLE administrative_unit (
  catalogue text NOT NULL REFERENCES catalogue_version,
  code      text NOT NULL,
  level     smallint NOT NULL,              -- 1 province, 2 district, 3 commune
  name      text NOT NULL,
  parent    text,
  PRIMARY KEY (catalogue, level, code)
);
-- Old communes → new ones. Some old communes were split: those have several rows, and a person's street decides.
CREATE TABLE commune_mapping (
  old_catalogue text NOT NULL REFERENCES catalogue_version,
  old_code      text,                       -- NULL where the source knows the names only
  old_name      text NOT NULL,
  old_district  text NOT NULL,
  old_province  text NOT NULL,
  new_catalogue text NOT NULL REFERENCES catalogue_version,
  new_code      text NOT NULL
);
CREATE INDEX commune_mapping_old ON commune_mapping (old_code);
CREATE INDEX commune_mapping_new ON commune_mapping (new_code);
