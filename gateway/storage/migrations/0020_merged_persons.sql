-- The records that turned out to be a person's are asked for whenever that person asks who looked, and when they are unlinked.

CREATE INDEX CONCURRENTLY IF NOT EXISTS person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
