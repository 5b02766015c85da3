-- What counted of the decisions of persons' matters when `status` last judged them, page by page, sealed under a key that is nowhere in
-- the database. Derived: a page that is gone, or says what its rows no longer are, is judged anew.

CREATE TABLE matter_act_judged (
  page   bigint PRIMARY KEY,                -- of matter_act: seq / 1024
  sealed bytea NOT NULL
);
GRANT SELECT, INSERT, UPDATE (sealed) ON matter_act_judged TO lienthong_worker;
