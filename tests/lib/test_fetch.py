"""The shop asks the open internet only, for so much, for so long."""

import socket
import time

import pytest

from shop.lib.fetch import BadAnswer, TooLarge, WrongKind, safe_fetch
from shop.lib.network import AddressRefused, FetchRefused, NotReached, is_public
from tests.lib.webserver import Answer, serving

PNG = Answer(b"\x89PNG not really")


def fetch(url, *, server=None, max_bytes=1_000_000, timeout=5, kinds=("image/png",), **more):
    trusted = {server.door} if server else set()
    return safe_fetch(
        url, max_bytes=max_bytes, timeout=timeout, kinds=kinds, trusted=trusted, **more
    )


def test_brings_the_bytes_and_their_kind():
    answer = Answer(b"pixels", kind="Image/PNG; charset=binary")

    with serving({"/a.png": answer}) as server:
        fetched = fetch(f"{server.url}/a.png", server=server)

    assert (fetched.content, fetched.kind) == (b"pixels", "image/png")
    assert fetched.url.endswith("/a.png")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1"),  # noqa: S104
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0", "2001:db8::1", "not an address"),
    ],
)
def test_private_and_special_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "151.101.1.140", "2606:4700::6810:84e5"])
def test_addresses_of_the_open_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://example.com/a", "gopher://example.com", "//example.com/a"),
        *("data:image/png;base64,AAAA", "http://", "nonsense", "http://user:pw@example.com/a.png"),
        *("http://example.com:22/", "http://example.com:6379/", "http://[::1", "http://exa mple/"),
        "https://example.com/" + "a" * 3000,
    ],
)
def test_only_plain_web_addresses_are_asked(url):
    def never(host, port):
        raise AssertionError("a refused address was looked up")

    with pytest.raises(AddressRefused):
        fetch(url, resolver=never)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"),
        *("http://2130706433/", "http://0x7f.1/", "http://0/", "http://169.254.169.254/latest/"),
    ],
)
def test_this_machine_and_its_network_are_refused_however_they_are_written(url):
    with pytest.raises(AddressRefused):
        fetch(url)


def test_a_name_with_one_private_address_among_others_is_refused():
    def two_faced(host, port):
        return ["8.8.8.8", "10.0.0.5"]

    with pytest.raises(AddressRefused):
        fetch("http://two-faced.example/a.png", resolver=two_faced)


def test_a_name_is_looked_up_once_and_the_checked_address_is_asked():
    asked = []

    def turning(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.5"]

    with serving({"/a.png": PNG}) as server:
        url = f"http://turning.example:{server.port}/a.png"
        fetched = fetch(url, server=server, resolver=turning)

    assert fetched.content == PNG.body
    assert asked == ["turning.example"]


def test_an_unknown_name_may_be_known_later():
    def unknown(host, port):
        raise socket.gaierror

    with pytest.raises(NotReached) as refusal:
        fetch("http://nobody.example/a.png", resolver=unknown)

    assert refusal.value.is_passing
    assert "nobody.example" in refusal.value.message


def test_follows_three_redirects():
    hops = {f"/{n}": Answer(status=302, headers={"Location": f"/{n + 1}"}) for n in range(3)}

    with serving({**hops, "/3": PNG}) as server:
        fetched = fetch(f"{server.url}/0", server=server)

    assert fetched.url.endswith("/3")


def test_refuses_the_fourth_redirect():
    hops = {f"/{n}": Answer(status=301, headers={"Location": f"/{n + 1}"}) for n in range(4)}

    with serving({**hops, "/4": PNG}) as server, pytest.raises(AddressRefused):
        fetch(f"{server.url}/0", server=server)

    assert "/4" not in server.asked


@pytest.mark.parametrize(
    "target",
    [
        *("http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "http://[::1]/"),
        *(
            "file:///etc/passwd",
            "http://10.0.0.1/a.png",
            "http://127.0.0.1:1/",
            "http://a:b@x.com/",
        ),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(target):
    answers = {"/a": Answer(status=302, headers={"Location": target})}

    with serving(answers) as server, pytest.raises(AddressRefused):
        fetch(f"{server.url}/a", server=server)


def test_stops_reading_at_the_limit_whatever_the_server_promised():
    def endless(stream):
        for _ in range(1000):
            stream.write(b"x" * 10_000)

    with serving({"/a": Answer(write=endless)}) as server, pytest.raises(TooLarge) as refusal:
        fetch(f"{server.url}/a", server=server, max_bytes=2_000_000)

    assert refusal.value.message == "The file is larger than 2 MB."


def test_does_not_begin_to_read_what_is_announced_as_too_large():
    answer = Answer(write=lambda stream: None, headers={"Content-Length": "3000000"})

    with serving({"/a": answer}) as server, pytest.raises(TooLarge):
        fetch(f"{server.url}/a", server=server)


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "", "application/json"])
def test_refuses_other_kinds(kind):
    with serving({"/a": Answer(b"<svg/>", kind=kind)}) as server, pytest.raises(WrongKind):
        fetch(f"{server.url}/a", server=server)


def test_refuses_packed_bytes():
    answer = Answer(b"..", headers={"Content-Encoding": "gzip"})

    with serving({"/a": answer}) as server, pytest.raises(WrongKind):
        fetch(f"{server.url}/a", server=server)


@pytest.mark.parametrize(
    ("status", "is_passing"), [(404, False), (403, False), (503, True), (429, True)]
)
def test_says_what_the_server_answered_and_whether_to_try_again(status, is_passing):
    with serving({"/a": Answer(status=status)}) as server, pytest.raises(BadAnswer) as refusal:
        fetch(f"{server.url}/a", server=server)

    assert (refusal.value.status, refusal.value.is_passing) == (status, is_passing)


def test_a_dripping_server_does_not_hold_us_beyond_the_deadline():
    def drip(stream):
        for _ in range(100):
            stream.write(b"x")
            stream.flush()
            time.sleep(0.1)

    started = time.monotonic()

    with serving({"/a": Answer(write=drip)}) as server, pytest.raises(NotReached):
        fetch(f"{server.url}/a", server=server, timeout=0.6)

    assert time.monotonic() - started < 3


def test_a_broken_line_may_work_later():
    answer = Answer(b"short", write=lambda stream: None, headers={"Content-Length": "500"})

    with serving({"/a": answer}) as server, pytest.raises(FetchRefused) as refusal:
        fetch(f"{server.url}/a", server=server)

    assert refusal.value.is_passing
