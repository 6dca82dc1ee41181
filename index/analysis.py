"""From text to index terms: finding the words, folding their spelling, stemming them.

Words keep the form in which they were written (``surface``), so that explanations can quote them. Error codes,
numbers, paragraphs and addresses stay whole, since "F-1204" or "24/7" says more than its pieces.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from corpus.models import primary_language
from index.stopwords import ENGLISH, GERMAN

MAX_TERM = 64
"""Longer terms are cut here, so that a word without end costs no memory."""

_CACHED_WORDS = 1 << 16
_CACHED_LANGUAGES = 16
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe", "ø": "oe"})
_MANY_MARKS = re.compile("[\u0300-\u036f]{4,}")
_APOSTROPHE = re.compile(r"['’`´](?:\w{1,2}$)?")
_JOINER = re.compile(r"[-‐_'’&]+")
_PIECE = re.compile(r"[^\W_]+")
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")
_GENDER = re.compile(r"(?P<base>[^\W\d_]{3,})(?:[:*_]|/-?)in(?:nen)?$", re.IGNORECASE)

# Everything is bounded or cannot be re-read by the next alternative, so that scanning stays linear.
_CHUNK = re.compile(
    r"""
      (?:https?://|www\.)[^\s<>"'()\[\]]+                    # addresses in the web
    | [\w.+-]{1,64}@\w[\w-]{0,62}(?:\.\w[\w-]{0,62}){1,4}    # e-mail addresses
    | §{1,2}\ ?\d+[a-z]?\b                                   # § 13a
    | (?<!\w)[A-Za-z](?:\+\+|\#)(?!\w)                       # C++, C#
    | [^\W_]+(?:(?:[-‐_'’&]                                  # E-Mail, F-1204, geht's, AT&T
             |(?<=\d)[.,:/](?=\d)                            # 1.000,50 and 24/7
             |[:*](?=in(?:nen)?\b)|/-?(?=in(?:nen)?\b)       # Kund:innen, Mitarbeiter/-innen
           )[^\W_]+)*
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text.

    ``terms`` are its index terms: the whole word first, then pieces of a word joined by hyphens, of a code or an
    address. ``words`` are the normal forms of its alphabetic pieces, unstemmed: what a compound splitter reads.
    """

    surface: str
    terms: tuple[str, ...]
    words: tuple[str, ...] = ()

    def __hash__(self) -> int:
        # In one language what is written says what it stands for, and the hash of a text is computed once.
        return hash(self.surface)


class Analyzer:
    """Turns text of one language into tokens. Safe to share between threads; remembers a bounded number of words.

    >>> analyzer_for("de").tokens("Kündigungen per E-Mail")[0].terms
    ('kundig',)
    """

    def __init__(self, language: str, algorithm: str | None = None, stop_words: frozenset[str] = frozenset()) -> None:
        self.language = language
        self._stop_words = stop_words
        self._stemmers = _Stemmers(algorithm)
        self.stem: Callable[[str], str] = lru_cache(_CACHED_WORDS)(self._stemmers.stem)
        self._token = lru_cache(_CACHED_WORDS)(self._analysed)

    def tokens(self, text: str) -> list[Token]:
        """Return the words of ``text`` in order, without stop words; an empty list where there are none."""
        return [token for chunk in _CHUNK.findall(_composed(text)) if (token := self._token(chunk)) is not None]

    def counted(self, texts: Iterable[str]) -> Iterator[tuple[Token, int]]:
        """Yield the different words of all texts, and how often each is written so; takes half the time of each."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(_CHUNK.findall(_composed(text)))
        for chunk, count in counts.items():
            token = self._token(chunk)
            if token is not None:
                yield token, count

    def normal(self, word: str) -> str:
        """Return ``word`` in lower case with umlauts as two letters, ß as ss and other accents removed."""
        folded = word.casefold()
        if folded.isascii():
            return folded[:MAX_TERM]
        folded = folded.translate(_UMLAUTS)
        if not folded.isascii():
            folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
        return folded[:MAX_TERM]

    def _analysed(self, chunk: str) -> Token | None:
        terms, words = self._terms(chunk)
        return Token(chunk, tuple(dict.fromkeys(terms)), words) if terms else None

    def _terms(self, chunk: str) -> tuple[list[str], tuple[str, ...]]:
        if chunk.startswith("§"):
            paragraph = self.normal(chunk.lstrip("§ "))
            return ["§" + paragraph, paragraph], ()
        if chunk[-1] in "+#":
            return [self.normal(chunk)], ()
        if "://" in chunk or "@" in chunk or chunk.startswith("www."):
            return self._address(chunk), ()
        if gendered := _GENDER.fullmatch(chunk):
            chunk = gendered["base"]
        pieces = [self.normal(piece) for piece in _JOINER.split(_APOSTROPHE.sub("", chunk)) if piece]
        if any(char.isdigit() for char in chunk):
            return self._code(pieces), tuple(piece for piece in pieces if piece.isalpha())
        return self._word(pieces)

    def _word(self, pieces: list[str]) -> tuple[list[str], tuple[str, ...]]:
        whole = "".join(pieces)[:MAX_TERM]
        if not whole or whole in self._stop_words:
            return [], ()
        words = tuple(piece for piece in pieces if len(piece) > 1 and piece not in self._stop_words)
        return [self.stem(whole), *(self.stem(word) for word in words)], words

    def _code(self, pieces: list[str]) -> list[str]:
        """Keep a code whole whatever joins it: F-1204 and F1204 agree, as do iPhone-13 and iPhone13."""
        whole = "".join(pieces)[:MAX_TERM]
        if len(pieces) == 1:
            pieces = [piece for piece in _LETTERS_OR_DIGITS.findall(whole) if len(piece) > 2]
        elif all(piece.isdigit() for piece in pieces):
            return [whole]
        known = [self.stem(piece) for piece in pieces if len(piece) > 1 and piece not in self._stop_words]
        return [whole, *known]

    def _address(self, chunk: str) -> list[str]:
        """Keep the host or the mailbox whole, then the words of the address."""
        bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", self.normal(chunk)).rstrip(".,;:!?/")
        words = [word for word in _PIECE.findall(bare) if len(word) > 2 and word not in self._stop_words]
        return [term for term in [bare.split("/", 1)[0], *(self.stem(word) for word in words)] if term]


class _Stemmers:
    """One Snowball stemmer per thread, since a stemmer works on a buffer of its own and must not be shared."""

    def __init__(self, algorithm: str | None) -> None:
        self._algorithm = algorithm
        self._local = threading.local()

    def stem(self, word: str) -> str:
        """Return the stem of a word in its normal form; without an algorithm, the word itself."""
        if self._algorithm is None:
            return word
        stemmer = getattr(self._local, "stemmer", None)
        if stemmer is None:
            stemmer = self._local.stemmer = Stemmer.Stemmer(self._algorithm, 0)
        return str(stemmer.stemWord(word))


def analyzer_for(language: str) -> Analyzer:
    """Return the analyzer of a language code such as ``de-AT``; other languages than de and en are not stemmed.

    All indexes of a language share one, and with it the words that it remembers.
    """
    return _analyzer_of(primary_language(language))


@lru_cache(_CACHED_LANGUAGES)
def _analyzer_of(language: str | None) -> Analyzer:
    match language:
        case "de":
            return Analyzer("de", "german", GERMAN)
        case "en":
            return Analyzer("en", "english", ENGLISH)
        case other:
            return Analyzer(other or "und")


def _composed(text: str) -> str:
    """Join letters with their marks; piles of marks are dropped first, since sorting them takes quadratic time."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _MANY_MARKS.sub("", text))
