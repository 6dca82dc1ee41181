"""A corpus's own solved cases as material for a fit: what agents used, wrote and noted says what a case was about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from corpus.casetext import known_before_reply
from corpus.models import Article, Case, Item, Template
from corpus.privacy.marks import without_marks
from corpus.privacy.masking import MASKED
from corpus.subject import clean_subject
from index.fitting.material import FitProblem
from index.itemtext import item_text

# More cases of one item teach little that is new, and rare items must not drown among frequent ones.
CASES_PER_ITEM = 8
# What fits into an hour on two cores, together with the shipped training data.
MOST_PROBLEMS = 1_500
_GROUP = "own"


def own_material(
    articles: Sequence[Article], templates: Sequence[Template], cases: Sequence[Case]
) -> tuple[FitProblem, ...]:
    """Return the material in solved cases, newest first where there is more than fits.

    What a model has learned cannot be taken out of it again, so personal data is masked here whatever is set elsewhere.
    Cases that used an article (else a template) belong to it; of the others, the resolution answers the description
    and the subject is its short form. Items without cases, and cases without text, teach nothing.
    """
    newest = sorted(
        map(MASKED.shown_case, cases),
        key=lambda case: (case.closed_at is not None, case.closed_at, case.id),
        reverse=True,
    )
    by_item: dict[str, list[Case]] = defaultdict(list)
    unused: list[Case] = []
    every: tuple[Item, ...] = (*templates, *articles)
    items = {_key(each): each for each in every}
    for case in newest:
        used = _used(case, items)
        for key in used:
            by_item[key].append(case)
        if not used:
            unused.append(case)
    with_items = [_of_item(items[key], some) for key, some in by_item.items()]
    found = [each for each in (*with_items, *map(_of_case, unused)) if each is not None]
    return tuple(found[:MOST_PROBLEMS])


def _key(item: Item) -> str:
    return f"{type(item).__name__}:{item.id}"


def _used(case: Case, items: Collection[str]) -> list[str]:
    """Return the known articles that a case used, else its known templates."""
    articles = [key for use in case.articles if (key := f"Article:{use.id}") in items]
    return articles or [key for use in case.templates if (key := f"Template:{use.id}") in items]


def _of_item(item: Item, cases: Sequence[Case]) -> FitProblem | None:
    messages = _distinct(_text(case) for case in cases)[:CASES_PER_ITEM]
    text = item_text(item)
    if not messages or not text.whole:
        return None
    return FitProblem(id=_key(item), group=_GROUP, title=text.title, article=text.body or text.title, messages=messages)


def _of_case(case: Case) -> FitProblem | None:
    text = MASKED.search_text(case, known_messages=known_before_reply(case))
    subject, resolution = (without_marks(each or "").strip() for each in (case.subject, case.resolution))
    subject = clean_subject(subject)
    answer = resolution or text.last
    if not answer or not text.text or (not resolution and not subject):
        return None
    message = text.text if resolution else text.last
    return FitProblem(id=f"Case:{case.id}", group=_GROUP, title=subject, article=answer, messages=(message,))


def _text(case: Case) -> str:
    return MASKED.search_text(case, known_messages=known_before_reply(case)).text


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
