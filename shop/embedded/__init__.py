"""The shop on one bare machine: PostgreSQL and Valkey from wheels, and their children."""
