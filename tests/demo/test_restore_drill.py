"""The shop burns down and comes back: database, media, promises."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from orders.models import Order
from shop.backups import server, shelf, vault
from shop.demo.seeding import shop
from shop.demo.seeding.shop import Wish
from shop.processes import bookkeeping
from tests.demo.drill import another_database, fingerprint, place_orders
from tests.demo.seeded import quiet

pytestmark = pytest.mark.xdist_group("restore drill")


def run(name, *arguments, **options):
    said = StringIO()
    call_command(name, *arguments, stdout=said, **options)
    return said.getvalue()


def files_below(folder):
    return {
        path.relative_to(folder): vault.sha256(path) for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def drill(django_db_setup, django_db_blocker, tmp_path_factory):
    """A seeded shop with orders in it, and one backup of that."""
    home = tmp_path_factory.mktemp("drill")
    identity, recipient = vault.new_identity()
    (home / "identity").write_text(identity)
    chosen = {
        "MEDIA_ROOT": str(home / "media"),
        "BACKUP_DIR": home / "backups",
        "BACKUP_RECIPIENT": recipient,
        "DEMO": True,
    }
    with django_db_blocker.unblock(), override_settings(**chosen), another_database() as at:
        shop.fill(Wish(orders=30), now=timezone.now(), say=quiet)
        place_orders(3)
        run("backup")
        yield at, home / "identity"


@pytest.mark.django_db
def test_without_a_key_nothing_is_written(tmp_path):
    # The one test that says it wants a database: pytest-django makes one for the whole file then.
    with (
        override_settings(BACKUP_RECIPIENT="", BACKUP_DIR=tmp_path / "backups"),
        pytest.raises(CommandError, match="--new-key"),
    ):
        run("backup")

    assert not (tmp_path / "backups").exists()


def test_a_shop_that_was_lost_is_as_it_was_and_its_promises_hold(drill):
    at, identity = drill
    database = server.the_shops().database
    before, media = fingerprint(at, database), files_below(Path(settings.MEDIA_ROOT))
    last = Order.objects.latest("pk")
    server.drop(at, database)
    shutil.rmtree(settings.MEDIA_ROOT)

    run("restore", "latest", "--identity", str(identity))

    assert fingerprint(at, database) == before
    assert files_below(Path(settings.MEDIA_ROOT)) == media
    assert Order.objects.latest("pk").number == last.number
    assert bookkeeping.reconcile(now=timezone.now()) == []
    assert "promises hold" in run("reconcile")


def test_the_shop_that_came_back_goes_on_selling(drill):
    _at, identity = drill
    run("restore", "latest", "--identity", str(identity), "--yes-destroy")
    last = Order.objects.latest("pk")

    following = place_orders(1)

    assert int(following.number) == int(last.number) + 1
    assert bookkeeping.reconcile(now=timezone.now()) == []


def test_a_shop_that_is_there_is_not_replaced_unasked(drill):
    at, identity = drill
    place_orders(1)
    before = fingerprint(at, server.the_shops().database)

    with pytest.raises(CommandError, match="--yes-destroy"):
        run("restore", "latest", "--identity", str(identity))

    assert fingerprint(at, server.the_shops().database) == before


def test_a_damaged_backup_is_refused_and_leaves_the_shop_alone(drill, tmp_path):
    at, identity = drill
    shutil.copytree(settings.BACKUP_DIR, tmp_path / "copy")
    backup = shelf.Shelf(tmp_path / "copy").newest()
    dump = tmp_path / "copy" / backup.name / "database.dump.age"
    dump.write_bytes(dump.read_bytes()[:-1] + b"x")
    before = fingerprint(at, server.the_shops().database)

    with pytest.raises(CommandError, match="damaged"):
        run(
            "restore", "latest", "--identity", str(identity),
            "--from", str(tmp_path / "copy"), "--yes-destroy",
        )  # fmt: skip

    assert fingerprint(at, server.the_shops().database) == before


def test_another_key_does_not_open_it(drill, tmp_path):
    other = tmp_path / "other"
    other.write_text(vault.new_identity()[0])

    with pytest.raises(CommandError, match="does not open"):
        run("restore", "latest", "--identity", str(other), "--check")


def test_trying_out_leaves_nothing_behind(drill):
    at, identity = drill

    said = run("restore", "latest", "--identity", str(identity), "--check")

    assert "restored and compared" in said
    assert "files of the media opened and compared" in said
    assert not server.exists(at, f"{at.database[:40]}_check")


def test_a_second_backup_shares_the_media_of_the_first(drill):
    before = files_below(Path(settings.BACKUP_DIR))

    run("backup")

    fresh = files_below(Path(settings.BACKUP_DIR)).keys() - before.keys()
    assert not [path for path in fresh if path.parts[0].startswith("media-")]
    assert shelf.the_shops().newest().verified_at


def test_nothing_of_a_backup_can_be_read_without_the_key(drill):
    texts = [path.read_bytes() for path in Path(settings.BACKUP_DIR).rglob("*") if path.is_file()]

    assert not [text for text in texts if b"alice" in text.lower() or b"orders_order" in text]
