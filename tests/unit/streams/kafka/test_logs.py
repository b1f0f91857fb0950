"""What log lines look like."""

import json
import logging
import sys

from streams.kafka.logs import JsonFormatter, Quieter, TextFormatter


def record(text: str, *arguments: object, created: float = 1_695_200_400.5) -> logging.LogRecord:
    made = logging.LogRecord("streams.test", logging.WARNING, "file.py", 1, text, arguments, None)
    made.created = created
    return made


def test_a_json_line_is_one_object() -> None:
    made = record("two\nlines: %s", "\ud800 and 'quotes'")
    line = JsonFormatter().format(made)
    assert "\n" not in line
    assert json.loads(line)["time"] == "2023-09-20T09:00:00.500+00:00"
    assert json.loads(line)["level"] == "warning"


def test_a_traceback_is_a_field() -> None:
    made = record("failed")
    try:
        raise ValueError("why")
    except ValueError:
        made.exc_info = sys.exc_info()
    assert "ValueError: why" in json.loads(JsonFormatter().format(made))["traceback"]


def test_the_same_kind_is_shown_once_in_a_while() -> None:
    quieter = Quieter(10)
    shown = [quieter.filter(record("away: %s", number, created=number)) for number in (100.0, 101.0, 109.9, 110.0)]
    assert shown == [True, False, False, True]
    assert quieter.filter(record("other", created=110.1))


def test_a_text_line_stays_one_line_whatever_strangers_wrote() -> None:
    line = TextFormatter().format(record("read %s", "a\n2026 ERROR forged\x1b[2J\u202eß"))
    assert line.endswith("streams.test: read a\\n2026 ERROR forged\\x1b[2J\\u202eß")
