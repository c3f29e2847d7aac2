-- Two roles: one owns the tables (migrations, backups, restores), one reads and writes rows (web, workers).
-- As a superuser, in the shop's database, once; again after a restore onto another server:
--   psql -v owner_password="'…'" -v shop_password="'…'" -f docs/deploy/roles.sql shop
-- Then: DATABASE_URL=postgresql://mercer_owner:… for `manage.py migrate`, BACKUP_DATABASE_URL the same,
-- DATABASE_URL=postgresql://mercer_shop:… for everything else.
\set ON_ERROR_STOP on

select 'create role mercer_owner login createdb' where to_regrole('mercer_owner') is null \gexec
select 'create role mercer_shop login' where to_regrole('mercer_shop') is null \gexec
alter role mercer_owner password :owner_password;
alter role mercer_shop password :shop_password;

-- What the shop needs of the server; what is there already stays.
create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gist;

-- Tables of a shop that ran under one role until now.
select format('alter table public.%I owner to mercer_owner', relname)
  from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
  and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e') \gexec
select format('alter sequence public.%I owner to mercer_owner', relname)
  from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S'
  and not exists (select from pg_depend where objid = pg_class.oid and deptype in ('a', 'i', 'e')) \gexec
select format('alter routine %s owner to mercer_owner', oid::regprocedure)
  from pg_proc where pronamespace = 'public'::regnamespace
  and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e') \gexec
select format('alter database %I owner to mercer_owner', current_database()) \gexec

revoke all on schema public from public;
grant all on schema public to mercer_owner;
grant usage on schema public to mercer_shop;
select format('revoke temporary on database %I from public', current_database()) \gexec
grant select, insert, update, delete on all tables in schema public to mercer_shop;
grant usage, select on all sequences in schema public to mercer_shop;
alter default privileges for role mercer_owner in schema public
  grant select, insert, update, delete on tables to mercer_shop;
alter default privileges for role mercer_owner in schema public
  grant usage, select on sequences to mercer_shop;
-- What was migrated is the owner's business alone.
select 'revoke insert, update, delete on django_migrations from mercer_shop'
  where to_regclass('django_migrations') is not null \gexec
