"""Attacks by what is stored and what is asked: every answer holds them as data, or not at all."""

from __future__ import annotations

import csv
import logging
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from assist.api.access import PASSED_ON
from corpus.models import Action as ActionRecord
from corpus.models import Article, Case, Kind, Outcome, Record, Step, Template, Use
from corpus.safe_html import TAGS, URL_SCHEMES
from corpus.times import parse_time
from evaluation.metrics import METRICS
from evaluation.per_query import Outcome as Row
from evaluation.per_query import write_per_query
from tests.security.checks import check_problem
from tests.security.toy_service import Indexer, client_of

CALLER = frozenset({"public"})
HTML = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    '<img src="https://evil.example/pixel.png">',
    "<svg onload=alert(1)><circle/></svg>",
    "<svg><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\nscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)" onclick="alert(1)">x</a>',
    '<iframe src="https://evil.example"></iframe>',
    '<object data="x"></object><embed src="x">',
    '<form action="https://evil.example"><input name=a><button formaction="javascript:alert(1)">x</button></form>',
    '<style>@import "https://evil.example/x.css";</style><p style="background:url(https://evil.example)">x</p>',
    '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<link rel=stylesheet href="https://evil.example/x.css">',
    "<p id=x class=y data-z=1 onmouseover=alert(1)>x",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<details open ontoggle=alert(1)>x</details><video src=x onerror=alert(1)></video>",
    "<p>unclosed <b>bold <i>it",
    "<<script>script>alert(1)</script>",
    "\x3cscript\x3ealert(1)\x3c/script\x3e",
]
VALUES = [
    "{{ agent.name }}",
    "{{ 7 | times: 7 }}",
    "{% for a in (1..9999999) %}x{% endfor %}",
    "{% include 'secret' %}",
    "{%- assign x = agent.name -%}{{ x }}",
    "[[contact.email]]",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{!Contact.FirstName}",
    "{{ ''.__class__.__mro__ }}",
    "{0.__class__}%s%(a)s",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
]
DAY = parse_time("2026-03-01T09:00:00Z")


class Reader(HTMLParser):
    """Collects the tags, attributes and links that a browser would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


def _check_html(html: str) -> None:
    reader = Reader()
    reader.feed(html)
    assert reader.tags <= TAGS
    assert reader.attributes <= {"href", "title", "start", "colspan", "rowspan", "scope", "rel"}
    for link in reader.links:
        scheme = re.match(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):", link)
        assert scheme is None or scheme[1].lower() in URL_SCHEMES
    assert not re.search(r"<!(?!--)|<!--", html)


def _records(payload: str) -> dict[Kind, list[Record]]:
    case = Case(
        id="c1",
        subject=f"Rechnung {payload}",
        description=f"Rechnung doppelt {payload}",
        language="de",
        resolution=f"Erstattet {payload}",
        closed_at=DAY,
        articles=(Use(id="html"),),
        outcome=Outcome(solved=True),
    )
    text = f"Rechnung doppelt {payload}"
    return {
        "articles": [
            Article(id="html", title=text, body=f"<p>Rechnung doppelt</p>{payload}", language="de", format="html"),
            Article(id="markdown", title=text, body=f"# Rechnung\n\n{text}", language="de", url="javascript:alert(1)"),
        ],
        "templates": [
            Template(id="t-html", name=text, body=f"<p>Rechnung</p>{payload}", language="de", format="html"),
        ],
        "actions": [
            ActionRecord(id="x", name=text, description=text, steps=(Step(text=payload, url="javascript:alert(1)"),))
        ],
        "cases": [case],
    }


@pytest.mark.parametrize("payload", HTML)
def test_stored_html_comes_out_clean_or_as_data(indexer: Indexer, payload: str) -> None:
    client = client_of(indexer.suggester(_records(payload)), CALLER)
    body = {"case": {"description": "Rechnung doppelt"}, "min_confidence": 0, "as_of": "2026-06-01T00:00:00Z"}
    replies = {
        "suggest": client.post("/v1/suggest", json=body),
        "search": client.post(
            "/v1/search", json={"query": "Rechnung", "kinds": ["articles", "templates", "actions", "cases"]}
        ),
        "article": client.get("/v1/articles/html"),
        "markdown": client.get("/v1/articles/markdown"),
        "template": client.get("/v1/templates/t-html"),
        "action": client.get("/v1/actions/x"),
        "case": client.get("/v1/cases/c1"),
    }
    for name, reply in replies.items():
        # What is not HTML by its type is never run: neither by a browser nor by one that guesses.
        assert (name, reply.status_code, reply.content_type) == (name, 200, "application/json")
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    answer = replies["suggest"].get_json()
    assert answer["articles"]
    assert answer["actions"]
    assert answer["similar_cases"]
    for template in answer["templates"]:
        _check_html(template["html"])
    for html in (replies["article"].get_json()["body"], replies["template"].get_json()["body"]):
        _check_html(html)
    assert not re.search(r"<(?=[A-Za-z/!?])", replies["markdown"].get_json()["body"])
    assert replies["markdown"].get_json()["url"] is None
    assert all(step["url"] is None for step in replies["action"].get_json()["steps"])
    assert all(step["url"] is None for action in answer["actions"] for step in action["steps"])
    assert all(article["url"] is None for article in answer["articles"])


FILLED: dict[Kind, list[Record]] = {
    "templates": [
        Template(
            id="text",
            name="Rechnung",
            subject="Zu {{ case.subject }}",
            body="Rechnung von {{ contact.last_name }}, {{ customer.segment }}, {{ contact.first_name }}",
            language="de",
        ),
        Template(
            id="html",
            name="Rechnung",
            body="<p title='{{ contact.first_name }}'>Rechnung {{ contact.last_name }} {{ customer.segment }}</p>",
            language="de",
            format="html",
        ),
    ]
}


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_never_evaluated_again(indexer: Indexer, value: str) -> None:
    client = client_of(indexer.suggester(FILLED), CALLER)
    body = {
        "case": {"subject": f"Rechnung {value}", "customer": {"segment": value}},
        "context": {"contact": {"last_name": value, "first_name": value}, "agent": {"name": "GEHEIMNAME"}},
        "kinds": ["templates"],
        "min_confidence": 0,
    }
    by_id = {each["id"]: each for each in client.post("/v1/suggest", json=body).get_json()["templates"]}

    shown = " ".join(value.split())
    assert by_id["text"]["subject"] == f"Zu Rechnung {shown}"
    assert by_id["text"]["text"] == f"Rechnung von {shown}, {shown}, {shown}"
    _check_html(by_id["html"]["html"])
    reader = _Text()
    reader.feed(by_id["html"]["html"])
    assert "".join(reader.parts) == f"Rechnung {shown} {shown}"
    for template in by_id.values():
        assert "GEHEIMNAME" not in str(template)
        assert template["warnings"] == []


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


@pytest.fixture
def client(indexer: Indexer) -> FlaskClient:
    return client_of(indexer.suggester(_records("x")), CALLER)


PATHS = [
    "../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "..%5c..%5cboot.ini",
    "%2e%2e%2f%2e%2e%2fsecret.key",
    "....//....//etc/passwd",
    "%00",
    "html%00.txt",
    "%ff%fe",
    "/etc/passwd",
    "file:///etc/passwd",
    "~root",
    "html;v=1",
    "html%20",
    "HTML",
    "%E2%80%AEhtml",
    "*",
    "' OR 1=1 --",
    "x" * 3_000,
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("folder", ["/v1/articles/", "/v1/cases/", "/docs/", "/v1/", "/"])
def test_no_path_leads_out_of_what_is_served(client: FlaskClient, folder: str, path: str) -> None:
    check_problem(client.get(folder + path), {404})


@pytest.mark.parametrize(
    "sent", ["a\r\nSet-Cookie: a=1", "a\nb", "a\x00", "\r\n\r\n<html>", "a" * 65, "ä", "%0d%0aX: y", "a;b", " ", "a b"]
)
def test_a_request_id_brings_no_header_with_it(client: FlaskClient, sent: str) -> None:
    reply = client.get("/healthz", environ_overrides={"HTTP_X_REQUEST_ID": sent})

    assert re.fullmatch(r"[0-9a-f]{32}", reply.headers["X-Request-Id"])
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize(
    "header",
    [
        ("Host", "evil.example"),
        ("X-Forwarded-Host", "evil.example"),
        ("Forwarded", "host=evil.example"),
        ("X-Original-Url", "/v1/evil.example"),
        ("Origin", "https://evil.example"),
        ("Referer", "https://evil.example/<script>"),
        ("User-Agent", "evil.example <script>"),
        ("Accept", "text/html, evil.example"),
        ("If-None-Match", 'W/"evil.example, "\x80'),
        ("If-Modified-Since", "evil.example"),
        ("Range", "bytes=-1,evil.example"),
        ("Cookie", "session=evil.example"),
        ("X-Http-Method-Override", "DELETE"),
    ],
    ids=lambda pair: pair[0],
)
def test_no_header_of_the_caller_comes_back(client: FlaskClient, header: tuple[str, str]) -> None:
    for path in ("/v1/articles/html", "/docs", "/openapi.json", "/nowhere", "/healthz"):
        reply = client.get(path, headers=[header])

        # Without a key nobody may ask under another host name, which may be a page's, nor through a proxy.
        elsewhere = header[0] in ("Host", *PASSED_ON)
        expected = 401 if elsewhere and path.startswith("/v1/") else 200
        assert reply.status_code == (404 if path == "/nowhere" else expected)
        assert b"evil.example" not in reply.get_data()
        assert "evil.example" not in str(reply.headers)
        assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.mark.parametrize("echo", ["<script>alert(1)</script>", "%3Cscript%3E", '"><svg onload=alert(1)>', "{{7*7}}"])
def test_an_error_page_runs_nothing_of_what_was_asked(client: FlaskClient, echo: str) -> None:
    for reply in (
        client.get(f"/{echo}"),
        client.get(f"/v1/articles/{echo}?q={echo}"),
        client.open("/healthz", method="POST", query_string=echo),
        client.post(f"/v1/suggest?{echo}", data=echo, content_type="application/json"),
        client.post("/v1/suggest", data=echo, content_type=f"text/html; {echo}"),
    ):
        problem = check_problem(reply, {400, 404, 405, 415})
        assert not set("<>\"'{}") & set(problem.instance)
        assert "{{7*7}}" in problem.detail or "49" not in problem.detail
        assert len(problem.detail) < 200


@pytest.mark.parametrize(
    "evil", ["a\nrequest_id=fake status=200", "a\r\nERROR forged", "\x1b[31mred", "a\x85b", "%s%n"]
)
def test_a_log_line_stays_one_line_and_says_nothing_of_the_callers(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, evil: str
) -> None:
    caplog.set_level(logging.DEBUG)
    client.get("/healthz", environ_overrides={"HTTP_X_REQUEST_ID": evil})
    client.get("/", environ_overrides={"PATH_INFO": f"/{evil}", "QUERY_STRING": evil, "HTTP_USER_AGENT": evil})
    client.open("/healthz", environ_overrides={"REQUEST_METHOD": evil})
    client.post("/v1/suggest", json={"case": {"subject": evil, evil: 1}})

    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 4
    assert all(re.fullmatch(r"request_id=[0-9a-f]{32} key=- method=\S+ route=\S+ [ -~]*", line) for line in lines)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")'])
def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path, cell: str) -> None:
    metrics: dict[str, Any] = dict.fromkeys(METRICS, 0.0)
    row = Row(
        kind="articles", question=cell, group=cell, system=cell, metrics=metrics, first_item=cell, slices={cell: cell}
    )
    write_per_query(tmp_path / "q.csv", [row])

    with (tmp_path / "q.csv").open(encoding="utf-8", newline="") as file:
        cells = [value for line in csv.reader(file) for value in line]
    assert sum(cell.strip() in value for value in cells) >= 5
    assert not [value for value in cells if value[:1] in "=+-@\t\r" and value]
