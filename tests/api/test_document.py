"""/openapi.json and /docs: the published contract is whole, true, and readable offline."""

from __future__ import annotations

import json
import re

import pytest

from assist.api.scopes import needed_scopes


def _operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_it_is_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Stichwort"
    assert document["info"]["version"] == "1.2.3"


def test_every_route_is_documented(client, document):
    routes = {
        (re.sub(r"<([^>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in client.application.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    documented = {(path, method) for path, method, _ in _operations(document)}

    pages = {"/embed", "/static/{name}", "/manage", "/static/manage/{file}"}
    assert routes - documented == {(page, "get") for page in {"/openapi.json", "/docs", "/docs/{name}", *pages}}
    assert documented <= routes


def test_every_reference_leads_somewhere(document):
    names = re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document))

    assert set(names) <= set(document["components"]["schemas"])


def test_errors_are_documented_as_problems(document):
    for path, method, operation in _operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and path != "/readyz":
                schema = answer["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ProblemAnswer"}, (path, method, status)
        assert ("422" in operation["responses"]) == ("requestBody" in operation)


def test_bodies_and_path_values_are_documented(document):
    for path, _, operation in _operations(document):
        if "{" in path:
            named = [f"{{{value['name']}}}" for value in operation["parameters"] if value["in"] == "path"]
            assert named == re.findall(r"{[^}]+}", path)
        if path in ("/v1/suggest", "/v1/search"):
            assert {"400", "413", "415", "422", "503"} <= set(operation["responses"])
            assert operation["requestBody"]["required"] is True


def test_operation_ids_are_unique(document):
    ids = [operation["operationId"] for _, _, operation in _operations(document)]

    assert len(set(ids)) == len(ids)


def test_the_docs_page_needs_no_other_host(client):
    page = client.get("/docs")
    text = page.get_data(as_text=True)
    linked = re.findall(r'(?:src|href)="([^"]+)"', text)

    assert page.status_code == 200
    assert "http" not in text
    for address in linked:
        if not address.startswith("data:"):
            assert client.get("/" + address).status_code == 200, address
    assert "validatorUrl: null" in client.get("/docs/start.js").get_data(as_text=True)


def test_the_docs_page_works_under_its_own_content_policy(client):
    page = client.get("/docs")
    policy = page.headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert re.search(r"<script>|<script [^>]*>[^<]|\son\w+=|<style", page.get_data(as_text=True)) is None


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("swagger-ui.css", "text/css"), ("swagger-ui-bundle.js", "text/javascript"), ("start.js", "text/javascript")],
)
def test_assets_have_a_type_that_browsers_accept_with_nosniff(client, name, content_type):
    reply = client.get(f"/docs/{name}")

    assert reply.content_type.startswith(content_type)
    assert client.get(f"/docs/{name}", headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304


def test_no_other_file_is_served(client):
    for name in ("..%2Fplugins.py", "index.html", "swagger-ui.css.map"):
        assert client.get(f"/docs/{name}").status_code == 404


def test_it_says_which_endpoint_needs_which_scope(document):
    schemes = document["components"]["securitySchemes"]
    assert (schemes["bearer"]["scheme"], schemes["header"]["name"]) == ("bearer", "X-API-Key")
    for path, method, operation in _operations(document):
        needed = needed_scopes(method.upper(), path)
        asked = [way for way in operation["security"] if way]
        assert {scope for way in asked for scopes in way.values() for scope in scopes} == needed, path
        assert {scheme for way in asked for scheme in way} == (set(schemes) if needed else set()), path
        assert ({"401", "403", "429", "503"} <= set(operation["responses"])) == bool(needed) or path == "/readyz"
