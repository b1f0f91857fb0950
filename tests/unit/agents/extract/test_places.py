"""Places of short articles, on the real GeoNames index and the real packs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extract.analysis import Analysis, analyse
from agents.extract.gazetteer import shared_gazetteer
from agents.extract.language import Language
from agents.extract.pack import load_packs
from agents.extract.places import ActPlace, ArticlePlaces
from streams.vocabulary import PlacePrecision
from tests.support.extraction import article

LANGUAGES = {
    code: Language.of_pack(pack, shared_gazetteer()) for code, pack in load_packs().items() if code in ("en", "id")
}


def analysis_of(body: str, language: str = "en", title: str = "") -> tuple[Analysis, ArticlePlaces]:
    analysis = analyse(article(body, language, title), LANGUAGES[language].lexicon)
    return analysis, ArticlePlaces(analysis, LANGUAGES[language].places)


def place_of(body: str, words: str, language: str = "en") -> ActPlace:
    """The place of the act told in `words`."""
    analysis, places = analysis_of(body, language)
    start = analysis.text.index(words)
    sentence = next(s for s in analysis.sentences if s.start <= start < s.end)
    inside = [i for i, t in enumerate(sentence.tokens) if start <= t.start < start + len(words)]
    return places.of_act(sentence, inside[0], inside[-1] + 1)


def test_the_article_decides_between_homonyms() -> None:
    congo = place_of("Rebels in eastern Congo shelled Goma on Monday.", "shelled Goma")
    assert (congo.text, congo.country) == ("Goma", "COD")
    assert congo.place is not None
    assert congo.place.precision is PlacePrecision.CITY
    ukraine = place_of("Ukraine said a missile hit Donetsk.", "hit Donetsk")
    russia = place_of("Russia said drones hit the town of Donetsk in Rostov, Russia.", "hit the town of Donetsk")
    assert (ukraine.country, russia.country) == ("UKR", "RUS")


def test_an_unknown_village_is_told_but_not_resolved() -> None:
    found = place_of("Syrian troops stormed the village of Qarmadun at dawn.", "stormed the village")
    assert (found.text, found.place, found.country) == ("Qarmadun", None, "SYR")


def test_a_site_keeps_its_kind_noun() -> None:
    assert place_of("Sudanese gunmen attacked Zamzam camp on Friday.", "attacked Zamzam").text == "Zamzam camp"


def test_a_capital_that_stands_for_its_government_is_no_place() -> None:
    found = place_of("Fighting went on near Avdiivka in Ukraine. Moscow denied it had fired.", "denied it had fired")
    assert (found.text, found.country) == ("Avdiivka", "UKR")


def test_a_region_of_the_overlay_has_its_country_and_precision() -> None:
    found = place_of("Pasukan menyerang posisi di Nagorno-Karabakh.", "menyerang posisi", "id")
    assert (found.text, found.country) == ("Nagorno-Karabakh", "AZE")
    assert found.place is not None
    assert found.place.precision is PlacePrecision.REGION


def test_a_force_is_no_place() -> None:
    found = place_of("The RSF shelled El Fasher in Sudan. The SAF fired back.", "fired back")
    assert found.text == "El Fasher"


@pytest.mark.parametrize("body", ["He went to Reading in October.", "Nothing happened.", "", "Mr Jackson spoke."])
def test_without_a_place_there_is_none_and_no_country_is_guessed(body: str) -> None:
    analysis, places = analysis_of(body)
    for sentence in analysis.sentences:
        assert places.of_act(sentence, 0, 1).country is None


def test_origin_and_destination_go_by_their_prepositions() -> None:
    analysis, places = analysis_of("About 300 people fled from Sake to Goma in Congo.")
    sentence = next(s for s in analysis.sentences if s.tokens)
    origin, destination = places.origin(sentence, 0, 9), places.destination(sentence, 0, 9)
    assert origin is not None
    assert destination is not None
    assert (origin.text, destination.text) == ("Sake", "Goma")


@given(st.text(max_size=300))
def test_mentions_stand_where_they_say_for_any_text(text: str) -> None:
    analysis, places = analysis_of("In Goma, Congo: " + text, "en")
    for sentence in analysis.sentences:
        for mention in places.mentions(sentence):
            assert analysis.text[mention.start : mention.end] == mention.text
