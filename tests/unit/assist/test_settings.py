from __future__ import annotations

from pathlib import Path

import pytest

from assist.models import SUGGEST_KINDS
from assist.scorer import TARGET_PRECISION
from assist.settings import read_settings
from index.settings import SettingsError


def test_without_variables_the_defaults_hold() -> None:
    settings = read_settings({})
    assert (settings.host, settings.port, settings.audiences) == ("127.0.0.1", 8080, frozenset({"public"}))
    assert settings.index.database == "sqlite:///var/stichwort.db"


def test_the_command_line_wins_over_the_environment() -> None:
    settings = read_settings({"ASSIST_VAR": "a", "ASSIST_PORT": "1"}, var=Path("b"), port=2)
    assert (settings.index.var, settings.port) == (Path("b"), 2)


def test_audiences_and_company_are_read() -> None:
    settings = read_settings({"ASSIST_AUDIENCES": "public, second_level", "ASSIST_COMPANY_NAME": "Lindfunk"})
    assert settings.audiences == {"public", "second_level"}
    assert settings.company == {"name": "Lindfunk"}


def test_without_a_wish_the_precision_is_that_of_the_product() -> None:
    assert read_settings({}).precision == TARGET_PRECISION
    assert read_settings({"ASSIST_TARGET_PRECISION": " "}).precision == TARGET_PRECISION


def test_one_precision_is_wanted_of_every_kind() -> None:
    assert read_settings({"ASSIST_TARGET_PRECISION": "0.9"}).precision == dict.fromkeys(SUGGEST_KINDS, 0.9)


def test_a_precision_can_be_wanted_of_some_kinds() -> None:
    settings = read_settings({"ASSIST_TARGET_PRECISION": "articles=0.6, actions = 1,"})
    assert settings.precision == {**TARGET_PRECISION, "articles": 0.6, "actions": 1.0}


def test_what_is_wanted_of_one_kind_can_differ_from_all_others() -> None:
    settings = read_settings({"ASSIST_TARGET_PRECISION": "0.5,similar_cases=0"})
    assert settings.precision == {**dict.fromkeys(SUGGEST_KINDS, 0.5), "similar_cases": 0.0}


def test_of_a_bad_precision_the_message_names_the_part_and_the_kinds() -> None:
    with pytest.raises(SettingsError, match=r"found 'macros=0\.5', expected a share from 0 to 1.*similar_cases"):
        read_settings({"ASSIST_TARGET_PRECISION": "articles=0.6,macros=0.5"})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost", "::1"])
def test_loopback_is_accepted(host: str) -> None:
    assert read_settings({"ASSIST_HOST": host}).host == host


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ASSIST_HOST", "0.0.0.0"),
        ("ASSIST_HOST", "example.org"),
        ("ASSIST_PORT", "80a"),
        ("ASSIST_PORT", "70000"),
        ("ASSIST_WORKERS", "0"),
        ("ASSIST_THREADS", "²"),
        ("ASSIST_AUDIENCES", " , "),
        ("ASSIST_TARGET_PRECISION", "sicher"),
        ("ASSIST_TARGET_PRECISION", "1.01"),
        ("ASSIST_TARGET_PRECISION", "-0.1"),
        ("ASSIST_TARGET_PRECISION", "nan"),
        ("ASSIST_TARGET_PRECISION", "60%"),
        ("ASSIST_TARGET_PRECISION", "macros=0.5"),
        ("ASSIST_TARGET_PRECISION", "articles="),
        ("ASSIST_TARGET_PRECISION", "articles=0.5=0.6"),
    ],
)
def test_a_bad_variable_is_named_with_what_was_found(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable) as caught:
        read_settings({variable: value})
    assert repr(value) in str(caught.value)
