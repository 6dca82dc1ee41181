"""What every refusal must look like, whatever was sent."""

from __future__ import annotations

from typing import Any

from assist.api.answers import ProblemAnswer

LONGEST_REFUSAL = 60_000  # a hundred faults, each told briefly


def check_problem(reply: Any, statuses: frozenset[int] | set[int]) -> ProblemAnswer:
    """Return the problem of a reply that must be one, of one of these statuses."""
    assert reply.status_code in statuses, reply.get_data()[:300]
    assert reply.content_type == "application/problem+json"
    problem = ProblemAnswer.model_validate(reply.get_json(), strict=True)
    assert problem.status == reply.status_code
    assert problem.request_id == reply.headers["X-Request-Id"]
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert ("Retry-After" in reply.headers) == (reply.status_code in (429, 503))
    assert len(reply.get_data()) < LONGEST_REFUSAL
    return problem
