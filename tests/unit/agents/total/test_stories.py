"""Articles that tell one event come together, others do not, and a merge is told."""

from agents.total.stories import Stories, terms

FIRE = "A fire destroyed the market hall of Aleppo in the night. Firemen from Idlib fought the flames until dawn."
FIRE_AGAIN = "The market hall of Aleppo burnt down. Firemen of Idlib could not save it from the flames before dawn."
FLOOD = "The river Ayeyarwady rose over its banks. Boats carried families from Hinthada to a school on the hill."


def place(line: Stories, name: str, body: str) -> str:
    return line.place(name, terms("", body)).story_id


def test_two_articles_on_one_event_are_one_story_and_a_third_is_not() -> None:
    line = Stories()
    for number in range(20):
        line.place(f"other-{number}", terms("", f"Nothing{number} to{number} do{number} with{number} it{number}."))
    assert place(line, "a", FIRE) == "a"
    assert place(line, "b", FLOOD) == "b"
    assert place(line, "c", FIRE_AGAIN) == "a"


def test_a_name_is_a_word_never_written_small() -> None:
    found = terms("Fire in Aleppo", "The fire spread. Aleppo burns in the night.")
    assert found == {"fire": 2, "in": 2, "Aleppo": 2, "the": 2, "spread": 1, "burns": 1, "night": 1}


def test_a_story_of_one_article_is_merged_when_the_other_grows_towards_it() -> None:
    line = Stories(joins=0.99, merges=0.3)
    for number in range(20):
        line.place(f"other-{number}", terms("", f"Nothing{number} to{number} do{number} with{number} it{number}."))
    line.place("a", terms("", FIRE))
    placing = line.place("b", terms("", FIRE_AGAIN))
    assert (placing.story_id, placing.merged) == ("b", ("a",))


def test_an_article_without_words_is_a_story_of_its_own() -> None:
    line = Stories()
    assert place(line, "a", "") == "a"
    assert place(line, "b", "") == "b"


def test_the_same_order_gives_the_same_stories() -> None:
    bodies = [FIRE, FLOOD, FIRE_AGAIN, FLOOD + FIRE, FIRE]
    lines = [Stories(), Stories()]
    told = [[line.place(str(at), terms("", body)) for at, body in enumerate(bodies)] for line in lines]
    assert told[0] == told[1]
