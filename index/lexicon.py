"""What a lexical index knows of a language and its corpus: its words, its compounds, its statistics."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field

from index.analysis import Analyzer, Token, analyzer_for
from index.compounds import CompoundSplitter
from index.expansion import Expander, Expansion, PartWeights
from index.postings import Content, Floats64
from index.statistics import CorpusStatistics

_BLOB = "lexicon.json"


@dataclass(frozen=True, slots=True)
class FieldedText:
    """The texts of an item or a query as (text, weight) pairs: a word in a field of weight 2 counts twice."""

    fields: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bm25:
    """The parameters: ``k1``, how soon repetition stops to count; ``b`` (0 to 1), how much long items are held back."""

    k1: float = 1.2
    b: float = 0.75
    parts: PartWeights = field(default_factory=PartWeights)


class Lexicon:
    """Reads texts and weighs their terms. Immutable, safe to share between threads.

    An index of later additions takes the lexicon of the index it adds to, so that the scores of both are comparable.
    """

    def __init__(
        self, *, analyzer: Analyzer, parameters: Bm25, splitter: CompoundSplitter, statistics: CorpusStatistics
    ) -> None:
        self.parameters = parameters
        self.statistics = statistics
        self._analyzer = analyzer
        self._splitter = splitter
        self.expand: Callable[[Token], Expansion] = Expander(analyzer, splitter, parameters.parts).expand

    @property
    def language(self) -> str:
        """The language whose words it knows."""
        return self._analyzer.language

    @classmethod
    def reader(cls, public_texts: Iterable[FieldedText], language: str, parameters: Bm25) -> Lexicon:
        """Learn compounds from the texts that everybody may see: it reads, and knows no statistics yet."""
        analyzer = analyzer_for(language)
        splitter = CompoundSplitter.fit(_words(public_texts, analyzer), stem=analyzer.stem)
        return cls(analyzer=analyzer, parameters=parameters, splitter=splitter, statistics=CorpusStatistics.of({}, ()))

    def taught(self, statistics: CorpusStatistics) -> Lexicon:
        """Return the lexicon with statistics."""
        return Lexicon(
            analyzer=self._analyzer, parameters=self.parameters, splitter=self._splitter, statistics=statistics
        )

    def tokens(self, text: FieldedText) -> dict[Token, float]:
        """Return the distinct words of a text in order of appearance, with their weighted numbers."""
        counts: dict[str, float] = {}
        tokens: dict[str, Token] = {}
        for part, weight in text.fields:
            for token in self._analyzer.tokens(part):
                tokens[token.surface] = token
                counts[token.surface] = counts.get(token.surface, 0.0) + weight
        return {tokens[surface]: count for surface, count in counts.items() if count > 0}

    def content(self, text: FieldedText) -> Content:
        """Return the terms of a text. Words as a whole lend a term their spelling before compounds do."""
        return self.content_of(self.tokens(text))

    def content_of(self, tokens: Mapping[Token, float]) -> Content:
        """Return the terms of the words of a text, as ``tokens`` returned them."""
        frequencies: dict[str, float] = {}
        surfaces: dict[str, str] = {}
        for token, count in tokens.items():
            term = token.terms[0]
            frequencies[term] = frequencies.get(term, 0.0) + count
            surfaces.setdefault(term, token.surface)
        for token, count in tokens.items():
            for part, weight in self.expand(token).parts:
                frequencies[part] = frequencies.get(part, 0.0) + count * weight
                surfaces.setdefault(part, token.surface)
        return Content(frequencies, surfaces, length=sum(tokens.values()))

    def terms(self, text: FieldedText) -> frozenset[str]:
        """Return the terms of a text, as those of ``content``."""
        tokens = self.tokens(text)
        parts = (part for token in tokens for part, _ in self.expand(token).parts)
        return frozenset([*(token.terms[0] for token in tokens), *parts])

    def contributions(self, idf: Floats64, frequencies: Floats64, lengths: Floats64) -> Floats64:
        """Return what terms (p,) of these idf and ``frequencies`` add to the scores of texts, from 0 to their idf.

        ``lengths`` are those of the texts that hold them.
        """
        k1, b = self.parameters.k1, self.parameters.b
        saturation = k1 * (1 - b + b * lengths / self.statistics.mean_length)
        return idf * frequencies / (frequencies + saturation)

    def known_share(self, text: FieldedText) -> float:
        """Return the share (0 to 1) of a text's information that public items know; 0 for a text without words.

        A word informs as much as its idf; if no public item holds it, it is known as far as its parts are.
        """
        tokens, idf = self.tokens(text), self.statistics.idf
        informed = [(count * idf(token.terms[0]), self._known(token)) for token, count in tokens.items()]
        total = sum(information for information, _ in informed)
        return sum(information * known for information, known in informed) / total if total else 0.0

    def _known(self, token: Token) -> float:
        """Return 1 for a word that a public item holds, else the share of its parts that one holds."""
        if self.statistics.knows(token.terms[0]):
            return 1.0
        parts = [part for part, _ in self.expand(token).parts]
        return sum(map(self.statistics.knows, parts)) / len(parts) if parts else 0.0

    def to_blobs(self) -> dict[str, bytes]:
        """Return parameters, compounds and statistics."""
        state = {"language": self.language, "parameters": asdict(self.parameters)}
        return {_BLOB: json.dumps(state).encode()} | self._splitter.to_blobs() | self.statistics.to_blobs()

    @classmethod
    def from_blobs(cls, blobs: Mapping[str, bytes]) -> Lexicon:
        """Read what ``to_blobs`` wrote."""
        state = json.loads(blobs[_BLOB])
        analyzer = analyzer_for(state["language"])
        parts = PartWeights(**state["parameters"].pop("parts"))
        return cls(
            analyzer=analyzer,
            parameters=Bm25(**state["parameters"], parts=parts),
            splitter=CompoundSplitter.from_blobs(blobs, stem=analyzer.stem),
            statistics=CorpusStatistics.from_blobs(blobs),
        )


class AskedText:
    """A text that several indexes are asked for: its words are found once for each language. Serves one request."""

    def __init__(self, text: str | FieldedText) -> None:
        self._text = FieldedText(((text, 1.0),)) if isinstance(text, str) else text
        self._words: dict[str, Mapping[Token, float]] = {}

    def words(self, lexicon: Lexicon) -> Mapping[Token, float]:
        """Return the text's words with their weighted numbers, as ``Lexicon.tokens`` does."""
        found = self._words.get(lexicon.language)
        if found is None:
            found = self._words[lexicon.language] = lexicon.tokens(self._text)
        return found


def _words(texts: Iterable[FieldedText], analyzer: Analyzer) -> Counter[str]:
    """Count the words that compounds may be made of: none but in German, which alone has the linking elements."""
    counts: Counter[str] = Counter()
    if analyzer.language == "de":
        for token, count in analyzer.counted(part for text in texts for part, _ in text.fields):
            for word in token.words:
                counts[word] += count
    return counts
