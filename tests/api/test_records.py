"""GET /v1/{kind}/{id}: single records, sanitised, tagged, and hidden where they are not for the caller."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/v1/articles/kb-1", "ArticleRecord"),
        ("/v1/templates/tpl-1", "TemplateRecord"),
        ("/v1/actions/refund", "ActionRecord"),
        ("/v1/cases/c-1", "CaseRecord"),
        ("/v1/pins/price", "PinRecord"),
    ],
)
def test_a_record_fits_its_schema_and_is_tagged(client, misfits, path, schema):
    reply = client.get(path)

    assert (reply.status_code, reply.content_type) == (200, "application/json")
    assert reply.headers["ETag"]
    assert misfits(reply.get_json(), schema) == []


def test_all_pins_are_listed_as_each_is_read(client, misfits):
    listed = client.get("/v1/pins").get_json()

    assert misfits(listed, "PinsAnswer") == []
    assert listed["pins"] == [client.get("/v1/pins/price").get_json()]


def test_a_record_has_the_field_names_of_the_contract(client):
    article = client.get("/v1/articles/kb-1").get_json()
    action = client.get("/v1/actions/refund").get_json()
    case = client.get("/v1/cases/c-1").get_json()

    assert (article["updated_at"], article["valid_from"], article["audience"]) == (
        "2026-05-04T10:30:00Z",
        None,
        ["public"],
    )
    assert action["when"] == {"field": "customer.segment", "op": "in", "value": ["privat", "gewerbe"]}
    assert action["steps"][1] == {"text": "Buchen", "url": "https://erp.example/buchen"}
    assert case["articles"] == [{"id": "kb-1", "after_message": 1}]
    assert case["actions"] == ["refund"]
    assert case["outcome"]["solved"] is True


def test_html_is_sanitised(client):
    body = client.get("/v1/articles/kb-1").get_json()["body"]

    assert body == "<p>Bitte prüfen.</p>"


def test_html_in_markdown_takes_no_effect_and_script_addresses_are_dropped(client):
    article = client.get("/v1/articles/kb-md").get_json()

    assert article["body"].endswith("Siehe <https://hilfe.example> &lt;img src=x onerror=alert(1)>")
    assert article["url"] is None


def test_an_unchanged_record_is_a_304(client):
    tag = client.get("/v1/articles/kb-1").headers["ETag"]

    same = client.get("/v1/articles/kb-1", headers={"If-None-Match": tag})
    other = client.get("/v1/articles/kb-1", headers={"If-None-Match": '"anders"'})

    assert (same.status_code, same.get_data()) == (304, b"")
    assert same.headers["ETag"] == tag
    assert other.status_code == 200


def test_equal_content_has_equal_tags_and_other_content_others(client):
    tags = [
        client.get(path).headers["ETag"] for path in ("/v1/articles/kb-1", "/v1/articles/kb-1", "/v1/articles/kb-md")
    ]

    assert tags[0] == tags[1] != tags[2]


def test_unknown_and_invisible_records_cannot_be_told_apart(client):
    def told(record_id):
        reply = client.get(f"/v1/articles/{record_id}", headers={"X-Request-Id": "r"})
        problem = reply.get_json()
        problem["instance"] = problem["instance"].replace(record_id, "ID")
        headers = {name: value for name, value in reply.headers if name != "Content-Length"}
        return reply.status_code, problem, headers

    assert told("kb-intern") == told("kb-nirgends")
    assert told("kb-intern")[0] == 404


@pytest.mark.parametrize(
    "path", ["/v1/articles/a%2Fb", "/v1/articles/", "/v1/articles", "/v1/books/kb-1", "/v1/cases/kb-1"]
)
def test_what_is_not_there_is_a_404(client, path):
    reply = client.get(path)

    assert (reply.status_code, reply.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize("record_id", ["%00", "%FF%FE", "a" * 5_000, "%E2%80%AE", "..", "'; DROP TABLE--"])
def test_odd_ids_are_a_404(client, record_id):
    assert client.get(f"/v1/articles/{record_id}").status_code == 404


def test_who_solved_a_case_is_told_to_nobody(client):
    assert "agent" not in client.get("/v1/cases/c-1").get_json()


def test_cases_are_never_kept_on_the_way(client):
    assert client.get("/v1/cases/c-1").headers["Cache-Control"] == "no-store"
    assert client.get("/v1/articles/kb-1").headers["Cache-Control"] == "private, no-cache"


def test_audiences_of_the_service_reach_the_engine(client, engine):
    client.get("/v1/actions/refund")

    assert engine.asked == [("actions", "refund", frozenset({"public"}))]
