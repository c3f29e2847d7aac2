"""The whole test database as text, as a backup of it would have it."""

import os
import subprocess

from django.db import connection

from shop.embedded import binaries

# What tax law keeps: invoices, and the account statements that prove them.
KEPT = ("payments_document", "payments_bankline")


def dump():
    """Every row of every table but those tax law keeps."""
    told = connection.get_connection_params()
    command = [
        str(binaries.postgres("pg_dump")),
        "--data-only",
        "--no-owner",
        f"--host={told['host']}",
        f"--username={told['user']}",
        *(f"--exclude-table={name}" for name in KEPT),
        told["dbname"],
    ]
    if told.get("port"):
        command.append(f"--port={told['port']}")
    secret = {"PGPASSWORD": told["password"]} if told.get("password") else {}
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, **secret})
    return done.stdout.decode()
