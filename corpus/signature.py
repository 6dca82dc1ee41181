"""The end of a mail: closing formula, signature, notes of the mail program, legal notices.

What is removed must look like a signature; sentences behind a closing formula and postscripts stay.
"""

from __future__ import annotations

from corpus.signature_patterns import (
    CLOSING,
    CONTACT,
    FULL_FORMULA,
    INLINE_FULL,
    INLINE_WEAK,
    KEPT_LABEL,
    LEGAL,
    NAME_PARTICLES,
    PERSONAL,
    POSTSCRIPT,
    PROGRAM_NOTE,
    SIGNATURE_MARK,
    TYPE_NUMBER,
    WORD,
)

MAX_LINE = 240  # a longer line is prose
MAX_NOTICE = 600
MAX_NOTICE_LINES = 4
MAX_TAIL = 400  # characters at the end of a long line in which a closing formula is sought
MAX_SIGNATURE_LINES = 25
MAX_INLINE_SIGNATURE_WORDS = 30
MIN_CLAUSE = 3  # words, two of them in lower case: "LG Fernseher geht nicht" is no greeting
PROSE_SHARE = 0.45  # of the words in lower case; German prose has a third capitalised, a signature nearly all


def strip_signature(block: str) -> str:
    """Return ``block`` without closing formula, signature, notes of the mail program and legal notices.

    Behind a closing formula stay postscripts and what reads like a sentence. May return an empty text.
    """
    lines = [line for line in block.split("\n") if not (len(line) <= MAX_LINE and PROGRAM_NOTE.match(line.strip()))]
    paragraphs = filter(None, map(_without_legal, _paragraphs(lines)))
    lines = "\n\n".join(map("\n".join, paragraphs)).split("\n")
    for position, line in enumerate(lines):
        if _closes(line, lines, position):
            return "\n".join([*lines[:position], *_worth_keeping(line, lines[position + 1 :])]).strip()
    return _strip_inline(lines)


def _paragraphs(lines: list[str]) -> list[list[str]]:
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [paragraph for paragraph in paragraphs if paragraph]


def _without_legal(paragraph: list[str]) -> list[str]:
    """Cut a paragraph where a legal notice begins; a customer who asks about one speaks of himself."""
    for position in range(len(paragraph)):
        notice = " ".join(paragraph[position : position + MAX_NOTICE_LINES])[:MAX_NOTICE]
        if LEGAL.match(notice) and not PERSONAL.search(notice):
            return paragraph[:position]
    return paragraph


def _closes(line: str, lines: list[str], position: int) -> bool:
    """Whether a closing formula or a signature mark stands on this line, with a signature behind it."""
    if not line.strip() or len(line) > MAX_LINE:
        return False
    behind = lines[position + 1 : position + 2 + MAX_SIGNATURE_LINES]
    if SIGNATURE_MARK.match(line):
        return not any(_is_prose(following) for following in behind)
    closing = CLOSING.match(line.strip())
    if closing is None or not _is_sign_off(closing["rest"]):
        return False
    if FULL_FORMULA.match(closing["formula"]):
        return True
    return position > 0 and _is_name_block(_first_paragraph(behind))


def _first_paragraph(lines: list[str]) -> list[str]:
    return next(iter(_paragraphs(lines)), [])


def _is_name_block(lines: list[str]) -> bool:
    return not any(_is_prose(line) or "?" in line for line in lines) or bool(POSTSCRIPT.match("\n".join(lines).strip()))


def _is_sign_off(rest: str) -> bool:
    """Whether what follows a formula on its line is a name or a place: no sentence, and no "LG OLED55"."""
    postscript = POSTSCRIPT.search(rest)
    rest = (rest[: postscript.start()] if postscript else rest).strip(" ,.!;:-–—)")
    words = WORD.findall(rest)
    if not words:
        return not any(map(str.isdigit, rest))
    if "?" in rest or TYPE_NUMBER.match(rest) or len(words) > MAX_INLINE_SIGNATURE_WORDS:
        return False
    small = sum(word[0].islower() and word not in NAME_PARTICLES for word in words)
    return not _is_prose(rest, least=4) and (len(words) < MIN_CLAUSE or small < MIN_CLAUSE - 1)


def _is_prose(line: str, *, least: int = 6) -> bool:
    """Whether a line reads like a sentence: several words, most of them in lower case, and no contact data."""
    words = WORD.findall(line)
    if len(words) < least or CONTACT.search(line):
        return False
    small = sum(1 for word in words if word[0].islower())
    return small >= PROSE_SHARE * len(words)


def _worth_keeping(closing: str, behind: list[str]) -> list[str]:
    """Return what stands behind a closing formula and is no signature."""
    postscript = POSTSCRIPT.search(closing)
    kept = [closing[postscript.start() :]] if postscript else []
    if sum(1 for line in behind if line.strip()) > MAX_SIGNATURE_LINES and not any(map(_is_prose, behind)):
        return [*kept, *behind]  # a listing, no signature
    keeping = postscript is not None
    for line in behind:
        keeping = bool(line.strip()) and (keeping or _starts_content(line))
        if keeping or "?" in line:
            kept.append(line)
    return kept


def _starts_content(line: str) -> bool:
    """Whether this line and the rest of its paragraph belong to the message: a sentence, a postscript, a report."""
    return _is_prose(line) or POSTSCRIPT.match(line.strip()) is not None or KEPT_LABEL.search(line) is not None


def _strip_inline(lines: list[str]) -> str:
    """Remove a closing formula that shares its line with the last sentence ("Was tun? LG Fenja")."""
    head, last = "\n".join(lines[:-1]), _without_inline_notice(lines[-1])
    before, tail = last[:-MAX_TAIL], last[-MAX_TAIL:]
    span = _inline_closing(tail, alone=not before)
    if span is not None:
        postscript = POSTSCRIPT.search(tail, span[1])
        last = f"{before}{tail[: span[0]]} {tail[postscript.start() :] if postscript else ''}".strip()
    return f"{head}\n{last}".strip()


def _inline_closing(tail: str, *, alone: bool) -> tuple[int, int] | None:
    """Return where a closing formula stands in a line's end; at the start of a line that is all, it is none."""
    for full in INLINE_FULL.finditer(tail):
        if (full.start() or not alone) and _is_sign_off(tail[full.end() :]):
            return full.span()
    weak = INLINE_WEAK.search(tail)
    return (weak.start(), weak.start("rest")) if weak and _is_sign_off(weak["rest"]) else None


def _without_inline_notice(line: str) -> str:
    notice = LEGAL.search(line)
    return line if notice is None or PERSONAL.search(line, notice.start()) else line[: notice.start()].rstrip()
