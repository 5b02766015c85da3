-- The yardstick of bulk-verify: what PostgreSQL alone does with the same file and the same table, without transport,
-- permission, signature, reason or log. Equal or not equal is all that it says of a row.
-- Statements end with a semicolon at the end of a line; COPY takes the file from and gives the verdicts to the client.

CREATE TEMPORARY TABLE subscriber (
  row_id        text,
  msisdn        text,
  id_number     text,
  full_name     text,
  date_of_birth text
);

COPY subscriber FROM STDIN (FORMAT csv, HEADER true);

ANALYZE subscriber;

-- An old number of several people gives a line for each of them: telling those apart is the gateway's work.
COPY (
  SELECT s.row_id,
         s.msisdn,
         CASE
           WHEN p.value IS NULL THEN 'NOT_FOUND'
           WHEN p.name = s.full_name AND p.birth_date::text = replace(s.date_of_birth, '-', '') THEN 'VERIFIED'
           ELSE 'MISMATCH'
         END AS verdict
  FROM subscriber s
  LEFT JOIN person_match p
    ON p.value = CASE WHEN pg_input_is_valid(s.id_number, 'bigint') THEN s.id_number::bigint END
) TO STDOUT (FORMAT csv, HEADER true);

DROP TABLE subscriber;
