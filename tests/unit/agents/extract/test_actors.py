import pytest

from agents.extract.actors import Actor, ActorKind
from agents.extract.groups import GroupDataError, read_groups
from tests.unit.agents.extract.test_places import LANGUAGES, analysis_of

STATE, GROUP = ActorKind.STATE, ActorKind.ARMED_GROUP


@pytest.mark.parametrize(
    ("language", "phrase", "expected"),
    [
        ("en", "the Azerbaijani army", Actor(STATE, "AZE")),
        ("en", "Israeli troops", Actor(STATE, "ISR")),
        ("en", "Moscow", Actor(STATE, "RUS")),
        ("en", "Hamas fighters", Actor(GROUP, "PSE")),
        ("en", "the RSF", Actor(GROUP, "SDN")),
        ("en", "armed forces of the self-proclaimed republic", Actor(GROUP, None)),
        ("en", "Kenyan police", Actor(ActorKind.POLICE, "KEN")),
        ("en", "UN peacekeepers", Actor(ActorKind.PEACEKEEPERS, None)),
        ("en", "the Red Cross", Actor(ActorKind.AID, None)),
        ("en", "villagers", Actor(ActorKind.CIVILIANS, None)),
        ("en", "a green tractor", Actor(None, None)),
        ("id", "tentara Azerbaijan", Actor(STATE, "AZE")),
        ("id", "pasukan NKR", Actor(GROUP, "AZE")),
        ("id", "angkatan bersenjata republik yang tidak diakui", Actor(GROUP, "AZE")),
    ],
)
def test_kind_and_country_of_a_phrase(language: str, phrase: str, expected: Actor) -> None:
    analysis, _ = analysis_of(phrase, language)
    sentence = analysis.sentences[-1]
    assert LANGUAGES[language].actors.read(sentence, 0, len(sentence.tokens)) == expected


def test_an_acronym_is_found_in_capitals_only() -> None:
    analysis, _ = analysis_of("the rsf fired")
    sentence = analysis.sentences[-1]
    assert LANGUAGES["en"].actors.read(sentence, 0, 2).kind is None


@pytest.mark.parametrize(
    "row", [{"name": "X", "kind": "army", "country": "", "spellings": []}, {"name": "X", "kind": "state"}]
)
def test_a_wrong_group_is_told_by_name(row: dict[str, object]) -> None:
    with pytest.raises(GroupDataError, match=r"groups\.toml: X"):
        read_groups({"group": [row]})
