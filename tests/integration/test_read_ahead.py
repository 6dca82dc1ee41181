"""What is read before it is asked for: never anything else than what would be read now."""

from __future__ import annotations

import pytest

from index.read_ahead import ReadAhead
from index.snapshot import NoSnapshotError, load_current_or_last_good
from tests.conftest import Build, WriteCorpus, edition


@pytest.fixture
def built(build_index: Build, write_corpus: WriteCorpus):
    """Index the corpus of an edition, and return the id of the snapshot."""
    return lambda number: build_index(write_corpus(edition(number))).snapshot.snapshot_id


@pytest.fixture
def ahead(index_settings):
    return ReadAhead(index_settings)


def test_the_snapshot_and_its_encoder_are_those_that_current_names(ahead, built):
    snapshot = built(1)
    ahead.begin()
    verified, problems = ahead.snapshot()
    encoder = ahead.encoder()
    assert (verified.manifest.snapshot_id, problems) == (snapshot, ())
    assert encoder is not None
    assert encoder.fingerprint == verified.manifest.encoder.fingerprint


def test_what_was_read_ahead_counts_once(ahead, built):
    built(1)
    ahead.begin()
    first, _ = ahead.snapshot()
    ahead.begin()
    again, _ = ahead.snapshot()
    assert again.manifest == first.manifest
    assert again is not first


def test_a_snapshot_that_came_meanwhile_is_read(ahead, built):
    built(1)
    ahead.begin()
    assert ahead.encoder() is not None
    newer = built(2)
    assert ahead.snapshot()[0].manifest.snapshot_id == newer


def test_where_nothing_is_yet_nothing_comes_of_it_and_later_all_is_read(ahead, built):
    ahead.begin()
    assert ahead.encoder() is None
    with pytest.raises(NoSnapshotError):
        ahead.snapshot()
    snapshot = built(1)
    assert ahead.snapshot()[0].manifest.snapshot_id == snapshot


def test_what_was_never_begun_is_read_when_it_is_asked_for(ahead, built):
    snapshot = built(1)
    assert ahead.encoder() is None
    assert ahead.snapshot()[0].manifest.snapshot_id == snapshot


def test_a_damaged_snapshot_is_passed_over_and_named_as_ever(ahead, built, index_settings):
    good, damaged = built(1), built(2)
    file = index_settings.var / "snapshots" / damaged / "articles.jsonl"
    file.write_bytes(file.read_bytes()[:-1])
    ahead.begin()
    verified, problems = ahead.snapshot()
    assert verified.manifest.snapshot_id == good
    assert problems == load_current_or_last_good(index_settings.var)[1]
    assert [problem.file for problem in problems] == ["articles.jsonl"]
