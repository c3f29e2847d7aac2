#!/bin/sh
# The password comes by the environment, and lies in memory only (letters and digits: .env.example).
set -eu
umask 077
printf '"shop" "%s"\n' "$POSTGRES_PASSWORD" > /run/pgbouncer/users.txt
exec pgbouncer /etc/mercer/pgbouncer.ini
