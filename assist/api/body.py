"""The gate that every request body passes before a view sees it: media type, size, strict JSON, schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from assist.errors import MAX_LISTED, ProblemError
from corpus.problems import problems_of
from corpus.strict_json import StrictJsonError, parse_json
from corpus.wording import Problem, show

MAX_BODY_BYTES = 1_048_576
_PIECE = 65_536
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii"})
BodyT = TypeVar("BodyT", bound=BaseModel)


def read_body(model: type[BodyT], *, record_id: str | None = None) -> BodyT:
    """Return the body of this request as the model; raise the 4xx ``ProblemError`` that names what is wrong.

    ``record_id`` is the id that the path names, which a record may leave out but not contradict.
    """
    _check_media_type()
    value = _parse(_read_bytes())
    if not isinstance(value, dict):
        raise _invalid([Problem("", f"found {show(value)}, expected an object")])
    if record_id is not None:
        value = _with_id(value, record_id)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _invalid(list(problems_of(error))) from None


def body_pieces(most: int, too_large: ProblemError) -> Iterator[bytes]:
    """Yield the body of this request in pieces; raise ``too_large`` where it says that it has more bytes than that.

    Of a body without Content-Length whoever takes the pieces has to count them.
    """
    request.max_content_length = most + 1
    if (request.content_length or 0) > most:
        raise too_large
    received = 0
    while piece := _read_some(_PIECE):
        received += len(piece)
        yield piece
    if request.content_length not in (None, received):
        raise _broken_off()


def _with_id(value: dict[str, Any], record_id: str) -> dict[str, Any]:
    found = value.get("id")
    if found is not None and found != record_id:
        raise _invalid(
            [Problem("/id", f"found {show(found)}, expected the id of the path: correct one, or leave it out")]
        )
    return {**value, "id": record_id}


def _check_media_type() -> None:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", ""):
        raise ProblemError(415, "The body has a Content-Encoding; send it uncompressed.")
    if request.mimetype != "application/json":
        found = "none" if not request.mimetype else "another one"
        raise ProblemError(415, f"Found {found} as media type, expected Content-Type: application/json.")
    if request.mimetype_params.get("charset", "utf-8").lower() not in _UTF8:
        raise ProblemError(415, "Found another charset than UTF-8; send the JSON in UTF-8.")


def _read_bytes() -> bytes:
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise _too_large()
    # One byte more than allowed tells a body without Content-Length that is too large from one that just fits.
    body = bytearray()
    while len(body) <= MAX_BODY_BYTES:
        chunk = _read_some(MAX_BODY_BYTES + 1 - len(body))
        if not chunk:
            return _whole(bytes(body))
        body += chunk
    raise _too_large()


def _whole(body: bytes) -> bytes:
    # The first half of a body may be good JSON, too.
    if request.content_length not in (None, len(body)):
        raise _broken_off()
    return body


def _read_some(most: int) -> bytes:
    try:
        return request.stream.read(most)
    except HTTPException:
        raise
    except Exception as error:  # each server has its own errors for a body that breaks off or has broken chunks
        raise _broken_off() from error


def _broken_off() -> ProblemError:
    return ProblemError(
        400, "The body broke off or its chunks are malformed; send as many bytes as Content-Length or chunks say."
    )


def _too_large() -> ProblemError:
    return ProblemError(413, f"The body is larger than {MAX_BODY_BYTES} bytes; send less, such as fewer messages.")


def _parse(body: bytes) -> Any:
    try:
        return parse_json(body)
    except StrictJsonError as error:
        problem = Problem("", str(error))
    raise ProblemError(400, f"The body is not strict JSON: {problem.message}.", errors=[problem])


def _invalid(problems: list[Problem]) -> ProblemError:
    listed = "" if len(problems) <= MAX_LISTED else f"; the first {MAX_LISTED} are listed"
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return ProblemError(422, f"The body does not fit the schema: {count}{listed}.", errors=problems)
