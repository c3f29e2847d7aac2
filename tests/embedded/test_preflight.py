import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop.embedded import lock, preflight
from shop.embedded.demo import main
from shop.embedded.errors import CannotStart


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as owner:
        owner.bind((preflight.HOST, 0))
        owner.listen()
        yield owner.getsockname()[1]


def test_says_which_port_is_taken_and_how_to_choose_another(taken_port: int) -> None:
    with pytest.raises(CannotStart, match=rf"Port {taken_port} .* PORT=\d+ make demo"):
        preflight.free_port(taken_port)


@pytest.mark.parametrize("text", ["", "0", "65536", "http", "-1", "8000.5", "٨٠٠٠"])
def test_refuses_what_is_no_port(text: str) -> None:
    with pytest.raises(CannotStart, match="is not a port"):
        preflight.port_number(text)


def test_takes_another_port_when_the_next_one_is_taken(taken_port: int) -> None:
    found = preflight.port_near(taken_port - 1)

    assert found != taken_port
    assert preflight.can_listen(found)


def test_says_when_the_disk_is_full(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"Only \d+ MB are free .* needs \d+ MB"):
        preflight.free_space(tmp_path, megabytes=10**9)


def test_says_when_the_data_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CannotStart, match=r"cannot be written .* DATA_DIR="):
        preflight.usable_folder(tmp_path / "file" / "data")


def test_does_not_put_sockets_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "sockets").symlink_to(tmp_path / "theirs")

    with pytest.raises(CannotStart, match="belongs to somebody else"):
        preflight.private_folder(tmp_path / "sockets")


def test_closes_a_socket_folder_that_stood_open(tmp_path: Path) -> None:
    (tmp_path / "sockets").mkdir(mode=0o755)

    preflight.private_folder(tmp_path / "sockets")

    assert (tmp_path / "sockets").stat().st_mode & 0o777 == 0o700


def test_only_one_demo_runs_on_a_data_folder(tmp_path: Path) -> None:
    with (
        lock.hold(tmp_path, note="process 12, http://127.0.0.1:8000/"),
        pytest.raises(CannotStart, match=r"already runs .*process 12, http://127.0.0.1:8000/"),
        lock.hold(tmp_path, note="process 13"),
    ):
        pass


def test_a_demo_that_ended_leaves_its_folder_free(tmp_path: Path) -> None:
    with lock.hold(tmp_path, note="a long first note"):
        pass

    with lock.hold(tmp_path, note="second"):
        assert (tmp_path / "demo.lock").read_text() == "second"


def test_the_command_answers_trouble_with_one_sentence(
    tmp_path: Path,
    taken_port: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", str(taken_port))

    code = main()

    said = capsys.readouterr().err
    assert code == 1
    assert said.count("\n") == 1
    assert "Traceback" not in said
