from __future__ import annotations

from pathlib import Path

import pytest

from assist.commands.serve import serving_environment
from assist.models import SUGGEST_KINDS
from assist.precision import TARGET_PRECISION
from assist.settings import Settings, read_settings
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


def test_masking_is_on_unless_it_is_switched_off() -> None:
    assert read_settings({}).index.masking.enabled
    assert read_settings({"ASSIST_MASKING": "on"}).index.masking.enabled
    assert not read_settings({"ASSIST_MASKING": "off"}).index.masking.enabled


def test_urgency_is_what_is_proven_unless_something_else_is_set() -> None:
    assert read_settings({}).index.urgency == "auto"
    assert read_settings({"ASSIST_URGENCY": "rules"}).index.urgency == "rules"
    assert read_settings({"ASSIST_URGENCY": "off"}).index.urgency == "off"
    with pytest.raises(SettingsError, match="ASSIST_URGENCY: found 'on', expected one of auto, rules, off"):
        read_settings({"ASSIST_URGENCY": "on"})


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


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost", "::1", "0.0.0.0", "::", "kb.example.org"])
def test_any_address_is_read_as_it_is(host: str) -> None:
    assert read_settings({"ASSIST_HOST": host}).host == host


def test_origins_are_read_as_browsers_write_them() -> None:
    settings = read_settings({"ASSIST_ORIGINS": "https://CRM.example:443, http://localhost:3000"})
    assert settings.origins == {"https://crm.example", "http://localhost:3000"}


@pytest.mark.parametrize(("threads", "at_work", "each"), [(2, 2, 1), (2, 1, 2), (8, 3, 2), (1, 4, 1)])
def test_the_requests_of_a_worker_share_the_threads_of_encoding(threads: int, at_work: int, each: int) -> None:
    settings = read_settings({"ASSIST_THREADS": str(threads), "ASSIST_REQUEST_THREADS": str(at_work)})
    assert settings.for_requests().index.threads == each
    assert settings.index.threads == threads  # a build of the same settings has them all


def test_the_rate_limit_may_be_switched_off() -> None:
    assert (read_settings({}).rate_limit, read_settings({"ASSIST_RATE_LIMIT": "0"}).rate_limit) == (600, 0)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ASSIST_HOST", "0.0.0.0:8080"),
        ("ASSIST_HOST", "http://127.0.0.1"),
        ("ASSIST_HOST", " "),
        ("ASSIST_ORIGINS", "*"),
        ("ASSIST_ORIGINS", "https://crm.example/widget"),
        ("ASSIST_RATE_LIMIT", "-1"),
        ("ASSIST_PORT", "80a"),
        ("ASSIST_PORT", "70000"),
        ("ASSIST_WORKERS", "0"),
        ("ASSIST_THREADS", "²"),
        ("ASSIST_QUEUE", "-1"),
        ("ASSIST_DEADLINE_MS", "49"),
        ("ASSIST_DEADLINE_MS", "2s"),
        ("ASSIST_AUDIENCES", " , "),
        ("ASSIST_MASKING", "yes"),
        ("ASSIST_RECOVER_LABELS", "yes"),
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


def test_nothing_goes_by_age_unless_it_is_set_but_feedback_and_audit() -> None:
    retention = read_settings({}).index.retention
    assert (retention.cases_days, retention.versions_days) == (None, None)
    assert (retention.feedback_days, retention.audit_days) == (400, 1_095)


def test_periods_are_read_and_zero_sets_none() -> None:
    retention = read_settings({
        "ASSIST_RETAIN_CASES_DAYS": "730", "ASSIST_RETAIN_FEEDBACK_DAYS": "0", "ASSIST_BACKUP_DAYS": "30",
    }).index.retention  # fmt: skip
    assert (retention.cases_days, retention.feedback_days, retention.backup_days) == (730, None, 30)


@pytest.mark.parametrize("name", ["ASSIST_RETAIN_CASES_DAYS", "ASSIST_ERASE_WITHIN_HOURS", "ASSIST_BACKUP_DAYS"])
def test_a_period_that_is_none_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({name: "-1"})


def test_a_merge_map_that_cannot_be_used_ends_the_program_with_its_name(tmp_path):
    path = tmp_path / "felder.toml"
    path.write_text('[salesforce.fields]\n"Contact.X" = "contact.iban"\n', encoding="utf-8")

    with pytest.raises(SettingsError, match=r"ASSIST_MERGE_MAP: .*felder\.toml: salesforce\.fields\.Contact\.X"):
        read_settings({"ASSIST_MERGE_MAP": str(path)})


def test_there_is_no_desk_unless_it_is_switched_on() -> None:
    assert not read_settings({}).desk
    assert read_settings({"ASSIST_DESK": "on"}).desk
    with pytest.raises(SettingsError, match="ASSIST_DESK: found 'yes', expected on or off"):
        read_settings({"ASSIST_DESK": "yes"})


def test_what_the_demo_sets_reaches_its_workers() -> None:
    settings = Settings(desk=True, company={"name": "Lindfunk", "phone": "030 23125 100"})
    read = read_settings(serving_environment(settings))

    assert (read.desk, read.company) == (True, settings.company)


def test_how_many_heaps_the_c_library_keeps_may_be_set_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    assert serving_environment(Settings())["MALLOC_ARENA_MAX"] == "4"
    monkeypatch.setenv("MALLOC_ARENA_MAX", "1")
    assert serving_environment(Settings())["MALLOC_ARENA_MAX"] == "1"
