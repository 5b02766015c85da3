-- What covers now, of records that turned out to be one person before that was derived at their import: as it is derived there
-- (gateway/consent/merged-records.ts). Reads who was merged and has ever consented, and changes the rows of these alone.

-- Each record with the one that its person's numbers lead to, that one too. Gone at the end.
CREATE UNLOGGED TABLE merged_record (record bigint PRIMARY KEY, living bigint NOT NULL);
INSERT INTO merged_record
WITH RECURSIVE up (record, person_no, depth) AS (
  SELECT DISTINCT s.person_no, s.person_no, 0 FROM consent_scope s JOIN person p USING (person_no) WHERE p.merged_into IS NOT NULL
  UNION ALL
  SELECT u.record, p.merged_into, u.depth + 1 FROM up u JOIN person p USING (person_no) WHERE p.merged_into IS NOT NULL AND u.depth < 32)
SELECT u.record, u.person_no FROM up u JOIN person p USING (person_no) WHERE p.merged_into IS NULL;
INSERT INTO merged_record SELECT DISTINCT living, living FROM merged_record;

-- A withdrawal under one of them ends what was given under another before it.
INSERT INTO consent_ended (consent_no, receipt_id)
SELECT DISTINCT ON (c.consent_no) c.consent_no, m.receipt_id
FROM merged_record r JOIN consent_scope s ON s.person_no = r.record
  JOIN merged_record q ON q.living = r.living
  JOIN consent_scope o ON o.person_no = q.record AND o.use_no = s.use_no AND o.scope_no <> s.scope_no
  JOIN consent_matter m ON m.scope_no = o.scope_no AND m.kind = 1
  JOIN consent c ON c.scope_no = s.scope_no
WHERE floor(extract(epoch FROM m.recorded_at)) BETWEEN c.issued_at AND c.expires_at - 1
ORDER BY c.consent_no, m.recorded_at
ON CONFLICT DO NOTHING;
DELETE FROM consent_in_force f USING merged_record r, consent_ended e
WHERE f.person_no = r.record AND e.consent_no = f.consent_no;

-- What somebody lifted since covers under the living record already.
DELETE FROM consent_in_force f USING merged_record r
WHERE f.person_no = r.record AND r.record <> r.living AND EXISTS (
  SELECT FROM consent_in_force o JOIN merged_record q ON q.record = o.person_no
  WHERE o.use_no = f.use_no AND o.consent_no = f.consent_no AND q.living = r.living AND (q.record = q.living OR q.record > r.record));
UPDATE consent_in_force f SET person_no = r.living FROM merged_record r
WHERE f.person_no = r.record AND r.record <> r.living;

-- Of several scopes of one use the stricter counts: the last of its restrictions, objections and liftings is no lifting.
DELETE FROM consent_in_force f USING (
  SELECT DISTINCT r.living, s.use_no FROM merged_record r JOIN consent_scope s ON s.person_no = r.record
  WHERE (SELECT m.kind IN (2, 3) FROM consent_matter m WHERE m.scope_no = s.scope_no AND m.kind IN (2, 3, 4)
    ORDER BY m.revision DESC, m.kind = 4 DESC LIMIT 1)) resting
WHERE f.person_no = resting.living AND f.use_no = resting.use_no;

DROP TABLE merged_record;
