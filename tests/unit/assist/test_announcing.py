"""What a starting service prints for the person who started it."""

from __future__ import annotations

import pytest

from assist.keyring import KeyRing
from assist.settings import Settings
from assist.wsgi import announce


@pytest.mark.parametrize("desk", [True, False])
def test_the_address_of_the_desk_stands_beside_that_of_the_service_where_there_is_one(
    desk: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = KeyRing(lambda: ())
    keys.refresh()
    announce(Settings(port=8099, desk=desk), keys, "4711")
    printed = capsys.readouterr().out

    assert "Stichwort serves snapshot 4711 at http://127.0.0.1:8099 " in printed
    assert ("The agent desk: http://127.0.0.1:8099/desk" in printed) is desk
