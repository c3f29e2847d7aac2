"""The containers fit together: what is scaled can be, and everybody reaches the database their own way."""

import re

import pytest
import yaml
from django.urls import reverse

from shop import schedule
from shop.embedded import paths
from shop.lib import databases

COMPOSE = yaml.safe_load((paths.PROJECT / "docker-compose.yml").read_text())["services"]
PROXY = (paths.PROJECT / "docs/deploy/Caddyfile").read_text()
POOL = (paths.PROJECT / "docs/deploy/pgbouncer.ini").read_text()
SHOP = ("web", "tills", "worker", "pictures", "beat", "migrate")


def port_of(service):
    return re.search(r"@(\w+):\d+/", COMPOSE[service]["environment"]["DATABASE_URL"])[1]


@pytest.mark.parametrize("service", ["web", "tills"])
def test_web_goes_through_the_pooler_and_says_so(service):
    assert port_of(service) == "pgbouncer"
    assert COMPOSE[service]["environment"]["DATABASE_POOLED"] == "1"
    assert COMPOSE[service]["depends_on"]["pgbouncer"]["condition"] == "service_healthy"


@pytest.mark.parametrize("service", ["worker", "pictures", "beat", "migrate"])
def test_all_others_go_straight(service):
    assert port_of(service) == "postgres"
    assert "DATABASE_POOLED" not in COMPOSE[service]["environment"]


@pytest.mark.parametrize("service", ["web", "tills", "worker", "pictures"])
def test_what_is_scaled_has_neither_a_port_nor_a_name_of_its_own(service):
    assert not {"ports", "container_name", "hostname"} & COMPOSE[service].keys()


def test_nothing_sells_before_the_one_migration_is_done():
    for service in set(SHOP) - {"migrate"}:
        waits = COMPOSE[service]["depends_on"]["migrate"]["condition"]
        assert waits == "service_completed_successfully"


def test_some_worker_listens_to_every_queue():
    named = " ".join(COMPOSE[service]["command"] for service in ("worker", "pictures"))
    heard = {queue for part in re.findall(r"--queues (\S+)", named) for queue in part.split(",")}

    assert {route["queue"] for route in schedule.ROUTES.values()} <= heard


def test_the_pooler_sets_the_limits_that_a_session_sets_elsewhere():
    wanted = dict(re.findall(r"-c (\w+)=(\w+)", databases.LIMITS))

    assert dict(re.findall(r"set (\w+) = (\w+)", POOL)) == wanted
    assert wanted


def test_every_image_has_its_stage():
    stages = re.findall(r" AS (\w+)$", (paths.PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    wanted = {one["build"]["target"] for one in COMPOSE.values() if "build" in one}

    assert wanted <= set(stages)


def test_behind_a_pooler_nothing_is_said_to_a_session_and_no_cursor_outlives_it():
    found = databases.wired({"NAME": "shop"}, is_pooled=True)["default"]

    assert "options" not in found["OPTIONS"]
    assert found["OPTIONS"]["prepare_threshold"] is None
    assert found["DISABLE_SERVER_SIDE_CURSORS"] is True


TILLS = re.compile(re.search(r"@tills path_regexp (\S+)", PROXY)[1])


@pytest.mark.parametrize("market", ["", "/eu"])
@pytest.mark.parametrize(
    "name",
    [
        *("orders:cart", "orders:cart_line_create", "orders:checkout", "orders:queue"),
        *("orders:wishlist", "orders:lookup", "orders:withdraw", "payments:balance"),
        *("accounts:overview", "account_login", "privacy"),
    ],
)
def test_what_belongs_to_one_shopper_is_served_by_the_tills(market, name):
    assert TILLS.match(market + reverse(name))


@pytest.mark.parametrize(
    "path", ["/admin/", "/dashboard/", "/stockroom/picking/", "/api/v1/", "/webhooks/stripe/"]
)
def test_staff_and_other_systems_go_to_the_tills(path):
    assert TILLS.match(path)


@pytest.mark.parametrize("market", ["", "/eu"])
@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/c/mugs/",
            "/p/cart/",
            "/c/orders/",
            "/search/",
            "/search/suggest/",
            "/collections/",
        ),
        *("/healthz", "/robots.txt", "/sitemap.xml", "/explore/tea/"),
    ],
)
def test_pages_for_everybody_wait_behind_no_till(market, path):
    assert not TILLS.match(market + path)


def test_both_are_the_same_shop_and_the_proxy_knows_them():
    web, tills = COMPOSE["web"], dict(COMPOSE["tills"])

    assert tills.pop("cpu_shares") < 1024
    assert tills.pop("environment") == {**web["environment"], "TILLS": "1"}
    assert tills == {name: told for name, told in web.items() if name != "environment"}
    assert re.findall(r"name (\w+)\n\s+port 8000", PROXY) == ["tills", "web"]
    assert COMPOSE["proxy"]["depends_on"].keys() == {"web", "tills"}


def test_a_crowd_at_the_tills_leaves_the_worker_behind_and_pages_before():
    shares = [COMPOSE[name].get("cpu_shares", 1024) for name in ("web", "tills", "worker")]

    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == 3
