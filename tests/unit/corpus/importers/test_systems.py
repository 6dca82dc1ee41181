"""Salesforce, Zendesk and Dynamics: versions, languages, audiences and what belongs to an article."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.importers.fates import Taken
from corpus.importers.limits import ImportFailedError
from corpus.importers.mapped_tables import MapNeededError
from tests.unit.corpus.importers.reading import fates_of, only_record, reasons

BODY = {"columns": {"body": {"columns": ["Text__c"], "headings": "true"}}}
HEAD = "Id,KnowledgeArticleId,Title,Language,IsMasterLanguage,PublishStatus,VersionNumber,Text__c"


def salesforce(folder: Path, *rows: str, head: str = HEAD, **files: str) -> list:
    return fates_of(folder, "salesforce-knowledge", {"kav.csv": "\n".join([head, *rows]) + "\n", **files}, map=BODY)


def records(fates: list) -> dict[str, Any]:
    return {fate.record["id"]: fate.record for fate in fates if isinstance(fate, Taken)}


def test_the_newest_version_online_is_taken_whatever_the_order(tmp_path: Path) -> None:
    fates = salesforce(
        tmp_path,
        "v2,kA1,Neu,de,1,Online,10,<p>neu</p>",
        "v1,kA1,Alt,de,1,Online,9,<p>alt</p>",
        "v3,kA1,X,de,1,Draft,11,x",
    )

    assert [record["title"] for record in records(fates).values()] == ["Neu"]
    assert reasons(fates) == ["an older version", "a draft"]


def test_the_original_keeps_the_id_and_translations_name_it(tmp_path: Path) -> None:
    taken = records(
        salesforce(tmp_path, "v1,kA1,Move,en_US,0,Online,1,<p>x</p>", "v2,kA1,Umzug,de,1,Online,1,<p>x</p>")
    )

    assert set(taken) == {"kA1", "kA1-en-US"}
    assert taken["kA1-en-US"]["translation_of"] == "kA1"
    assert "translation_of" not in taken["kA1"]


def test_without_a_master_every_id_names_its_language(tmp_path: Path) -> None:
    head = HEAD.replace("IsMasterLanguage", "Other")

    assert set(records(salesforce(tmp_path, "v1,kA1,Umzug,de,1,Online,1,<p>x</p>", head=head))) == {"kA1-de"}


def test_data_categories_come_from_their_own_table_and_broken_rows_of_it_are_told(tmp_path: Path) -> None:
    head = "Id,ParentId,DataCategoryGroupName,DataCategoryName\n"
    categories = head + "1,v1,Produkte,Gas\n2,v1,Themen,Umzug_und_Auszug\n3,,Themen,x\n"
    fates = salesforce(tmp_path, "v1,kA1,Umzug,de,1,Online,1,<p>x</p>", **{"DataCategorySelection.csv": categories})

    record = records(fates)["kA1"]
    assert (record["products"], record["categories"]) == (["Gas"], ["Umzug und Auszug"])
    assert reasons(fates) == ["found no ParentId"]


@pytest.mark.parametrize(
    ("visible", "audience"), [("true", None), ("1", None), ("false", ["internal"]), ("0", ["internal"])]
)
def test_what_the_public_may_not_see_is_internal(tmp_path: Path, visible: str, audience: list[str] | None) -> None:
    fates = salesforce(tmp_path, f"v1,kA1,Umzug,de,1,Online,1,<p>x</p>,{visible}", head=f"{HEAD},IsVisibleInPkb")

    assert only_record(fates).get("audience") == audience


def test_a_section_that_says_nothing_has_no_heading(tmp_path: Path) -> None:
    assert reasons(salesforce(tmp_path, "v1,kA1,Bild,de,1,Online,1,<img src=x.png>")) == [
        "found no text in the body, expected some"
    ]


def test_salesforce_needs_to_know_the_columns_of_the_body(tmp_path: Path) -> None:
    with pytest.raises(MapNeededError) as needed:
        fates_of(tmp_path, "salesforce-knowledge", {"kav.csv": HEAD + "\n"})

    assert "- Text__c" in needed.value.suggestion
    with pytest.raises(ImportFailedError, match="found no CSV or XLSX file with a column KnowledgeArticleId"):
        fates_of(tmp_path / "other", "salesforce-knowledge", {"a.csv": "a,b\n1,2\n"}, map=BODY)


def zendesk(folder: Path, article: dict[str, Any], **options: Any) -> list:
    whole = {"id": 7, "title": "T", "body": "<p>x</p>", "locale": "de"} | article
    segments = [{"id": 9, "name": "Zweite Ebene"}]
    return fates_of(folder, "zendesk", {"articles.json": {"articles": [whole], "user_segments": segments}}, **options)


@pytest.mark.parametrize(
    ("article", "audience"),
    [
        ({"user_segment_id": None}, None),
        ({}, None),
        ({"user_segment_id": 9}, ["Zweite Ebene"]),
        ({"user_segment_id": 5}, ["segment-5"]),
        ({"user_segment_ids": [9, 5]}, ["Zweite Ebene", "segment-5"]),
    ],
)
def test_a_user_segment_is_an_audience_even_if_nobody_named_it(tmp_path: Path, article: Any, audience: Any) -> None:
    assert only_record(zendesk(tmp_path, article)).get("audience") == audience


def test_a_map_names_the_group_of_a_segment(tmp_path: Path) -> None:
    options = {"map": {"audience": {"Zweite Ebene": "second_level", "5": "partner"}}}

    assert only_record(zendesk(tmp_path, {"user_segment_ids": [9, 5]}, **options))["audience"] == [
        "second_level",
        "partner",
    ]
    with pytest.raises(ImportFailedError, match="expected only audience"):
        zendesk(tmp_path, {}, map={"columns": {}})


def test_a_translation_of_a_draft_is_one_too(tmp_path: Path) -> None:
    files = {
        "articles.json": [{"id": 7, "title": "T", "body": "x", "locale": "de", "draft": True, "user_segment_id": 4}],
        "translations-1.json": [{"id": 8, "source_id": 7, "locale": "en", "title": "T", "body": "x", "draft": False}],
    }
    taken = records(fates_of(tmp_path, "zendesk", files))

    assert taken["7-en"]["status"] == "draft"
    assert taken["7-en"]["audience"] == ["segment-4"]


def dynamics(folder: Path, *versions: dict[str, Any], **options: Any) -> list:
    whole = {"articlepublicnumber": "KA-1", "title": "T", "content": "<p>x</p>", "statecode": 3,
             "majorversionnumber": 1, "minorversionnumber": 0, "languagelocaleid": {"code": "de-DE"}}  # fmt: skip
    return fates_of(folder, "dynamics", {"ka.json": {"value": [whole | version for version in versions]}}, **options)


def test_the_newest_published_version_by_major_then_minor_number(tmp_path: Path) -> None:
    fates = dynamics(
        tmp_path,
        {"minorversionnumber": 11, "title": "1.11"},
        {"majorversionnumber": 2, "title": "2.0"},
        {"majorversionnumber": 3, "statecode": 0},
    )

    assert [record["version"] for record in records(fates).values()] == ["2.0"]
    assert reasons(fates) == ["an older version", "a draft"]


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({"languagelocaleid": {"localeid": 3079}}, "de-AT"),
        ({"languagelocaleid": 1033}, "en-US"),
        (
            {
                "languagelocaleid": None,
                "_languagelocaleid_value@OData.Community.Display.V1.FormattedValue": "German - Germany",
            },
            "de",
        ),
    ],
)
def test_the_language_in_the_ways_that_dynamics_writes_it(tmp_path: Path, fields: Any, language: str) -> None:
    assert only_record(dynamics(tmp_path, fields))["language"] == language


def test_internal_articles_have_an_audience_that_a_map_may_name(tmp_path: Path) -> None:
    assert only_record(dynamics(tmp_path, {"isinternal": True}))["audience"] == ["internal"]
    options = {"map": {"audience": {"internal": "second_level"}}}
    assert only_record(dynamics(tmp_path, {"isinternal": True}, **options))["audience"] == ["second_level"]


@pytest.mark.parametrize("text", ["", "[1", "[" * 100_000, "9" * 5_000, '{"value": 3}', "null", '{"articles": []}'])
def test_json_that_cannot_be_used_is_one_row_in_quarantine(tmp_path: Path, text: str) -> None:
    assert len(reasons(fates_of(tmp_path, "dynamics", {"ka.json": text}))) == 1
