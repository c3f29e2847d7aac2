import re

from shop.embedded import paths

ASKED = re.compile(r"""\benv\.\w+\(\s*"([A-Z_]+)\"""")
EXPLAINED = re.compile(r"^(?:# )?([A-Z_]+)=", re.MULTILINE)


def test_every_setting_is_explained_in_the_example() -> None:
    asked = set(ASKED.findall((paths.PROJECT / "shop" / "settings.py").read_text()))

    explained = set(EXPLAINED.findall((paths.PROJECT / ".env.example").read_text()))

    assert asked - explained == set()
    assert len(asked) > 10


def test_no_secret_has_a_value_in_the_example() -> None:
    text = (paths.PROJECT / ".env.example").read_text()

    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD", "STRIPE_SECRET_KEY"):
        assert re.search(rf"^{name}=$", text, re.MULTILINE), name
