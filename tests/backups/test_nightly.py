"""What the clock starts every night, and as whom the database is asked."""

import pytest

from shop.backups import server, vault
from shop.backups.errors import BackupFailed
from shop.backups.shelf import the_shops
from shop.tasks import back_up


@pytest.fixture
def place(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "backups"
    return the_shops()


def test_without_a_key_the_night_passes_without_a_backup(place, settings):
    settings.BACKUP_RECIPIENT = ""

    back_up()

    assert not place.folder.exists()


def test_a_second_run_leaves_the_first_one_alone(place, settings):
    settings.BACKUP_RECIPIENT = vault.new_identity()[1]

    with place.held():
        back_up()

    assert place.backups() == []


def test_a_key_that_is_none_is_refused_before_anything_is_written(place, settings):
    settings.BACKUP_RECIPIENT = "age1nothing"

    with pytest.raises(BackupFailed, match="no age recipient"):
        back_up()

    assert not place.folder.exists()


def test_the_owner_of_the_tables_is_asked_and_the_password_stays_off_the_command_line(settings):
    settings.BACKUP_DATABASE_URL = "postgresql://owner:s3cret@db.internal:5433/shop?sslmode=require"

    at = server.the_shops()

    address = at.address("shop_check")
    assert "s3cret" not in address
    for part in ("owner", "db.internal", "5433", "shop_check", "sslmode=require"):
        assert part in address
    assert at.environment()["PGPASSWORD"] == "s3cret"


def test_a_file_without_an_identity_opens_nothing(tmp_path):
    file = tmp_path / "public"
    file.write_text(f"# public key: {vault.new_identity()[1]}\n")

    with pytest.raises(BackupFailed, match="no age identity"):
        vault.identities(file)
