import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from shop.processes import bookkeeping
from shop.processes.bookkeeping import INVARIANTS, Finding


class Command(BaseCommand):
    help = "Check every invariant of the shop; exit 1 when one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        findings = bookkeeping.reconcile(now=timezone.now())
        is_clean = not any(finding.is_broken for finding in findings)
        if options["json"]:
            answer = {
                "ok": is_clean,
                "checked": [invariant.name for invariant in INVARIANTS],
                "findings": [asdict(finding) for finding in findings],
            }
            self.stdout.write(json.dumps(answer, indent=2, default=str))
        else:
            self._tell(findings)
        if not is_clean:
            sys.exit(1)

    def _tell(self, findings: list[Finding]) -> None:
        for finding in findings:
            self.stdout.write(f"{finding.level}: {finding.name} ({finding.count})")
            self.stdout.write(f"  {finding.rule}")
            for example in finding.examples:
                known = ", ".join(f"{key} {value}" for key, value in example.items())
                self.stdout.write(f"  - {known}")
        held = len(INVARIANTS) - len(findings)
        self.stdout.write(f"{held} of {len(INVARIANTS)} promises hold.")
