-- What the storage keys come to, by purpose: a value that each of them gives and that gives none of them away. A gateway with other
-- keys would seal beside what it cannot open, and the log could never be proven again. Set once; a later purpose may be added.

ALTER TABLE deployment ADD COLUMN storage_check jsonb;

CREATE OR REPLACE FUNCTION deployment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' OR TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a deployment stamp is not removed' USING ERRCODE = 'check_violation', CONSTRAINT = 'deployment_guard';
  END IF;
  IF OLD.kind = 'production' AND (NEW.kind <> 'production' OR NEW.deployment_id <> OLD.deployment_id) THEN
    RAISE EXCEPTION 'a production stamp is for ever' USING ERRCODE = 'check_violation', CONSTRAINT = 'deployment_guard';
  END IF;
  IF OLD.storage_check IS NOT NULL AND (NEW.storage_check @> OLD.storage_check) IS NOT TRUE THEN
    RAISE EXCEPTION 'the check of the storage keys is for ever' USING ERRCODE = 'check_violation', CONSTRAINT = 'deployment_guard';
  END IF;
  RETURN NEW;
END $$;

GRANT UPDATE (storage_check) ON deployment TO lienthong_worker;
