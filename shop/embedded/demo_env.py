"""The demo's environment, kept in its data folder: generated secrets and fixed addresses.

`manage.py demo` writes the file, the settings read it. So `manage.py import_products` in a second
terminal works on the running demo, while nothing outside a demo ever gets a default secret.
"""

import os
import secrets
from pathlib import Path

GENERATED = {
    "SECRET_KEY": "",
    "STRIPE_SECRET_KEY": "sk_test_",
    "STRIPE_WEBHOOK_SECRET": "whsec_",
}


def path(data_dir: Path) -> Path:
    return data_dir / "demo.env"


def load(data_dir: Path) -> None:
    """Fill what the environment leaves open from the demo's file.

    Does nothing when SECRET_KEY is set, which is how production and tests are recognised.
    """
    if "SECRET_KEY" in os.environ:
        return
    for name, value in read(data_dir).items():
        os.environ.setdefault(name, value)


def read(data_dir: Path) -> dict[str, str]:
    """Return the kept variables; none before the first demo."""
    try:
        text = path(data_dir).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name: value for name, _, value in pairs}


def write(data_dir: Path, variables: dict[str, str]) -> dict[str, str]:
    """Keep `variables` and the secrets, generated on the first call; return them all.

    A secret that comes from the environment is returned, but not written down.
    """
    kept, given = read(data_dir), os.environ
    made = {
        name: kept.get(name) or prefix + secrets.token_urlsafe(48)
        for name, prefix in GENERATED.items()
        if name not in given
    }
    lines = (f"{name}={value}\n" for name, value in (made | variables).items())
    _write_private(path(data_dir), "".join(lines))
    return {name: given[name] for name in GENERATED if name in given} | made | variables


def _write_private(target: Path, text: str) -> None:
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    fresh.replace(target)
