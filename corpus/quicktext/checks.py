"""What makes a template unusable, so that it is refused where it is read: broken Liquid, or tags that are forbidden."""

from __future__ import annotations

from corpus.quicktext.liquid_source import Fault, has_marks, parse

LIQUID = "liquid"


def fault_in(text: str) -> Fault | None:
    """Return why a text is no usable Liquid, with line and column, or ``None``; a text without marks is never one."""
    if not has_marks(text):
        return None
    parsed = parse(text, escape=False)
    return parsed if isinstance(parsed, Fault) else None


def told(fault: Fault, *, remedy: str = "mend it, or name the `syntax` if another program wrote it") -> str:
    """Return the fault as a message of the import.

    >>> told(Fault("unexpected tag 'endif'", 3, 4))
    "line 3, column 4: unexpected tag 'endif': mend it, or name the `syntax` if another program wrote it"
    """
    where = "" if fault.line is None else f"line {fault.line}, column {fault.column}: "
    return f"{where}{fault.reason}: {remedy}"
