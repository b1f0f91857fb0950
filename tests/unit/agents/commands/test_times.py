import argparse
from datetime import UTC, datetime

import pytest

from agents.commands.common import instant_ms


def test_an_instant_has_a_zone() -> None:
    assert instant_ms("2023-09-20T09:00:00Z") == 1_695_200_400_000
    assert instant_ms("2023-09-20T11:00:00+02:00") == 1_695_200_400_000


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("30m", 1800), ("2h", 7200), ("7d", 604_800)])
def test_a_span_is_that_long_ago(text: str, seconds: int) -> None:
    now = datetime.now(UTC).timestamp()
    assert abs(instant_ms(text) / 1000 - (now - seconds)) < 5


@pytest.mark.parametrize("text", ["2023-09-20T09:00:00", "yesterday", "2 h", "-2h", "", "9999999h"])
def test_anything_else_is_told(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no time"):
        instant_ms(text)
