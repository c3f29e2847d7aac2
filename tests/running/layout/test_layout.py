"""The way of production, really walked: Caddy, two web containers, a till, PgBouncer; shoppers come from outside."""

import re
import threading
import time
from contextlib import contextmanager
from itertools import cycle

import httpx
import pytest

from tests.running.layout.town import Town, somewhere
from tests.running.test_pressure import order
from tests.running.visitors import SIGNED_IN, token

SKU = "MW-MUG-OAT-320"
FOR_EVER = "public, max-age=31536000, immutable"
HALVES = (f"sku={SKU}&quan".encode(), b"tity=1")
FORM = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Content-Length": f"{sum(map(len, HALVES))}",
}
AWAY = "Please try again in a moment"
# How many walk about at a time; what one sees whose answer broke off after it had begun.
WALKERS, TORN = 3, "torn"


@pytest.fixture(scope="module")
def standing(house):
    town = Town(house)
    try:
        town.open()
        yield town
    finally:
        town.close()


@pytest.fixture
def town(standing):
    standing.mend()
    return standing


@pytest.fixture
def shopper(town):
    with town.shopper() as visitor:
        yield visitor


def heard(town, name, line):
    """When and by whom the last such request came, as the proxy told the container."""
    told = re.findall(rf"^{line} \d+ {{(\S+) (.+)}}$", town.log(name), re.MULTILINE)
    return (told[-1][0], told[-1][1].replace(" ", "")) if told else None


def will_hear(town, name, line):
    """The same; a container writes its log after it has answered."""
    town.wait_for(lambda: heard(town, name, line))
    return heard(town, name, line)


def put_in_basket(visitor):
    return visitor.post("/cart/lines/", data={"sku": SKU, "quantity": "1"})


def test_a_page_comes_packed_and_not_again_while_it_stays_the_same(shopper):
    page = shopper.get("/", headers={"Accept-Encoding": "zstd, br, gzip"})
    again = shopper.get("/", headers={"If-None-Match": page.headers["ETag"]})

    assert (page.status_code, page.headers["Content-Encoding"]) == (200, "br")
    assert "s-maxage" in page.headers["Cache-Control"]
    assert (again.status_code, again.content) == (304, b"")


def test_files_are_kept_for_ever_and_what_is_missing_is_not(shopper):
    page = shopper.get("/").text
    style = shopper.get(re.search(r'href="(/static/css/[^"]+)"', page)[1])
    picture = shopper.get(re.search(r"/media/products/[^\" ,]+", page)[0])
    missing = [
        shopper.get(path)
        for path in ("/static/css/shop.0123456789ab.css", "/media/products/no.webp", "/media/x")
    ]

    assert (style.headers["Cache-Control"], style.headers["Content-Encoding"]) == (FOR_EVER, "br")
    assert (picture.headers["Cache-Control"], picture.status_code) == (FOR_EVER, 200)
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert [one.status_code for one in missing] == [404] * 3
    assert {one.headers["Cache-Control"] for one in missing} == {"no-store, private"}


@pytest.mark.parametrize(
    "way", ["", "products/../", "products/%2e%2e/", "products/..%2f", "PRODUCTS/x/../../"]
)
def test_no_way_round_leads_to_files_that_are_sold(town, shopper, way):
    sold = town.house.data_dir / "media/private/layout.txt"
    sold.parent.mkdir(exist_ok=True)
    sold.write_text("worth ten pounds")

    answer = shopper.get(f"/media/{way}private/layout.txt")
    sold.unlink()

    assert answer.status_code in (400, 404)


def test_a_guest_buys_at_the_tills_and_looks_at_pages_of_the_web(town, shopper):
    shopper.get(f"/search/?q=mug{time.time()}")
    put_in_basket(shopper)
    answer = order(shopper, town.site, "layout@example.com")
    page = shopper.get(answer.headers["Location"])

    assert (answer.status_code, page.status_code) == (302, 200)
    assert will_hear(town, "tills1", "POST /checkout/")
    assert heard(town, "web1", "GET /search/") or heard(town, "web2", "GET /search/")
    assert not re.search(r"/(cart|checkout|orders)/", town.log("web1") + town.log("web2"))


def test_the_shop_is_told_who_asks_and_since_when_and_no_lies(town):
    alice = somewhere()
    lies = {"X-Forwarded-For": "203.0.113.9", "X-Request-Start": "12"}

    with town.shopper(alice) as shopper:
        shopper.get("/wishlist/", headers=lies)
    since, who = will_hear(town, "tills1", "GET /wishlist/")

    assert who == alice
    # Milliseconds: the same moment in seconds would lie in 1970, in microseconds far ahead.
    assert abs(time.time() * 1000 - int(since)) < 600_000


def test_what_a_cdn_says_of_a_shopper_is_passed_on(town):
    with town.shopper("127.77.0.9") as cdn:
        cdn.get("/account/login/", headers={"X-Forwarded-For": "203.0.113.9"})

    assert will_hear(town, "tills1", "GET /account/login/")[1] == "203.0.113.9,127.77.0.9"


def test_limits_count_by_the_shoppers_own_address(town):
    def tries(times):
        with town.shopper() as guesser:
            guesser.headers["Referer"] = f"{town.site}/orders/lookup/"
            known = token(guesser, "/orders/lookup/")
            sent = {"csrfmiddlewaretoken": known, "email": f"guess{time.time()}@example.com"}
            return [
                guesser.post(
                    "/orders/lookup/",
                    data={**sent, "number": f"{10_000_000 + which}"},
                    headers={"X-Forwarded-For": f"203.0.113.{which}"},
                ).status_code
                for which in range(times)
            ]

    assert tries(12)[-1] == 429
    assert tries(2) == [404, 404]


def test_staff_work_through_the_pooler(town, house):
    with town.shopper() as manager:
        session = house.run(SIGNED_IN.format(email="manager@marlandweft.example")).split()[-1]
        manager.cookies.set("session", session)
        pages = [manager.get(path).status_code for path in ("/dashboard/", "/admin/orders/order/")]

    assert pages == [200, 200]


def test_what_is_too_large_is_refused_at_the_door(town, shopper):
    answer = shopper.post("/contact/", content=b"x" * 27_000_000)

    assert answer.status_code == 413
    assert not heard(town, "web1", "POST /contact/")
    assert not heard(town, "web2", "POST /contact/")


def test_a_web_container_that_is_killed_costs_nobody_a_page_but_one_that_was_being_sent(town):
    with walkers(town) as seen:
        town.wait_for(lambda: len(seen) > 20)
        town.kill("web2")
        after = len(seen)
        town.wait_for(lambda: len(seen) > after + 40)

    assert set(seen[: after + WALKERS]) <= {200, TORN}
    assert set(seen[after + WALKERS :]) == {200}


def test_one_that_is_told_to_stop_serves_who_is_inside_and_sends_others_on(town):
    with town.at("web1") as inside, town.shopper() as visitor:
        slow = Slow(inside)
        # Whoever came before somebody who was answered is inside.
        assert slow.has_begun.wait(60)
        with town.at("web1") as next_one:
            next_one.get("/healthz")
        stopping = town.end("web1")
        town.wait_for(lambda: is_shut(town, "web1"))
        others = [visitor.get("/").status_code for _one in range(3)]
        forms = [visitor.post("/search/").status_code for _one in range(3)]

        assert slow.goes_on() == 302
    assert stopping.wait(60) == 0
    assert set(others) == {200}
    # Searching takes no forms; that an application says so is what counts.
    assert set(forms) == {405}


def test_while_the_pooler_starts_again_some_are_asked_to_come_back(town):
    paths = ("/", "/search/?q={now}", "/cart/")
    with walkers(town, paths) as seen:
        town.wait_for(lambda: len(seen) > 10)
        town.end("pgbouncer").wait(30)
        town.start_pgbouncer()
        after = len(seen)
        town.wait_for(lambda: len(seen) > after + 20)
    with town.shopper() as visitor:
        town.wait_for(lambda: visitor.get(f"/search/?q={time.time()}").status_code == 200)

    assert set(seen) <= {200, 503}


def test_when_nobody_serves_the_proxy_says_so_in_the_shops_own_words(town, shopper):
    for name in ("web1", "web2", "tills1"):
        town.kill(name)

    page, form = shopper.get("/"), put_in_basket(shopper)

    for answer in (page, form):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.headers["Cache-Control"] == "no-store"
        assert AWAY in answer.text
    style = re.search(r'href="(/static/css/[^"]+)"', page.text)[1]
    assert shopper.get(style).status_code == 200


class Slow:
    """A form of which the second half comes when it is told to."""

    def __init__(self, inside):
        self.has_begun, self._more = threading.Event(), threading.Event()
        self._answer = None
        self._sender = threading.Thread(target=self._send, args=(inside,))
        self._sender.start()

    def goes_on(self):
        self._more.set()
        self._sender.join(60)
        return self._answer.status_code

    def _send(self, inside):
        self._answer = inside.post("/cart/lines/", content=self._halves(), headers=FORM)

    def _halves(self):
        yield HALVES[0]
        self.has_begun.set()
        self._more.wait(60)
        yield HALVES[1]


def is_shut(town, name):
    """Whether nobody new comes in there."""
    try:
        with town.at(name) as late:
            late.timeout = 1
            late.get("/healthz")
    except httpx.TransportError:
        return True
    return False


@contextmanager
def walkers(town, paths=("/", "/search/?q={now}", "/p/foot-ring-mug/?v={now}")):
    """Shoppers who walk about; the status of each answer is in the list they share."""
    seen, over = [], threading.Event()

    def walk():
        with town.shopper() as visitor:
            for path in cycle(paths):
                try:
                    seen.append(visitor.get(path.format(now=time.time())).status_code)
                except httpx.RemoteProtocolError:
                    seen.append(TORN)
                if over.is_set():
                    break

    threads = [threading.Thread(target=walk) for _one in range(WALKERS)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join(120)
