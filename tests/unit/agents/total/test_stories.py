"""Articles that tell one event come together, others do not, and a merge is told."""

import gc

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.extract.story_terms import story_terms
from agents.total.features import Features, Placing
from agents.total.stories import Stories
from agents.total.terms import Story, Term
from agents.total.words import weights

FIRE = "A fire destroyed the market hall of Aleppo in the night. Firemen from Idlib fought the flames until dawn."
FIRE_AGAIN = "The market hall of Aleppo burnt down. Firemen of Idlib could not save it from the flames before dawn."
FLOOD = "The river Ayeyarwady rose over its banks. Boats carried families from Hinthada to a school on the hill."
FEUER = "In Aleppo brannte in der Nacht die Markthalle ab. Feuerwehrleute aus Idlib löschten bis zum Morgen."
ANCHORS = ("p aleppo", "p idlib", "n 14", "k killed 3", "e attack")


def place(line: Stories, name: str, body: str, anchors: tuple[str, ...] = (), language: str = "en") -> Placing:
    return line.place(name, language, story_terms("", body), anchors, 0)


def warm(**thresholds: float) -> Stories:
    """Stories that have seen articles about other things."""
    line = Stories(**thresholds)
    for number in range(20):
        place(
            line, f"other-{number}", f"Nothing{number} to{number} do{number} with{number} it{number}.", (f"p {number}",)
        )
    return line


def test_two_articles_on_one_event_are_one_story_and_a_third_is_not() -> None:
    line = warm()
    assert place(line, "a", FIRE).story_id == "a"
    assert place(line, "b", FLOOD).story_id == "b"
    assert place(line, "c", FIRE_AGAIN).story_id == "a"


def test_a_name_is_a_word_never_written_small() -> None:
    found = story_terms("Fire in Aleppo", "The fire spread. Aleppo burns in the night.")
    assert found == {"fire": 2, "in": 2, "Aleppo": 2, "the": 2, "spread": 1, "burns": 1, "night": 1}


def test_a_story_of_one_article_is_merged_when_the_other_grows_towards_it() -> None:
    line = warm(joins=0.75, merges=0.5)
    place(line, "a", FIRE)
    place(line, "b", FIRE_AGAIN)
    placing = place(line, "c", FIRE_AGAIN + " Nobody was hurt.")
    assert (placing.story_id, placing.merged) == ("b", ("a",))
    assert place(line, "d", FIRE).story_id == "b"


def test_articles_of_two_languages_are_one_story_by_what_they_have_in_common() -> None:
    line = warm()
    place(line, "a", FIRE, ANCHORS)
    assert place(line, "b", FEUER, ANCHORS[:4], "de").story_id == "a"


def test_other_figures_other_tolls_and_other_places_speak_against_one_story() -> None:
    for anchors in (
        ("p aleppo", "p idlib", "n 15", "m firemen", "e attack"),
        ("p aleppo", "p idlib", "n 14", "m firemen", "k killed 8"),
        ("p homs", "n 14", "k killed 3", "m firemen"),
        ("p sy", "n 14", "k killed 3", "e attack"),
    ):
        line = warm()
        place(line, "a", FIRE, (*ANCHORS, "m firemen", "p sy"))
        assert place(line, "b", FEUER, anchors, "de").story_id == "b"


def test_two_stories_of_different_languages_are_merged_when_they_grow_together() -> None:
    line = warm()
    place(line, "a", FIRE, ("p aleppo", "n 14"))
    place(line, "b", FEUER, ANCHORS, "de")
    placing = place(line, "c", FIRE_AGAIN, ANCHORS)
    assert placing.story_id == "a"
    assert placing.merged == ("b",)


def test_an_article_of_another_year_is_another_story() -> None:
    line = warm(joins=0.7)
    place(line, "a", FIRE + " It was 2019.")
    assert place(line, "b", FIRE_AGAIN + " It was 2021.").story_id == "b"
    line = warm(joins=0.7)
    place(line, "a", FIRE + " It was 2019.")
    assert place(line, "b", FIRE_AGAIN + " It was 2019.").story_id == "a"


def test_an_article_without_words_is_a_story_of_its_own() -> None:
    line = Stories()
    assert place(line, "a", "").story_id == "a"
    assert place(line, "b", "").story_id == "b"


def test_a_story_whose_last_article_is_too_old_takes_no_other() -> None:
    line = warm()
    place(line, "a", FIRE)
    line.forget_before(1)
    assert place(line, "b", FIRE_AGAIN).story_id == "b"


def test_what_leaves_the_window_is_gone_without_the_collector() -> None:
    def kept() -> int:
        return sum(isinstance(each, Story | Term) for each in gc.get_objects())

    line = Stories()
    gc.collect()
    gc.disable()
    try:
        before = kept()
        placed = [place(line, str(at), body, ANCHORS) for at, body in enumerate((FIRE, FIRE_AGAIN, FLOOD, FEUER))]
        assert kept() > before
        for placing in placed:
            line.remove(placing.story_id, placing.features)
        assert kept() == before
    finally:
        gc.enable()


def test_what_a_window_that_is_closed_knew_is_gone_without_the_collector() -> None:
    line = Stories()
    placed = [place(line, str(at), body, ANCHORS) for at, body in enumerate((FIRE, FIRE_AGAIN, FLOOD, FEUER))]
    assert len({placing.story_id for placing in placed}) > 1
    gc.collect()
    gc.disable()
    try:
        line.close()
        del line
        assert not any(isinstance(each, Story | Term) for each in gc.get_objects())
    finally:
        gc.enable()


BODIES = (FIRE, FLOOD, FIRE_AGAIN, FLOOD + FIRE, FEUER, "Nothing at all.")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(BODIES), st.sampled_from(("en", "de"))), max_size=12), st.integers(0, 12))
def test_what_is_built_from_its_articles_goes_on_as_what_placed_them(told: list[tuple[str, str]], gone: int) -> None:
    """Also after the oldest were taken away: an index made anew by a restart decides as one that never stopped."""
    line, again = Stories(), Stories()
    placed: dict[str, tuple[str, Features]] = {}
    for at, (body, language) in enumerate(told):
        placing = place(line, str(at), body, ANCHORS if body != FLOOD else (), language)
        moved = {name: placing.story_id if story in placing.merged else story for name, (story, _) in placed.items()}
        placed = {name: (moved[name], features) for name, (_, features) in placed.items()}
        placed[str(at)] = (placing.story_id, placing.features)
    for name in list(placed)[:gone]:
        line.remove(*placed.pop(name))
    for story, features in placed.values():
        again.add(story, features, 0)
    for at, body in enumerate((FIRE, FLOOD, FEUER)):
        assert place(line, f"new-{at}", body, ANCHORS) == place(again, f"new-{at}", body, ANCHORS)


def test_a_term_of_several_spellings_counts_once_an_article() -> None:
    """As "Straße" and "STRASSE": a feed of such spellings would else count more than a window can hold."""
    stories = Stories()
    features = stories.place("a", "de", {"Straße": 3, "Brücke": 1, "STRASSE": 2}, (), 0).features
    assert features.terms == ("strasse", "brücke")
    assert features.vector == {"strasse": weights([2])[0], "brücke": weights([1])[0]}
    twice = msgspec.structs.replace(features, terms=features.terms * 2, names=features.names * 2)
    for name in ("b", "c"):
        stories.add(name, twice, 0)
    for name in ("a", "b", "c"):
        stories.remove(name, twice)
    assert stories.place("a", "de", {"Straße": 3, "Brücke": 1, "STRASSE": 2}, (), 0).features == features
