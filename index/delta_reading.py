"""Single records made ready to be found, each read and encoded once, however often the delta changes around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.models import PUBLIC, Article, Case, Item, Kind, primary_language
from corpus.nearness import words_of
from corpus.privacy.masking import Masking
from index.article_passages import CutArticles, cut_articles
from index.cached_encoding import encode_cached, encode_closely_cached
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder
from index.itemtext import item_text
from index.lexicon import FieldedText
from index.postings import Content
from index.situations import Situation, situations
from index.space import LanguageIndex
from index.spaces import fielded, opening_of
from index.tokens import Encoded
from index.word_sets import numbers_of

Floats = NDArray[np.float32]
Lexicons = Mapping[str, LanguageIndex]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWords:
    """The words of a record: their language, the text, and what the lexicon of the snapshot, if it has one, reads."""

    language: str
    text: FieldedText
    public: bool
    content: Content | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadItem:
    """An item with all by which it is found; ``parts`` are those of an article.

    ``part_vectors`` (p, d) are the vectors of the parts, none where the only part has the vector of the whole.
    """

    item: Item
    words: ReadWords
    encoded: Encoded
    parts: CutArticles
    part_vectors: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCase:
    """A case as people may see it, with all by which it is found; ``lived`` holds its situations, as of row 0."""

    case: Case
    content_hash: str
    words: ReadWords
    lived: Sequence[Situation]
    vectors: Floats
    opening: NDArray[np.int32]
    resolution: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How records are read: as the snapshot was, by its encoder and with its lexicons."""

    encoder: Encoder
    cache: EmbeddingCache
    masking: Masking
    main_language: str
    lexicons: Mapping[Kind, Lexicons]

    def item(self, kind: Kind, item: Item) -> ReadItem:
        """Read an item."""
        text = item_text(item)
        parts = cut_articles([item] if isinstance(item, Article) else [])
        return ReadItem(
            item=item,
            words=self._words(kind, item, item.language, fielded(text)),
            encoded=encode_closely_cached(self.encoder, self.cache, [text.whole], role="passage")[0],
            parts=parts,
            part_vectors=encode_cached(self.encoder, self.cache, parts.beside([text.whole])[0], role="passage"),
        )

    def case(self, case: Case, content_hash: str) -> ReadCase:
        """Read a case."""
        shown = self.masking.shown_case(case)
        opening = opening_of(case, self.masking)
        lived = situations(case, 0, self.masking)
        return ReadCase(
            case=shown,
            content_hash=content_hash,
            words=self._words("cases", case, case.language, FieldedText(fields=((opening, 1.0),))),
            lived=lived,
            vectors=encode_cached(self.encoder, self.cache, [each.text for each in lived], role="query"),
            opening=numbers_of(words_of(opening)),
            resolution=numbers_of(words_of(shown.resolution or "")),
        )

    def _words(self, kind: Kind, record: Item | Case, named: str | None, text: FieldedText) -> ReadWords:
        language = primary_language(named) or self.main_language
        known = self.lexicons[kind].get(language)
        return ReadWords(
            language=language,
            text=text,
            public=PUBLIC in record.audience,
            content=None if known is None else known.index.lexicon.content(text),
        )
