"""manage.py lint_migrations: no migration newer than the last release stops a shop that sells."""

import sys
import tomllib
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.migrations.loader import MigrationLoader

from shop.lib.migration_rules import complaints, made

RELEASED = Path("docs/deploy/released.toml")


class Command(BaseCommand):
    help = "Check migrations newer than the last release for what would stop a running shop."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--released", type=Path, help=f"instead of {RELEASED}")

    def handle(self, *_: Any, **options: Any) -> None:
        file = options["released"] or settings.BASE_DIR / RELEASED
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        # Without a connection: only the files are read.
        loader = MigrationLoader(None)
        fresh = _newer(loader, told.get("released", {}))
        new = {table for key in fresh for table in made(loader.graph.nodes[key])}
        count = 0
        for key in fresh:
            name = ".".join(key)
            if name in told.get("accepted", {}):
                continue
            before = loader.project_state(key, at_end=False)
            for complaint in complaints(loader.graph.nodes[key], before, new):
                count += 1
                self.stdout.write(f"{name}: {complaint}")
        self.stdout.write(f"{len(fresh)} migrations since the last release, {count} complaints.")
        if count:
            sys.exit(1)


def _newer(loader: MigrationLoader, released: Mapping[str, str]) -> list[tuple[str, str]]:
    """Our own migrations that no release had yet, in the order in which they run."""
    had: set[tuple[str, str]] = set()
    for app, name in released.items():
        had |= set(loader.graph.forwards_plan((app, name)))
    ours = {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(settings.BASE_DIR)
        and ".venv" not in Path(config.path).parts
    }
    order: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        order |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return [key for key in order if key[0] in ours and key not in had]
