from dataclasses import fields

import pytest

from streams.settings import SettingError, Settings, describe, load


def test_the_defaults_are_valid() -> None:
    assert load({}).bootstrap_servers == "127.0.0.1:9092"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka"),
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka:port"),
        ("FRONTWIRE_HTTP_PORT", "70000"),
        ("FRONTWIRE_HTTP_PORT", "http"),
        ("FRONTWIRE_LOG_LEVEL", "loud"),
        ("FRONTWIRE_DRAIN_TIMEOUT", "soon"),
        ("FRONTWIRE_SESSION_TIMEOUT", "1"),
        ("FRONTWIRE_TOPIC_PREFIX", "my topics/"),
        ("FRONTWIRE_USER_AGENT", "reader\r\nHost: other"),
    ],
)
def test_a_wrong_value_is_told_in_one_sentence_that_names_the_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingError, match=rf"^{variable} .*takes .*\.$"):
        load({variable: value})


def test_a_misspelt_variable_is_told() -> None:
    with pytest.raises(SettingError, match="FRONTWIRE_HTTP_PROT is no setting"):
        load({"FRONTWIRE_HTTP_PROT": "1"})


def test_every_setting_is_described_once() -> None:
    variables = [variable for variable, _, meaning in describe() if meaning]
    assert len(set(variables)) == len(fields(Settings))
