# ruff: noqa: INP001, T201 — a script, not a package
"""Known holes in what uv.lock names: by the list in the project, and by pip-audit where it answers."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from shop.lib import advisories  # noqa: E402

PATIENCE = 60


def main() -> int:
    today = dt.datetime.now(dt.UTC).date()
    found = advisories.open_findings(advisories.locked(ROOT / "uv.lock"), on=today)
    for one in found:
        better = f"use {one.fixed}" if one.fixed else "no version is without it"
        print(f"{one.package} {one.version}: {one.advisory} ({one.what}); {better}")
    age = today - advisories.looked_up_on()
    if age > advisories.FRESH:
        print(f"note: the list of known holes is {age.days} days old; see {advisories.LIST.name}")
    asked, words = ask_pip_audit()
    print(f"note: {words}")
    return 1 if found or asked else 0


def ask_pip_audit() -> tuple[list[str], str]:
    """What it found, and what its answer is worth: packages it skipped were not looked at."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(  # noqa: S603 — our own words
            [*command, "--skip-editable", "--timeout", "5"],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        told = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, OSError, ValueError, KeyError):
        return [], "pip-audit got no answer: the list in the project alone was compared"
    ours = [one for one in told if one["name"] != "mercer"]
    skipped = [one for one in ours if "skip_reason" in one]
    known = set(ids_accepted())
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}"
        for one in ours
        for hole in one.get("vulns", ())
        if not known & {hole["id"], *hole.get("aliases", ())}
    ]
    print(*holes, sep="\n", end="\n" if holes else "")
    if skipped:
        return holes, f"pip-audit skipped {len(skipped)} of {len(ours)} packages: no clean bill"
    return holes, f"pip-audit looked at {len(ours)} packages"


def ids_accepted() -> list[str]:
    today = dt.datetime.now(dt.UTC).date()
    taken = [one for one in advisories.findings() if one.is_accepted(on=today)]
    return [name for one in taken for name in one.advisory.split(", ")]


if __name__ == "__main__":
    sys.exit(main())
