-- Three roles for Pawl: one that migrates, one that works, one that reads. Run this as the schema's owner or a superuser,
-- after the first migration, with the schema's and the roles' names put in: it is an example to change, and nothing of
-- Pawl's runs it. The role names below have to exist (create role pawl_worker login …).

-- Migrates: owns the schema and everything in it, and runs PawlSchema.migrate and PawlSchema.advanceTokens. Applications don't
-- connect as this role.
--   create schema pawl authorization pawl_owner;

-- Works: what an application connects as. It can't change the schema or move the tokens. It removes jobs where
-- retention is told to. Pawl opens
-- only for a role that has all of these.
grant usage on schema pawl to pawl_worker;
grant select, insert, update on pawl.job to pawl_worker;
grant select, insert, update on pawl.queue, pawl.lease, pawl.scan to pawl_worker;
grant select, insert on pawl.pipeline, pawl.checkpoint, pawl.failure, pawl.operation, pawl.scan_skip, pawl.poison to pawl_worker;
grant select, insert, update on pawl.tally_mark to pawl_worker;
grant select, insert, delete on pawl.tally to pawl_worker;
grant select, insert on pawl.repair to pawl_worker;
grant delete on pawl.checkpoint to pawl_worker; -- for repairs and retention
grant delete on pawl.job, pawl.failure, pawl.operation to pawl_worker; -- for retention
grant select, insert, update, delete on pawl.removal to pawl_worker;
grant select on pawl.migration to pawl_worker;
grant usage on sequence pawl.fencing_token to pawl_worker;

-- Reads: people and dashboards.
grant usage on schema pawl to pawl_reader;
grant select on pawl.job, pawl.queue, pawl.lease, pawl.pipeline to pawl_reader;
grant select on pawl.checkpoint, pawl.failure, pawl.operation, pawl.migration to pawl_reader;
grant select on pawl.scan, pawl.scan_skip, pawl.tally, pawl.tally_mark, pawl.repair, pawl.removal to pawl_reader;
