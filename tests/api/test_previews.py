"""A template before it is saved: what is wrong with it, by line and column, and how it reads."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from assist.previews import TemplatePreviews
from tests.api.conftest import FakeSource
from tests.local_services import local_services

CONTEXT = {"contact": {"last_name": "Brandt", "salutation": "Herr"}}


def look(client: FlaskClient, **template: Any) -> dict[str, Any]:
    asked = {"template": {"name": "Neu", "language": "de", **template}, "context": CONTEXT}
    reply = client.post("/v1/templates/preview", json=asked)
    assert reply.status_code == 200, reply.get_json()
    found: dict[str, Any] = reply.get_json()
    return found


def test_a_good_template_is_filled(client, misfits):
    found = look(client, body="Guten Tag {{ contact.last_name }},\n{{ agent.name }}")

    assert found["findings"] == []
    assert found["rendered"]["text"] == "Guten Tag Brandt,\n[[agent.name]]"
    assert found["rendered"]["missing_fields"] == ["agent.name"]
    assert misfits(found, "PreviewAnswer") == []


def test_what_is_doubtful_is_told_with_line_and_column_and_filled_all_the_same(client, misfits):
    found = look(client, body="Guten Tag\n  {{ contact.lastname }}")

    (remark,) = found["findings"]
    assert (remark["severity"], remark["code"], remark["pointer"]) == ("warning", "unknown-field", "/body")
    assert (remark["line"], remark["column"]) == (2, 6)
    assert "perhaps contact.last_name" in remark["detail"]
    assert "[[contact.lastname]]" in found["rendered"]["text"]
    assert misfits(found, "PreviewAnswer") == []


def test_what_cannot_be_saved_is_told_and_not_filled(client):
    found = look(client, body="Guten Tag\n{% if x %}")

    assert found["rendered"] is None
    assert [(each["severity"], each["pointer"]) for each in found["findings"]] == [("refused", "/body")]
    assert found["findings"][0]["line"] is not None
    assert look(client)["findings"][0]["pointer"] == "/body"


def test_html_comes_back_sanitised_and_the_company_is_that_of_the_deployment(source: FakeSource):
    from assist.app import create_app

    services = local_services(source, previews=TemplatePreviews(company={"name": "Stadtwerke"}))
    body = '<p onclick="x()">{{ company.name }} {{ contact.last_name }}</p><script>x()</script>'
    found = look(create_app(services).test_client(), body=body, format="html")

    assert found["rendered"]["html"] == "<p>Stadtwerke Brandt</p>"


def test_a_template_whose_id_is_preview_can_still_be_read_and_written(client):
    assert client.get("/v1/templates/preview").status_code == 404
    written = client.put("/v1/templates/preview", json={"name": "x", "body": "x", "language": "de"})
    assert written.status_code == 201


@pytest.mark.parametrize(("body", "pointer"), [({}, "/template"), ({"template": []}, "/template")])
def test_a_body_without_template_is_a_422(client, body, pointer):
    reply = client.post("/v1/templates/preview", json=body)

    assert (reply.status_code, reply.get_json()["errors"][0]["pointer"]) == (422, pointer)
