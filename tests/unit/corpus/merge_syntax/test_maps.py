"""The manager's own file of fields: it extends what is shipped, and says where it cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.merge_syntax.maps import MergeMapError, MergeMaps, merge_maps, read_maps, shipped_maps
from corpus.merge_syntax.translate import translate


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "fields.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def source(maps: MergeMaps, text: str, name: str) -> str:
    syntax = maps.of(name)
    assert syntax is not None
    return translate(text, syntax).source


def test_a_field_is_added_to_a_shipped_syntax_under_all_its_names(write):
    maps = read_maps(write('[lightning.fields]\n"Contact.Loyalty__c" = "customer.loyalty"\n'))

    for name in ("salesforce", "lightning", "Salesforce-Classic"):
        assert source(maps, "{!Contact.Loyalty__c} {!Contact.FirstName}", name) == (
            "{{ customer.loyalty }} {{ contact.first_name }}"
        )


def test_a_shipped_field_can_be_given_another_meaning(write):
    maps = read_maps(write('[zammad.fields]\n"ticket.number" = "customer.ticket"\n'))

    assert source(maps, "#{ticket.number}", "zammad") == "{{ customer.ticket }}"
    assert source(shipped_maps(), "#{ticket.number}", "zammad") == "{{ case.id }}"


def test_a_new_syntax_is_like_a_shipped_one_or_names_its_style(write):
    maps = read_maps(
        write(
            '[meincrm]\nstyle = "braces"\n[meincrm.fields]\nvorname = "contact.first_name"\n'
            '[zammad2]\nlike = "zammad"\n[zammad2.fields]\n"ticket.x" = "customer.x"\n'
        )
    )

    assert source(maps, "{Vorname}, {unbekannt}", "meincrm").startswith("{{ contact.first_name }}, ")
    assert source(maps, "#{ticket.x} #{ticket.number}", "zammad2") == "{{ customer.x }} {{ case.id }}"
    assert source(maps, "#{ticket.x}", "zammad") != "{{ customer.x }}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[salesforce.fields]\n"Contact.X" = "contact.iban"\n', ["salesforce.fields.Contact.X", "'contact.iban'"]),
        ('[salesforce.fields]\n"Contact.X" = 1\n', ["salesforce.fields.Contact.X"]),
        ('[neu.fields]\n"a" = "case.id"\n', ["neu", "style None", "braces"]),
        ('[neu]\nstyle = "word"\n', ["'word'", "salesforce"]),
        ('[zammad]\nfeilds = 1\n', ["'feilds'"]),
        ("zammad = 1\n", ["zammad", "found no table"]),
        ("[zammad]\nfields = 1\n", ["zammad.fields", "found no table"]),
        ("[zammad\n", ["found no TOML"]),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_where_and_why(write, text, words):
    with pytest.raises(MergeMapError) as caught:
        read_maps(write(text))

    for word in ("fields.toml", *words):
        assert word in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MergeMapError, match=r"ASSIST_MERGE_MAP: .*nirgends\.toml: cannot be read"):
        merge_maps({"ASSIST_MERGE_MAP": str(tmp_path / "nirgends.toml")})


def test_without_the_setting_the_shipped_fields_hold():
    assert merge_maps({}) is shipped_maps()
