from __future__ import annotations

import pytest

from evaluation.item_ids import decode_id, encode_id, is_allowed


@pytest.mark.parametrize(
    ("raw", "encoded"),
    [
        ("reverted_card_payment?", "reverted_card_payment~3F"),
        ("a/b\\c#d%e f", "a~2Fb~5Cc~23d~25e~20f"),
        ("tilde~3F", "tilde~7E3F"),
        ("no\u00a0break\n", "no~C2~A0break~0A"),
        ("grüße-1:2.md", "grüße-1:2.md"),
    ],
)
def test_what_the_contract_forbids_is_escaped_and_comes_back(raw: str, encoded: str) -> None:
    assert encode_id(raw) == encoded
    assert is_allowed(encoded)
    assert decode_id(encoded) == raw


def test_no_two_ids_become_one() -> None:
    ids = ["a?", "a~3F", "a~7E3F", "a~", "a", "~", "~~", "?"]
    assert len({encode_id(each) for each in ids}) == len(ids)
    assert [decode_id(encode_id(each)) for each in ids] == ids
