from pathlib import Path

import environ
import pytest

from shop.embedded import paths

LONGEST_SOCKET_PATH = 107


def test_every_data_folder_has_sockets_of_its_own() -> None:
    assert paths.socket_dir(Path("/srv/one")) != paths.socket_dir(Path("/srv/two"))


def test_a_folder_has_the_same_sockets_by_every_name(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")

    assert paths.socket_dir(link) == paths.socket_dir(tmp_path / "real")


def test_sockets_fit_the_kernels_limit_however_deep_the_data_lies() -> None:
    deep = Path("/") / ("folder/" * 60)

    assert len(str(paths.postgres_socket(deep))) <= LONGEST_SOCKET_PATH
    assert len(str(paths.valkey_socket(deep))) <= LONGEST_SOCKET_PATH


def test_the_settings_read_the_sockets_folder_from_the_database_url(tmp_path: Path) -> None:
    found = environ.Env.db_url_config(paths.database_url(tmp_path))

    assert (found["NAME"], found["USER"]) == ("shop", "shop")
    assert found["OPTIONS"]["host"] == str(paths.socket_dir(tmp_path))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///tmp/x/valkey.sock?db=3", "redis+socket:///tmp/x/valkey.sock?virtual_host=3"),
        ("redis://:secret@cache:6379/0", "redis://:secret@cache:6379/0"),
    ],
)
def test_celery_gets_the_same_server_in_its_own_spelling(url: str, expected: str) -> None:
    assert paths.celery_url(url) == expected


def test_a_relative_data_folder_lies_in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", "elsewhere")

    assert paths.data_dir() == paths.PROJECT / "elsewhere"
