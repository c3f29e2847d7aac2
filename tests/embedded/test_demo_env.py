import os
from pathlib import Path

import pytest

from shop.embedded import demo_env


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # Set first, so that monkeypatch knows what to restore after `load` has written.
    for name in ("SECRET_KEY", "SITE_URL", *demo_env.GENERATED):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("bare_environment")
def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = demo_env.write(tmp_path, {"SITE_URL": "http://127.0.0.1:8000"})
    second = demo_env.write(tmp_path, {"SITE_URL": "http://127.0.0.1:8010"})

    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 50
    assert second["SITE_URL"] == "http://127.0.0.1:8010"


@pytest.mark.usefixtures("bare_environment")
def test_only_its_user_can_read_the_secrets(tmp_path: Path) -> None:
    demo_env.write(tmp_path, {})

    assert demo_env.path(tmp_path).stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("bare_environment")
def test_a_key_from_the_environment_is_not_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_somebodys_own")

    demo_env.write(tmp_path, {})

    assert "STRIPE_SECRET_KEY" not in demo_env.read(tmp_path)


@pytest.mark.usefixtures("bare_environment")
def test_a_second_terminal_finds_the_running_demo(tmp_path: Path) -> None:
    demo_env.write(tmp_path, {"SITE_URL": "http://127.0.0.1:8010"})

    demo_env.load(tmp_path)

    assert os.environ["SITE_URL"] == "http://127.0.0.1:8010"
    assert os.environ["SECRET_KEY"]


@pytest.mark.usefixtures("bare_environment")
def test_a_shop_with_its_own_key_ignores_the_demos_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo_env.write(tmp_path, {"SITE_URL": "http://127.0.0.1:8010"})
    monkeypatch.setenv("SECRET_KEY", "production")

    demo_env.load(tmp_path)

    assert "SITE_URL" not in os.environ
