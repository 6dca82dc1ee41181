"""Spaces as named blobs: written once by the builder, read by the searcher after their checksums were verified."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.casetext import known_before_reply
from corpus.codec import canonical_bytes, from_json
from corpus.fingerprint import content_hash
from corpus.models import PUBLIC, Article, Case, Item, Kind, Record, primary_language
from corpus.nearness import words_of
from corpus.privacy.masking import MASKED, Masking
from index.alignment import CODES, TokenTable
from index.article_passages import cut_articles
from index.background import background_rows
from index.blobs import array_of, blob_of
from index.case_space import CaseSpace, told_by
from index.encoder import Role
from index.filters import CaseMasks, ItemMasks, Mask
from index.head_fitting import fit_heads
from index.heads import Head
from index.history import History, heirs_of, history_of
from index.itemtext import ItemText, item_text
from index.lexical import LexicalIndex
from index.lexicon import FieldedText
from index.lines import Lines, line_blob
from index.open_file import OpenFile
from index.passage_table import PassageTable
from index.situations import USED_KINDS, UsedKind, situations
from index.space import ItemSpace, LanguageIndex
from index.tokens import Encoded
from index.vectors import build_index, read_index
from index.word_sets import WordSets

Blobs = dict[str, bytes]

TITLE_WEIGHT = 2.0
KEYWORDS_WEIGHT = 1.0
MASKING_BLOB = "masking.json"
HASHES_BLOB = "cases.hashes.json"
# Enough to know what an average item aligns, few enough to compare with every query.
TOKEN_BACKGROUND = 64


class Encode(Protocol):
    """Encodes texts in a role; ``what`` they are is for the progress bar."""

    @property
    def dimension(self) -> int:
        """Number of components of a vector."""

    def vectors(self, texts: Sequence[str], role: Role, what: str) -> NDArray[np.float32]:
        """Return vectors (len(texts), d)."""

    def closely(self, texts: Sequence[str], role: Role, what: str) -> Sequence[Encoded]:
        """Return vectors and tokens."""


def item_blobs(kind: UsedKind, items: Sequence[Item], encode: Encode, main_language: str) -> Blobs:
    """Index the items of one kind (ordered by id) and return everything as blobs."""
    texts = [item_text(item) for item in items]
    languages = [primary_language(item.language) or main_language for item in items]
    public = [PUBLIC in item.audience for item in items]
    encoded = encode.closely([text.whole for text in texts], "passage", kind)
    vectors = np.array([each.vector for each in encoded], dtype=np.float32).reshape(len(encoded), encode.dimension)
    # FAISS lists vectors without holding the interpreter, so words are counted meanwhile.
    with ThreadPoolExecutor(1, thread_name_prefix="vectors") as beside:
        documents = beside.submit(_vector_blobs, f"{kind}.documents.", vectors)
        blobs = _record_blobs(kind, items, languages)
        blobs[f"{kind}.masks.json"] = _json_blob(ItemMasks(items).to_json())
        blobs[f"{kind}.heirs.json"] = _json_blob(heirs_of(items))
        blobs |= _language_blobs(kind, [fielded(text) for text in texts], languages, public)
        ids = [item.id for item in items]
        blobs[f"{kind}.background.npy"] = blob_of(background_rows(ids, public))
        if encoded and len(encoded[0].tokens):
            table = TokenTable.build(
                [each.tokens for each in encoded], public, background_rows(ids, public, size=TOKEN_BACKGROUND)
            )
            blobs |= _prefixed(f"{kind}.tokens.", table.to_blobs())
        blobs |= documents.result()
    articles = [item for item in items if isinstance(item, Article)]
    return blobs | _passage_blobs(kind, articles, texts, encode) if articles else blobs


def case_blobs(
    cases: Sequence[Case],
    rows: Mapping[UsedKind, Mapping[str, Sequence[int]]],
    encode: Encode,
    main_language: str,
    masking: Masking = MASKED,
    *,
    public_items: Mapping[UsedKind, Mask],
    labelled: Sequence[Case] | None = None,
) -> Blobs:
    """Index solved cases (ordered by id). ``rows`` maps ids of items to rows, ids that an item replaces included.

    History learns from the uses of ``labelled``, the same cases with what else is known to have been used in them
    (``None``: the cases as they are). Neither texts nor records hold what is masked.
    """
    teaching = cases if labelled is None else labelled
    lived = [situation for row, case in enumerate(teaching) for situation in situations(case, row, masking)]
    vectors = encode.vectors([situation.text for situation in lived], "query", "cases")
    languages = [primary_language(case.language) or main_language for case in cases]
    public = [PUBLIC in case.audience for case in cases]
    shown = [masking.shown_case(case) for case in cases]
    blobs = _record_blobs("cases", shown, languages)
    blobs["cases.masks.json"] = _json_blob(CaseMasks(shown).to_json())
    # Cases are kept as they are shown: by these hashes they can be compared with what the store holds.
    blobs[HASHES_BLOB] = _json_blob([content_hash(case) for case in cases])
    blobs[MASKING_BLOB] = json.dumps(dict(masking.statement), sort_keys=True).encode("utf-8")
    blobs |= _vector_blobs("cases.situations.", vectors)
    blobs |= _prefixed("cases.", history_of(lived, rows).to_blobs())
    for kind, head in fit_heads(lived, vectors, cases, rows, public_items).items():
        blobs |= _prefixed(f"cases.heads.{kind}.", head.to_blobs())
    openings = [opening_of(case, masking) for case in cases]
    blobs["cases.openings.jsonl"] = line_blob(_json_blob(told_by(case)) for case in shown)
    blobs |= _word_set_blobs("openings", openings)
    blobs |= _word_set_blobs("resolutions", [case.resolution or "" for case in shown])
    words = [FieldedText(fields=((opening, 1.0),)) for opening in openings]
    blobs |= _language_blobs("cases", words, languages, public)
    keys = [f"{cases[situation.case].id}\n{number}" for number, situation in enumerate(lived)]
    blobs["cases.background.npy"] = blob_of(background_rows(keys, [public[situation.case] for situation in lived]))
    return blobs


def open_items(kind: UsedKind, blobs: Mapping[str, bytes], on_disk: Mapping[str, OpenFile] | None = None) -> ItemSpace:
    """Read the space of one kind out of verified blobs, and those of its files that are ``on_disk``."""
    ids: list[str] = json.loads(blobs[f"{kind}.ids.json"])
    documents = read_index(_under(f"{kind}.documents.", blobs))
    return ItemSpace(
        items=Lines(blobs[f"{kind}.jsonl"], partial(_read_item, kind)),
        ids=ids,
        row_of=_row_of(ids),
        masks=ItemMasks.from_json(json.loads(blobs[f"{kind}.masks.json"])),
        languages=json.loads(blobs[f"{kind}.languages.json"]),
        documents=documents,
        passages=_open_passages(kind, blobs) if f"{kind}.passages.starts.npy" in blobs else None,
        lexicons=_open_languages(kind, blobs),
        background=documents.vectors(array_of(blobs[f"{kind}.background.npy"], np.int64)),
        tokens=_open_tokens(f"{kind}.tokens.", blobs, on_disk or {}),
        heirs=json.loads(blobs[f"{kind}.heirs.json"]),
    )


def masked_by(blobs: Mapping[str, bytes]) -> Mapping[str, object]:
    """Return how the cases of a snapshot were masked; a snapshot that says nothing of it was not masked."""
    stated: Mapping[str, object] = json.loads(blobs[MASKING_BLOB]) if MASKING_BLOB in blobs else {}
    return stated or Masking(enabled=False).statement


def open_cases(blobs: Mapping[str, bytes], masking: Masking = MASKED) -> CaseSpace:
    """Read the space of cases out of verified blobs; what was indexed otherwise is masked as it is looked at."""
    ids: list[str] = json.loads(blobs["cases.ids.json"])
    row_of = _row_of(ids)
    masked = masked_by(blobs) == masking.statement
    situations_of_all = read_index(_under("cases.situations.", blobs))
    return CaseSpace(
        cases=Lines(blobs["cases.jsonl"], _read_case if masked else partial(_read_masked, masking)),
        ids=ids,
        row_of=row_of,
        masks=CaseMasks.from_json(json.loads(blobs["cases.masks.json"]), row_of),
        history=History.from_blobs(_under("cases.", blobs)),
        situations=situations_of_all,
        lexicons=_open_languages("cases", blobs),
        background=situations_of_all.vectors(array_of(blobs["cases.background.npy"], np.int64)),
        heads={
            kind: Head.from_blobs(_under(f"cases.heads.{kind}.", blobs))
            for kind in USED_KINDS
            if f"cases.heads.{kind}.rows.npy" in blobs
        },
        told=(
            Lines(blobs["cases.openings.jsonl"], _read_told)
            if masked
            else Lines(blobs["cases.jsonl"], partial(_told, masking))
        ),
        openings=WordSets.from_blobs(_under("cases.openings.", blobs)),
        resolutions=WordSets.from_blobs(_under("cases.resolutions.", blobs)),
        hashes=json.loads(blobs[HASHES_BLOB]) if HASHES_BLOB in blobs else (),
    )


def _record_blobs(kind: Kind, records: Sequence[Record], languages: Sequence[str]) -> Blobs:
    """Return the records, and beside them what every request asks of all: nobody has to read them for that."""
    return {
        f"{kind}.jsonl": line_blob(map(canonical_bytes, records)),
        f"{kind}.ids.json": _json_blob([record.id for record in records]),
        f"{kind}.languages.json": _json_blob(list(languages)),
    }


def _read_item(kind: UsedKind, line: bytes) -> Item:
    record = from_json(kind, json.loads(line))
    if not isinstance(record, Item):
        raise TypeError(f"found a {type(record).__name__} among the {kind} of the snapshot, expected an item")
    return record


def _read_case(line: bytes) -> Case:
    record = from_json("cases", json.loads(line))
    if not isinstance(record, Case):
        raise TypeError(f"found a {type(record).__name__} among the cases of the snapshot, expected a case")
    return record


def _read_masked(masking: Masking, line: bytes) -> Case:
    return masking.shown_case(_read_case(line))


def _read_told(line: bytes) -> Sequence[str]:
    told: list[str] = json.loads(line)
    return told


def _told(masking: Masking, line: bytes) -> Sequence[str]:
    return told_by(_read_masked(masking, line))


def _row_of(ids: Sequence[str]) -> dict[str, int]:
    return {record_id: row for row, record_id in enumerate(ids)}


def fielded(text: ItemText) -> FieldedText:
    """Return the words of an item with the weights of their fields."""
    return FieldedText(fields=((text.title, TITLE_WEIGHT), (text.keywords, KEYWORDS_WEIGHT), (text.body, 1.0)))


def _word_set_blobs(part: str, texts: Sequence[str]) -> Blobs:
    return _prefixed(f"cases.{part}.", WordSets.build(words_of(text) for text in texts).to_blobs())


def opening_of(case: Case, masking: Masking) -> str:
    """Return what the customer brought before the first reply, masked."""
    return masking.search_text(case, known_messages=known_before_reply(case)).text


def _language_blobs(
    kind: Kind, texts: Sequence[FieldedText], languages: Sequence[str], public: Sequence[bool]
) -> Blobs:
    blobs: Blobs = {}
    for language in sorted(set(languages)):
        rows = [row for row, code in enumerate(languages) if code == language]
        index = LexicalIndex.build([texts[row] for row in rows], [public[row] for row in rows], language)
        prefix = f"{kind}.words.{language}."
        blobs[f"{prefix}rows.npy"] = blob_of(np.array(rows, dtype=np.int64))
        blobs |= _prefixed(f"{prefix}bm25.", index.to_blobs())
    return blobs


def _open_languages(kind: Kind, blobs: Mapping[str, bytes]) -> dict[str, LanguageIndex]:
    opened = {}
    for language in sorted(set(json.loads(blobs[f"{kind}.languages.json"]))):
        prefix = f"{kind}.words.{language}."
        opened[language] = LanguageIndex(
            rows=array_of(blobs[f"{prefix}rows.npy"], np.int64),
            index=LexicalIndex.from_blobs(_under(f"{prefix}bm25.", blobs)),
        )
    return opened


def _vector_blobs(prefix: str, vectors: NDArray[np.float32]) -> Blobs:
    return _prefixed(prefix, build_index(vectors).to_blobs())


def _passage_blobs(kind: Kind, articles: Sequence[Article], wholes: Sequence[ItemText], encode: Encode) -> Blobs:
    cut = cut_articles(articles)
    encoded, vector_starts = cut.beside([text.whole for text in wholes])
    vectors = encode.vectors(encoded, "passage", "passages")
    return {
        f"{kind}.passages.texts.jsonl": line_blob(map(_json_blob, cut.texts)),
        f"{kind}.passages.headings.jsonl": line_blob(map(_json_blob, cut.headings)),
        f"{kind}.passages.starts.npy": blob_of(cut.starts),
        f"{kind}.passages.vector-starts.npy": blob_of(vector_starts),
        **_vector_blobs(f"{kind}.passages.vectors.", vectors),
    }


def _open_passages(kind: Kind, blobs: Mapping[str, bytes]) -> PassageTable:
    return PassageTable(
        texts=Lines(blobs[f"{kind}.passages.texts.jsonl"], _read_text),
        headings=Lines(blobs[f"{kind}.passages.headings.jsonl"], _read_text),
        starts=array_of(blobs[f"{kind}.passages.starts.npy"], np.int64),
        vectors=read_index(_under(f"{kind}.passages.vectors.", blobs)),
        vector_starts=array_of(blobs[f"{kind}.passages.vector-starts.npy"], np.int64),
    )


def _read_text(line: bytes) -> str:
    text: str = json.loads(line)
    return text


def _open_tokens(prefix: str, blobs: Mapping[str, bytes], on_disk: Mapping[str, OpenFile]) -> TokenTable | None:
    if f"{prefix}table.json" not in blobs:
        return None
    return TokenTable.from_blobs(_under(prefix, blobs), on_disk.get(prefix + CODES))


def _json_blob(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def _prefixed(prefix: str, blobs: Mapping[str, bytes]) -> Blobs:
    return {prefix + name: blob for name, blob in blobs.items()}


def _under(prefix: str, blobs: Mapping[str, bytes]) -> Blobs:
    return {name.removeprefix(prefix): blob for name, blob in blobs.items() if name.startswith(prefix)}
