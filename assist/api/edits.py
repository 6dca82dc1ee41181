"""``PUT`` and ``DELETE /v1/{kind}/{id}``: single records changed live, by those who manage the corpus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field, TypeAdapter, create_model

from assist.api.access import current_caller
from assist.api.body import read_body
from assist.api.openapi import View, answer, answers, as_it_is, body_of, header_value, path_value
from assist.api.record_json import record_json
from assist.api.replies import json_reply, tag_of
from assist.editing import LOCAL, Condition, ConditionError, EditorIdentity, NotHereError, NotWritableError
from assist.errors import ProblemError, not_found
from assist.services import Services
from corpus.fields import Id
from corpus.models import Kind, Record
from corpus.records import EDGE_MODELS, EdgeRecord
from index.situations import UsedKind

_ID_SCHEMA = TypeAdapter(Id).json_schema()
# What may be sent is a record whose id may be left to the path.
EDITS: Mapping[Kind, type[EdgeRecord]] = {
    kind: create_model(
        model.__name__.replace("Record", "Edit"),
        __base__=model,
        __doc__=model.__doc__,
        id=(Id | None, Field(None, description="The id of the path; may be left out")),
    )
    for kind, model in EDGE_MODELS.items()
}
_IF_MATCH = header_value(
    "If-Match", "Only if the record still has this ETag (412 otherwise); `*`: only if there is one"
)
_IF_NONE_MATCH = header_value("If-None-Match", "`*`: only if there is no such record yet (412 otherwise)")
NOT_WRITABLE = (
    "This id cannot be written: its record was erased or withdrawn, or is not for the audiences of this key; "
    "use another id, or a key with the audiences of the record."
)
CHANGED = (
    "The record is not as If-Match or If-None-Match expects it: it changed meanwhile, or is there already; "
    "read it again and repeat the edit."
)


def add_edits(api: APIBlueprint, services: Services) -> None:
    """Add the endpoints that write and remove each kind of record to those that read them."""
    for kind, model in EDGE_MODELS.items():
        singular = kind.removesuffix("s")
        path = path_value("record_id", f"Id of the {singular}", _ID_SCHEMA)
        api.put(
            f"/v1/{kind}/<record_id>",
            operation_id=f"write_{singular}",
            summary=f"Write one {singular}; it is served within five seconds",
            request_body=body_of(EDITS[kind]),
            openapi_extensions=_parameters(path, _IF_MATCH, _IF_NONE_MATCH),
            responses={201: answer("Created", model), **answers(model, 400, 409, 412, 413, 415, 422, 503)},
            endpoint=f"write_{singular}",
        )(_writer(services, kind))
        api.delete(
            f"/v1/{kind}/<record_id>",
            operation_id=f"remove_{singular}",
            summary=f"Remove one {singular}; it is served no longer after five seconds",
            openapi_extensions=_parameters(path, _IF_MATCH),
            responses={204: {"description": "Removed"}, **_problems(404, 412, 503)},
            endpoint=f"remove_{singular}",
        )(_remover(services, kind))


def _writer(services: Services, kind: Kind) -> View:
    def write(record_id: str) -> Response:
        record = read_body(EDITS[kind], record_id=record_id).to_record()
        try:
            written = services.editing.put(kind, record, _editor(services), _condition())
        except NotWritableError:
            raise ProblemError(409, NOT_WRITABLE) from None
        except ConditionError:
            raise ProblemError(412, CHANGED) from None
        body = record_json(written.record)
        reply = json_reply(body, 201 if written.created else 200)
        reply.set_etag(tag_of(body))
        return reply

    return as_it_is(write)


def _remover(services: Services, kind: Kind) -> View:
    def remove(record_id: str) -> Response:
        try:
            services.editing.remove(kind, record_id, _editor(services), _condition())
        except NotHereError:
            raise not_found() from None
        except ConditionError:
            raise ProblemError(412, CHANGED) from None
        return Response(status=204)

    return as_it_is(remove)


def _editor(services: Services) -> EditorIdentity:
    caller, engine = current_caller(), services.engines.engine()

    def names(kind: UsedKind, item_id: str) -> tuple[str, ...]:
        # Without a snapshot nobody can read a record, so nobody has seen an id that could be lost.
        return () if engine is None else engine.names(kind, item_id, caller.audiences)

    return EditorIdentity(by=caller.key_id or LOCAL, audiences=caller.audiences, names=names)


def _condition() -> Condition:
    """Return what the headers ask of the record, as its ETag tells what people see of it (RFC 9110, section 13.1)."""
    must, must_not = request.if_match, request.if_none_match
    has_must, has_must_not = "If-Match" in request.headers, "If-None-Match" in request.headers

    def holds(record: Record | None) -> bool:
        if record is None:
            return not has_must
        tag = tag_of(record_json(record))
        return (not has_must or must.contains(tag)) and not (has_must_not and must_not.contains_weak(tag))

    return Condition(holds=holds, checked=has_must or has_must_not)


def _parameters(path: dict[str, Any], *headers: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": [*path["parameters"], *headers]}


def _problems(*statuses: int) -> dict[Any, Any]:
    return {status: what for status, what in answers(EDGE_MODELS["cases"], *statuses).items() if status != 200}
