"""The demo catalogue: one TOML file per category, read by the seeder.

`python -m shop.demo.catalogue` checks it and counts what is in it.
"""
