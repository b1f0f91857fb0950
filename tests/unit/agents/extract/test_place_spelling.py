import pytest

from agents.extract.overlay import overlay, read_overlay
from agents.extract.place_spelling import PlaceDataError, PlaceSpelling, Rule, Words


def test_stems_begin_words_and_words_are_whole() -> None:
    words = Words(["köy*", "ili"])
    assert "koyunde" in words
    assert "ili" in words
    assert "ilinde" not in words


def test_rules_are_longest_first_and_keep_their_cue() -> None:
    spelling = PlaceSpelling.read({"endings": ["а>"], "endings_at": ["ах>ы"]})
    assert spelling.endings == (Rule("ах", "ы", "at"), Rule("а", "", None))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"ending": ["a>"]}, "places.ending is no key"),
        ({"endings": ["a"]}, "a rule is `old>new`"),
        ({"endings": "a>"}, "takes a list"),
        ({"countries": {"UK": ["Britain"]}}, "'UK', no ISO"),
        ({"home": ["XX"]}, "'XX', no ISO"),
    ],
)
def test_a_wrong_table_names_its_key(table: dict[str, object], message: str) -> None:
    with pytest.raises(PlaceDataError, match=message):
        PlaceSpelling.read(table)


def test_the_overlay_is_right_and_finds_contested_regions_in_several_scripts() -> None:
    for words in (("nagorno", "karabakh"), ("карабах",), ("קרבאך",)):
        assert overlay()[words].country == "AZE"


def test_a_wrong_place_is_told_by_name() -> None:
    row = {"name": "X", "country": "AZE", "lat": 1.0, "lon": 1.0, "precision": "planet"}
    with pytest.raises(PlaceDataError, match=r"places\.toml: X"):
        read_overlay({"place": [row]})
