"""Origins are named one by one, in the form in which browsers send them."""

from __future__ import annotations

import pytest

from assist.loopback import host_in_url, is_loopback
from assist.origins import host_of, parse_origin


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://crm.example", "https://crm.example"),
        (" HTTPS://Crm.Example:443 ", "https://crm.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://crm.example:80", "http://crm.example"),
        ("http://crm.example:443", "http://crm.example:443"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://xn--mller-kva.example", "https://xn--mller-kva.example"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(text: str, origin: str) -> None:
    assert parse_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "null",
        "crm.example",
        "https://*.example",
        "https://",
        "https://crm.example/",
        "https://crm.example/widget",
        "https://crm.example?x",
        "https://crm.example#x",
        "https://user@crm.example",
        "https://crm.example:0",
        "https://crm.example:65536",
        "https://crm.example:",
        "https://müller.example",
        "https://crm.example\n.evil.example",
        "ftp://crm.example",
        "javascript://crm.example",
        "file:///x",
        "https://" + "a" * 1_000,
    ],
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"https://crm\.example or"):
        parse_origin(text)


def test_the_host_of_an_origin_is_what_a_host_header_says() -> None:
    assert (host_of("https://crm.example"), host_of("http://[::1]:8080")) == ("crm.example", "[::1]:8080")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST", "::1"])
def test_this_machine_is_known_by_its_own_addresses(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "10.0.0.1", "localhost.evil.example", "127.0.0.1.evil.example"])
def test_nothing_else_is_this_machine(host: str) -> None:
    assert not is_loopback(host)


def test_only_ipv6_stands_in_brackets() -> None:
    assert [host_in_url(host) for host in ("::1", "127.0.0.1", "localhost")] == ["[::1]", "127.0.0.1", "localhost"]
