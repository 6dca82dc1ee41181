"""Hostile values and templates by the thousand: what comes out is checked, and how long each took is measured.

    python -m tests.security.fillings --pairs 5000

prints how many pairs were filled and the milliseconds of processor time they took.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
import unicodedata
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assist.mergefields import MAX_VALUE
from assist.models import RenderedTemplate
from assist.templates import render
from corpus.merge_syntax.maps import shipped_maps
from corpus.models import Case, Template
from corpus.safe_html import TAGS

PAIRS = 5_000
SYNTAXES = ["liquid", *(syntax.name for syntax in shipped_maps().distinct())]
CODE = [
    "{{ 7 | times: 6 }}", "{{ 7 * 6 }}", "{% assign x = 42 %}{{ x }}", "{{ contact.email }}", "{{ agent.secret }}",
    "{{ self.__init__.__globals__ }}", "{{ ''.__class__.__mro__ }}", "{% raw %}", "{% endraw %}", "{# x #}", "{{", "}}",
    "{%", "%}", "${7*6}", "#{7*6}", "{!Contact.Email}", "{{{Recipient.Email}}}", "[[contact.email]]", "%s", "{0}", "$1",
]  # fmt: skip
HTML = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</p><p>", "<b>", "\" onmouseover=\"alert(1)", "'>",
    "&lt;script&gt;", "&#60;i&#62;", "javascript:alert(1)", "<!--", "-->", "]]>", "<a href='//x.example'>", "</title>",
]  # fmt: skip
SIGNS = [
    "\x00",
    "\x07",
    "\n",
    "\r\n",
    "\u2028",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufeff",
    "\u0301",
    "שלום",
    "مرحبا",
    "🙂",
    "ß",
]
MARKS = [
    "{{ contact.first_name }}", "{{ contact.first_name | upcase }}", "{{ contact.first_name | default: 'x' }}",
    "{% if contact.first_name %}", "{% endif %}", "{% for x in contact.first_name %}", "{% endfor %}", "{{ x }}",
    "{{ contact.greeting }}", "{{ case.subject | date_long }}", "{{ customer.amount | amount }}", "{{ customer.a.b }}",
    "{!Contact.FirstName}", "{{ order.orderCustomer.firstName|raw }}", "#{ticket.customer.firstname}",
    "<p>", "</p>", "<a href='{{ contact.first_name }}'>", "<b title={{ contact.first_name }}>", "<script>", "</script>",
]  # fmt: skip


class Pair(NamedTuple):
    """A value, and the body of a template that it is to be filled into."""

    value: str
    body: str
    syntax: str


def _long(pieces: Sequence[str], times: int) -> str:
    return ("".join(pieces) * times)[:100_000]


values = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from([*CODE, *HTML, *SIGNS]) | st.text(max_size=6), max_size=8).map("".join),
    st.builds(_long, st.lists(st.sampled_from([*CODE, *HTML, *SIGNS, "x"]), min_size=1, max_size=4), st.just(100_000)),
)
bodies = st.lists(st.sampled_from([*MARKS, *CODE, *HTML]) | st.text(max_size=10), max_size=10).map("".join)
pairs = st.builds(Pair, value=values, body=bodies, syntax=st.sampled_from(SYNTAXES))


class Page(HTMLParser):
    """Tags and attributes as a browser would see them, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def fill(body: str, value: str, *, form: str = "text", syntax: str = "liquid") -> RenderedTemplate:
    """Return the template with the value in every field that it may stand in."""
    template = Template(id="t", name="n", language="de", body=body, format=form, syntax=syntax, subject=body[:200])  # type: ignore[arg-type]
    case = Case(id="1", subject=value, product=value, customer={"a": value, "amount": value})
    context: dict[str, Any] = {"contact": {"first_name": value, "last_name": value, "email": "geheim@example.org"}}
    return render(template, case, context, company={"name": value}, language="de")


def as_written(value: str) -> str:
    """Return how a value stands in a letter: one line, without invisible signs; a gap where it is none."""
    line = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in value)
    line = " ".join("".join(sign for sign in line if unicodedata.category(sign) != "Cf").split())
    return line if line and len(value) <= MAX_VALUE else "[[contact.first_name]]"


def check_value(value: str) -> None:
    """Check that a value stands in text and HTML letter by letter: never evaluated, never a tag."""
    written = as_written(value)
    text = fill("Hallo {{ contact.first_name }}!", value)
    assert text.text == f"Hallo {written}!"
    assert text.warnings == ()
    html = fill("<p>Hallo <b>{{ contact.first_name }}</b>!</p>", value, form="html").html
    page = Page(html or "")
    assert page.tags == ["p", "b"]
    assert page.attributes == []
    # An editor of HTML knows no NUL and the like, and reads some signs as others; letters and marks it keeps.
    assert _seen(page.text) == _seen(f"Hallo {written}!")


def check_pair(pair: Pair) -> None:
    """Check that whatever template meets whatever value, nothing is raised and no HTML gets through that may not."""
    assert isinstance(fill(pair.body, pair.value, syntax=pair.syntax).text, str)
    html = fill(pair.body, pair.value, form="html", syntax=pair.syntax).html
    page = Page(html or "")
    assert set(page.tags) <= TAGS
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert not (name == "href" and value.strip().lower().startswith(("javascript:", "data:", "vbscript:")))
    assert "geheim@example.org" not in as_written(pair.value)


def _seen(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill so many pairs and print how long that took."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.fillings", description="Fill hostile templates.")
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"how many pairs ({PAIRS})")
    took: list[float] = []

    @settings(max_examples=parser.parse_args(arguments).pairs, deadline=None, suppress_health_check=list(HealthCheck))
    @given(pair=pairs, form=st.sampled_from(["text", "html"]))
    def measure(pair: Pair, form: str) -> None:
        gc.disable()  # Hypothesis keeps so much that looking for garbage takes longer than what is measured
        started = time.thread_time()
        fill(pair.body, pair.value, form=form, syntax=pair.syntax)
        took.append((time.thread_time() - started) * 1000)
        gc.enable()

    fill(
        "<p>{{ contact.first_name }}</p>", "x", form="html", syntax="shopware"
    )  # what is loaded once is loaded when a service starts
    measure()
    took.sort()
    shares = {"median": 0.5, "99th percentile": 0.99, "99.9th percentile": 0.999}
    told = ", ".join(f"{name} {took[int(share * len(took))]:.2f}" for name, share in shares.items())
    print(f"{len(took)} pairs filled; milliseconds: {told}, most {took[-1]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
