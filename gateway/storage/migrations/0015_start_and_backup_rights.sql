-- What a login that is only a member of the role lacked: the first stamp of an empty database, which a trigger keeps from being
-- changed, and where the sequences stand, which a backup copies.

GRANT INSERT ON deployment TO lienthong_worker;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO lienthong_worker;
