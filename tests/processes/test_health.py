"""What the health page says when something is wrong, and when nothing is."""

import datetime as dt
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from payments.models import Reconciliation
from shop.celery import remember_failure
from shop.lib import advisories
from shop.outbox.models import Message, post
from shop.processes import health
from shop.processes.health import State
from shop.processes.health.certificate import certificate

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = dt.timedelta(minutes=1)


def light(key, *, now=NOW):
    return next(one for one in health.look(now=now) if one.key == key)


def owed(key="one", *, minutes_ago=0):
    return post(topic="mail.test", key=key, payload={}, now=NOW - minutes_ago * MINUTE)


def test_every_light_says_something():
    lights = health.look(now=NOW)

    assert {one.key for one in lights} >= {
        *("outbox", "failed", "queue", "promises", "backups", "disk", "database", "archiving"),
        *("memory", "tables", "certificate", "clock"),
    }
    assert all(str(one.says) and str(one.name) for one in lights)


class TestOutbox:
    def test_is_good_while_messages_leave_at_once(self):
        owed()

        assert light("outbox").state is State.GOOD

    @pytest.mark.parametrize(("minutes", "state"), [(2, State.WATCH), (11, State.BAD)])
    def test_says_how_late_the_oldest_is(self, minutes, state):
        owed(minutes_ago=minutes)

        assert light("outbox").state is state
        assert str(minutes * 60) in light("outbox").says

    def test_does_not_count_what_is_tried_later_on_purpose(self):
        Message.objects.filter(pk=owed(minutes_ago=30).pk).update(tries=3)

        assert light("outbox").state is State.GOOD


class TestFailedJobs:
    def test_a_message_that_was_given_up_is_broken(self):
        Message.objects.filter(pk=owed().pk).update(failed_at=NOW)

        assert light("failed").state is State.BAD

    def test_a_job_that_broke_off_is_named_without_what_it_held(self):
        remember_failure(sender="pricing.apply", exception=ValueError("alice@example.com"))

        assert light("failed").state is State.WATCH
        assert "pricing.apply (ValueError)" in light("failed").says
        assert "alice" not in light("failed").says

    def test_what_broke_off_days_ago_is_forgotten(self):
        remember_failure(sender="pricing.apply", exception=ValueError())

        assert light("failed", now=timezone.now() + dt.timedelta(days=2)).state is State.GOOD

    def test_trying_again_makes_one_message_due(self):
        first, second = owed("one"), owed("two")
        Message.objects.update(failed_at=NOW, tries=13)

        assert health.again(message_id=first.pk, now=NOW) == 1

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.failed_at, first.tries, first.due_at) == (None, 0, NOW)
        assert second.failed_at == NOW

    def test_what_is_done_stays_done(self):
        message = owed()
        Message.objects.filter(pk=message.pk).update(failed_at=NOW, done_at=NOW)

        assert health.again(message_id=message.pk, now=NOW) == 0


class TestWorkers:
    def queue(self, name, *, now=NOW):
        return next(one for one in health.look(now=now) if one.name.endswith(f" {name}"))

    def test_a_queue_nobody_was_heard_of_is_to_be_looked_at(self):
        assert self.queue("mail").state is State.WATCH

    def test_a_queue_that_is_worked_on_is_good(self):
        health.pulse(queue="mail", now=NOW)

        assert self.queue("mail").state is State.GOOD

    def test_silence_is_broken(self):
        health.pulse(queue="mail", now=NOW)

        assert self.queue("mail", now=NOW + 11 * MINUTE).state is State.BAD


class TestTables:
    def test_a_migration_that_is_not_applied_is_named(self):
        MigrationRecorder.Migration.objects.filter(app="outbox").order_by("-pk").first().delete()

        assert light("tables").state is State.BAD
        assert "outbox 00" in light("tables").says

    def test_all_applied_is_good(self):
        assert light("tables").state is State.GOOD


class TestPromises:
    def test_broken_ones_are_broken(self):
        Reconciliation.objects.create(
            day=NOW.date(),
            ran_at=NOW,
            promises=105,
            findings=[{"name": "x", "level": "broken", "count": 1}],
        )

        assert light("promises").state is State.BAD


class TestVulnerabilities:
    def test_a_list_nobody_looked_after_says_so(self):
        day = dt.datetime.combine(advisories.looked_up_on(), dt.time(12), tzinfo=dt.UTC)

        soon, later = light("holes", now=day), light("holes", now=day + dt.timedelta(days=90))

        assert f"{day:%d %B %Y}" in soon.says
        assert later.state in {State.WATCH, State.BAD}


class TestBackups:
    def test_without_a_key_there_are_none(self, settings):
        settings.BACKUP_RECIPIENT = ""

        assert light("backups").state is State.WATCH

    def test_a_key_and_no_backup_is_broken(self, settings, tmp_path):
        settings.BACKUP_RECIPIENT, settings.BACKUP_DIR = "age1x", tmp_path / "none"

        assert light("backups").state is State.BAD


@pytest.fixture(scope="module")
def shielded(tmp_path_factory):
    """A server under https on this machine whose certificate ends in ten days."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - dt.timedelta(days=1))
        .not_valid_after(NOW + dt.timedelta(days=10, minutes=5))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = ours.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}", folder / "cert.pem"
    server.shutdown()
    server.server_close()


class TestCertificate:
    def test_says_when_it_ends(self, settings, shielded):
        settings.SITE_URL, own = shielded
        found = certificate(now=NOW, trust=ssl.create_default_context(cafile=str(own)))

        assert found.state is State.WATCH
        assert "10 days" in found.says

    def test_is_broken_in_its_last_week(self, settings, shielded):
        settings.SITE_URL, own = shielded
        trust = ssl.create_default_context(cafile=str(own))

        found = certificate(now=NOW + dt.timedelta(days=5), trust=trust)

        assert found.state is State.BAD

    def test_one_that_browsers_refuse_is_broken(self, settings, shielded):
        settings.SITE_URL, _own = shielded

        assert certificate(now=NOW).state is State.BAD

    def test_a_shop_without_https_has_none(self, settings):
        settings.SITE_URL = "http://127.0.0.1:8000"

        assert certificate(now=NOW).state is State.WATCH
