"""Malformed, endless and clever input at the running shop: answered in time, and never by a fault."""

import csv
import io
import re
import socket
import time
from urllib.parse import quote

import pytest

from tests.running.visitors import add, browser, staff, token

# Seconds that one request may take on a busy machine; the database gives up after 15.
PATIENCE = 12
PAGES = ["/", "/c/mugs/", "/search/", "/p/foot-ring-mug/", "/search/suggest/", "/cart/", "/checkout/",
         "/orders/lookup/", "/withdraw/", "/gift-cards/", "/account/login/", "/wishlist/"]  # fmt: skip
QUERIES = [
    "q=%00", "q=%ff%fe", "q=%c0%ae", "q=%ed%a0%80", "sort=checkbox", "sort=password", "page=²",
    "page=%D9%A3", "page=-1", "page=9999999999999999999999", "page=1e9", "price=NaN-Infinity",
    "next=%0d%0aSet-Cookie:%20a=b", "__proto__=1", "q=" + "a" * 6000, "q=(a%2B)%2B%24" * 20,
    "&".join(f"glaze={n}" for n in range(400)), "&".join(f"a{n}=b" for n in range(3000)),
]  # fmt: skip
SLEEP = [
    "'; select pg_sleep(9)--", "' or pg_sleep(9)::text = '", "1); select pg_sleep(9);--",
    "mug') or 1=(select 1 from pg_sleep(9))--", "\\'; drop table catalog_product;--",
]  # fmt: skip
NAMES = ["q", "sort", "page", "price", "glaze", "v", "category", "exact", "t", "order"]


@pytest.fixture
def visitor(house):
    with browser(house.url) as one:
        yield one


@pytest.fixture(scope="module")
def owner(house):
    with staff(house, "owner") as one:
        yield one


def answered(answer, what):
    assert answer.status_code < 500, what
    assert answer.elapsed.total_seconds() < PATIENCE, what
    assert "Traceback" not in answer.text
    assert "a" not in answer.cookies
    return answer


@pytest.mark.parametrize("page", PAGES)
def test_25_27_29_no_query_breaks_or_stops_a_page(visitor, page):
    for query in QUERIES:
        answered(visitor.get(f"{page}?{query}"), (page, query[:60]))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain; charset=utf-7", b"+ADw-script+AD4-"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfes\x00"),
        ("application/x-www-form-urlencoded", b"sku=%00&quantity=%ff"),
        ("application/x-www-form-urlencoded", b"a=b&" * 9000),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
        ("application/json", b"[" * 100_000),
        ("application/x-www-form-urlencoded", b"sku=" + b"m" * 3_000_000),
    ],
)
def test_25_no_body_breaks_a_page(visitor, kind, body):
    for page in (
        "/cart/lines/",
        "/account/login/",
        "/checkout/",
        "/webhooks/stripe/",
        "/csp-report/",
    ):
        answer = visitor.post(page, content=body, headers={"Content-Type": kind})
        answered(answer, (page, kind))


def test_25_no_method_and_no_path_breaks_the_shop(visitor):
    for method in ("TRACE", "PUT", "DELETE", "PATCH", "LOOM"):
        found = answered(visitor.request(method, "/checkout/"), method)
        assert found.status_code in (400, 403, 404, 405), method
    for path in (
        "/%00",
        "/p/%ff/",
        "/..%2f..%2fetc/passwd",
        "/.git/config",
        "/.env",
        f"/p/{'a' * 4000}/",
    ):
        assert visitor.get(path).status_code in (400, 404, 414), path


@pytest.mark.parametrize("length", [b"0", b"5\r\nTransfer-Encoding: chunked"])
def test_25_an_ambiguous_length_is_not_read_two_ways(house, length):
    """A second request hidden in the body of the first is never answered."""
    hidden = b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    request = b"POST /cart/lines/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + length
    with socket.create_connection(("127.0.0.1", house.port), timeout=30) as line:
        line.sendall(request + b"\r\nConnection: close\r\n\r\n" + hidden)
        seen = b""
        while part := line.recv(65_536):
            seen += part

    assert b"User-agent" not in seen


def test_26_a_form_of_endless_rows_is_not_counted_out(house, owner):
    pk = house.value("select min(id) from catalog_product")
    page = f"/admin/catalog/product/{pk}/change/"
    form = owner.get(page)
    rows = dict.fromkeys(re.findall(r'name="([\w-]+-TOTAL_FORMS)"', form.text), str(2**63 - 1))
    assert rows

    answer = owner.post(page, data={"csrfmiddlewaretoken": token(owner, page), **rows})

    assert answer.status_code < 500
    # The form with its mistakes, not with the rows it was told of.
    assert len(answer.content) < 20_000_000


@pytest.mark.parametrize(
    "name",
    ["Zoë 👩🏽‍🍳 Ng", "שלום עליכם", "\u202eevil\u202c", "a\u200b\ufeffb", "e\u0301" * 40, "x" * 5000,
     "nul\x00byte", "bell\x07\x1b[31m", "line\r\nBcc: all@example.com"],
)  # fmt: skip
def test_28_odd_letters_are_kept_well_or_refused_in_words(house, visitor, name):
    add(visitor)
    email = f"letters{time.time_ns()}@example.com"
    page = visitor.get("/checkout/").text
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page))

    answer = visitor.post("/checkout/", data={
        **fields, "email": email.upper(), "name": name, "line1": "12 Analytical Row",
        "city": "London", "postcode": "N1 9GU", "country": "GB",
        "shipping_method": "royal-mail-48", "payment_method": "bank_transfer",
    })  # fmt: skip

    assert answer.status_code in (302, 422), answer.status_code
    kept = house.rows("select name from orders_order where lower(email) = %s", email)
    assert len(kept) == (answer.status_code == 302)
    for (text,) in kept:
        assert not re.search(r"[\x00-\x1f\x7f]", text)
        assert text == text.strip()


@pytest.mark.parametrize("text", SLEEP)
def test_31_no_text_reaches_the_database_as_sql(house, visitor, text):
    for page in ("/search/", "/c/mugs/", "/search/suggest/", "/orders/1/", "/withdraw/"):
        for name in NAMES:
            answer = visitor.get(f"{page}?{name}={quote(text)}")
            answered(answer, (page, name))
            assert answer.elapsed.total_seconds() < 8, (page, name)
    form = {"number": text, "email": "a@example.com"}
    page = "/orders/lookup/"
    answered(visitor.post(page, data={"csrfmiddlewaretoken": token(visitor, page), **form}), text)

    assert house.value("select count(*) from catalog_product") > 0


@pytest.mark.parametrize("column", ["password", "email", "pg_sleep(9)", "-id;select 1", "1.2.3.-4"])
def test_31_staffs_lists_sort_and_filter_by_what_they_show_only(owner, column):
    for query in (
        f"o={quote(column)}",
        f"{quote(column)}__startswith=a",
        f"user__{quote(column)}=1",
    ):
        answer = answered(owner.get(f"/admin/orders/order/?{query}"), query)
        assert answer.status_code in (200, 302, 400), query


def test_18_a_name_is_no_formula_in_a_table(house, visitor, owner):
    add(visitor)
    page = visitor.get("/checkout/").text
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page))
    answer = visitor.post("/checkout/", data={
        **fields, "email": "formula@example.com", "name": '=HYPERLINK("http://loom.example")',
        "line1": "@SUM(1+9)*cmd", "city": "+London", "postcode": "N1 9GU", "country": "GB",
        "shipping_method": "royal-mail-48", "payment_method": "bank_transfer",
    })  # fmt: skip
    assert answer.status_code == 302

    table = owner.get("/dashboard/orders.csv")

    assert table.status_code == 200
    cells = [cell for row in csv.reader(io.StringIO(table.text)) for cell in row]
    assert not [cell for cell in cells if re.match(r"[=@\t\r]|[+-](?![\d.,]*$)", cell)]
