-- The request by which an officer decided a matter, sealed: its digest stands in the log, so that the entry says which decision was
-- recorded then, whoever writes here later. None of decisions of before: they count by their officer's standing of now alone.

ALTER TABLE matter_act ADD COLUMN request bytea;
