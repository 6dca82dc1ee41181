"""Whatever happens in whatever order, what is live is what a plain model of the rules says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from corpus.database import create_engine, writing
from corpus.diff import CorpusDiff, compare
from corpus.layers import Layers
from corpus.migrate import migrate
from corpus.models import Kind
from corpus.store import Store
from corpus.stored import StoredRecord
from corpus.tables import metadata

Key = tuple[Kind, str]


@dataclass
class Import:
    number: int
    mode: str
    brought: dict[Key, str]
    undone: bool = False


@dataclass
class Model:
    """The rules in their plainest form: a history that is read backwards."""

    imports: list[Import] = field(default_factory=list)
    edits: dict[Key, str | None] = field(default_factory=dict)
    buried: set[Key] = field(default_factory=set)

    def imported(self, key: Key) -> str | None:
        for done in reversed(self.imports):
            if done.undone:
                continue
            if key in done.brought:
                return done.brought[key]
            if done.mode == "full":
                return None
        return None

    def live(self) -> dict[Key, str]:
        keys = {key for done in self.imports for key in done.brought} | self.edits.keys()
        found = {key: self.edits[key] if key in self.edits else self.imported(key) for key in keys - self.buried}
        return {key: text for key, text in found.items() if text is not None}


def record(key: Key, text: str) -> StoredRecord:
    payload = json.dumps([*key, text])
    return StoredRecord(kind=key[0], id=key[1], content_hash=f"hash of {payload}", payload=payload)


class History:
    """Does everything twice, to the store and to the model, and compares what they answer."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.model = Model()

    def run(self, step: tuple[object, ...]) -> None:
        name, *arguments = step
        getattr(self, str(name))(*arguments)
        live = self.store.live_state().hashes
        found = {(kind, record_id): content for kind, ids in live.items() for record_id, content in ids.items()}
        assert found == {key: record(key, text).content_hash for key, text in self.model.live().items()}

    def bring(self, mode: str, brought: dict[Key, str]) -> None:
        before = self.model.live()
        records = [record(key, text) for key, text in brought.items()]
        shown = compare(self.store, records, mode=mode)
        by_kind = {kind: [item for item in records if item.kind == kind] for kind in ("articles", "cases")}
        report = self.store.import_records(by_kind, source="test", mode=mode)
        kept = {key: text for key, text in brought.items() if key not in self.model.buried}
        self.model.imports.append(Import(report.import_id, mode, kept))
        assert report.diff == shown
        self.check_verdicts(shown, brought, before, self.model.live())

    def check_verdicts(
        self, shown: CorpusDiff, brought: dict[Key, str], before: dict[Key, str], after: dict[Key, str]
    ) -> None:
        def keys(verdict: str) -> set[Key]:
            return {(kind, record_id) for kind, ids in shown.ids(verdict).items() for record_id in ids}

        assert keys("new") == after.keys() - before.keys()
        assert keys("removed") == before.keys() - after.keys()
        assert keys("changed") == {key for key in before.keys() & after.keys() if before[key] != after[key]}
        assert keys("refused") == brought.keys() & self.model.buried
        assert keys("unchanged") == {key for key in brought if before.get(key) == after.get(key) == brought[key]}
        lost = {key for key in brought if after.get(key) != brought[key]}
        assert lost == keys("refused") | (keys("conflicts") & brought.keys())
        assert keys("conflicts") <= self.model.edits.keys()

    def undo(self, choice: int) -> None:
        left = [done for done in self.model.imports if not done.undone]
        if left:
            chosen = left[-1 - choice % len(left)]
            self.store.undo_import(chosen.number)
            chosen.undone = True

    def put(self, key: Key, text: str) -> None:
        if key not in self.model.buried:
            assert self.store.put(record(key, text)) == (key not in self.model.live())
            self.model.edits[key] = text

    def remove(self, key: Key) -> None:
        was_live = key in self.model.live()
        assert self.store.remove(*key) == was_live
        if was_live:
            self.model.edits[key] = None

    def bury(self, key: Key, reason: str) -> None:
        self.store.bury(*key, reason)
        self.model.buried.add(key)


KEYS = st.sampled_from([("articles", "a"), ("articles", "b"), ("articles", "ü"), ("cases", "a")])
TEXTS = st.sampled_from(["1", "2"])
BRINGS = st.tuples(st.just("bring"), st.sampled_from(["full", "upsert"]), st.dictionaries(KEYS, TEXTS, max_size=4))
UNDOES = st.tuples(st.just("undo"), st.integers(0, 2))
PUTS = st.tuples(st.just("put"), KEYS, TEXTS)
REMOVES = st.tuples(st.just("remove"), KEYS)
BURIALS = st.tuples(st.just("bury"), KEYS, st.sampled_from(["erased", "withdrawn"]))
STEPS = st.sampled_from([BRINGS, BRINGS, BRINGS, UNDOES, UNDOES, PUTS, REMOVES, BURIALS]).flatmap(lambda step: step)


@pytest.fixture
def engine(tmp_path):
    made = create_engine(tmp_path / "store.db")
    event.listen(made, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF").close())
    migrate(made)
    yield made
    made.dispose()


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=6, max_size=12))
def test_any_history_leads_to_the_live_corpus_of_the_model(engine, steps):
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    history = History(Store(engine))
    for step in steps:
        history.run(step)


def test_a_tombstone_hides_a_record_whatever_else_is_known_of_it():
    key: Key = ("cases", "c")
    layers = Layers(imported={key: "one"}, edited={key: "two"}, buried={key})
    assert layers.live_hash(key) is None
    assert layers.live()["cases"] == {}
