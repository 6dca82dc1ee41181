"""Requests generated from our own OpenAPI document: no 5xx, and nothing that the document does not promise."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, SerializationContext, serializer
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.openapi import from_wsgi
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.transport.serialization import Binary

from corpus.folder import Corpus
from corpus.models import KINDS
from tests.security.toy_service import Indexer, application

# Of each operation and kind of case; in all.
FAST_CASES, SLOW_CASES = 8, 10_000
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
# A body that fits no schema may be too large as well, which is told first.
REFUSALS = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, "5xx"]


@serializer("application/zip", "application/x-ndjson")
def _as_it_is(context: SerializationContext, value: object) -> bytes:
    return value.data if isinstance(value, Binary) else str(value).encode("utf-8", "replace")


CONFIG = SchemathesisConfig.from_str(f"[checks.negative_data_rejection]\nexpected-statuses = {REFUSALS}")
STEADY = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def operations(indexer: Indexer, small_records: Corpus) -> list[APIOperation]:
    engine = indexer.suggester({kind: getattr(small_records, kind) for kind in KINDS})
    document = from_wsgi("/openapi.json", application(engine), config=CONFIG)
    return [result.ok() for result in document.get_all_operations()]


def _check(operation: APIOperation, cases: int, *, derandomize: bool) -> None:
    """Ask with as many bodies and ids that fit the document as with ones that do not."""
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @settings(STEADY, max_examples=cases, derandomize=derandomize)
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            case.call_and_validate(checks=CHECKS)

        try:
            ask()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, operation.label  # nothing can be sent that does not fit


def test_every_answer_is_one_that_the_document_promises(operations: list[APIOperation]) -> None:
    assert len(operations) >= 9
    for operation in operations:
        _check(operation, FAST_CASES, derandomize=True)


@pytest.mark.slow
def test_ten_thousand_answers_are_ones_that_the_document_promises(operations: list[APIOperation]) -> None:
    for operation in operations:
        _check(operation, 1 + SLOW_CASES // (2 * len(operations)), derandomize=False)
