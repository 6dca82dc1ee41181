"""The one place that knows flask-openapi: it routes and documents, our own gate reads the bodies.

Left alone, the library emits OpenAPI 3.2, documents 422 as a list, drops JSON Schema keywords it does not know,
and reads bodies leniently.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal, TypeVar

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.info import Info
from flask_openapi.models.tag import Tag
from flask_openapi.openapi import OpenAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from assist.api.access import KEY_HEADER
from assist.api.answers import ProblemAnswer
from assist.api.body import read_body
from assist.api.scopes import needed_scopes
from assist.errors import MEDIA_TYPE
from assist.services import VersionInfo
from corpus.api_keys import Scope

OPENAPI_VERSION = "3.1.0"
JSON = "application/json"
_SCHEMAS = "#/components/schemas/"
_BEARER, _HEADER = "bearer", "header"
_RETRY = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
_CHALLENGE = {"WWW-Authenticate": {"description": "Asks for a bearer key or token", "schema": {"type": "string"}}}
View = Callable[..., Response]
BodyT = TypeVar("BodyT", bound=BaseModel)


def create_openapi(import_name: str, version: VersionInfo) -> OpenAPI:
    """Return the Flask application that also documents itself."""
    info = Info(
        title="Stichwort",
        version=version.version,
        description="Agent assist: the right article, reply, next step and similar cases for a customer's case.",
    )
    app = OpenAPI(
        import_name,
        info=info,
        doc_ui=False,
        static_folder=None,
    )
    app.openapi_version = OPENAPI_VERSION
    return app


def blueprint(name: str, description: str) -> APIBlueprint:
    """Return a blueprint whose operations are documented under its name."""
    return APIBlueprint(name, __name__, abp_tags=[Tag(name=name, description=description)])


def reads(model: type[BodyT]) -> Callable[[Callable[[BodyT], Response]], View]:
    """Give a view the body of its request, strictly read; the library never sees it."""

    def decorate(view: Callable[[BodyT], Response]) -> View:
        @functools.wraps(view)
        def checked() -> Response:
            return view(read_body(model))

        return as_it_is(checked)

    return decorate


def as_it_is(view: View) -> View:
    """Keep the library from checking the arguments of a view in its own way (which would drop path values)."""
    view.__delay_validate_request__ = True  # type: ignore[attr-defined]  # its own word for "leave that to us"
    return view


def body_of(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """Return the documented request body of an operation."""
    return {"content": {JSON: {"schema": _ref(model)}}, "required": required}


def path_value(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the documented path parameter of an operation."""
    value = {"name": name, "in": "path", "required": True, "description": description, "schema": dict(schema)}
    return {"parameters": [value]}


def query_value(name: str, description: str, schema: Mapping[str, Any], *, required: bool = False) -> dict[str, Any]:
    """Return the documented query parameter of an operation."""
    return {"name": name, "in": "query", "required": required, "description": description, "schema": dict(schema)}


def header_value(name: str, description: str) -> dict[str, Any]:
    """Return the documented header parameter of an operation, which may be left out."""
    return {"name": name, "in": "header", "required": False, "description": description, "schema": {"type": "string"}}


def answers(success: type[BaseModel], *problems: int, status: int = 200) -> dict[Any, Any]:
    """Return the documented answers of an operation: success, and the problems it may meet besides 500."""
    good = answer(HTTPStatus(status).phrase, success)
    return {status: good, **{each: problem_answer(each) for each in sorted({*problems, 500})}}


def answer(description: str, model: type[BaseModel]) -> dict[str, Any]:
    """Return one documented answer in JSON."""
    return {"description": description, "content": {JSON: {"schema": _ref(model)}}}


def finish_document(app: OpenAPI, models: Sequence[type[BaseModel]]) -> dict[str, Any]:
    """Return the OpenAPI document with pydantic's own schemas, less what the library adds of its own accord."""
    document: dict[str, Any] = app.api_doc
    inputs: list[tuple[type[BaseModel], Literal["validation"]]] = [(model, "validation") for model in models]
    _, schemas = models_json_schema(inputs, ref_template=_SCHEMAS + "{model}")
    document["components"] = {"schemas": schemas["$defs"], "securitySchemes": _security_schemes()}
    for path, path_item in document["paths"].items():
        for method, operation in path_item.items():
            invalid = operation["responses"].get("422", {})
            if JSON in invalid.get("content", {}):
                del operation["responses"]["422"]
            _document_access(operation, needed_scopes(method.upper(), path))
    return document


def _security_schemes() -> dict[str, Any]:
    return {
        _BEARER: {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key (sw_…) or a browser token. Without any key set up, programs on the machine of "
            "the service need none.",
        },
        _HEADER: {
            "type": "apiKey",
            "in": "header",
            "name": KEY_HEADER,
            "description": "The same, where a proxy uses the Authorization header itself.",
        },
    }


def _document_access(operation: dict[str, Any], needed: frozenset[Scope]) -> None:
    # Either header will do, and any one of the scopes.
    ways = [{scheme: [scope]} for scope in sorted(needed) for scheme in (_BEARER, _HEADER)]
    operation["security"] = ways
    for status in (401, 403, 429, 503) if needed else ():
        operation["responses"].setdefault(str(status), problem_answer(status))


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _SCHEMAS + model.__name__}


def problem_answer(status: int) -> dict[str, Any]:
    """Return one documented problem."""
    problem: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": _ref(ProblemAnswer)}},
    }
    headers = _CHALLENGE if status == HTTPStatus.UNAUTHORIZED else _RETRY if status in (429, 503) else None
    return problem if headers is None else {**problem, "headers": headers}
