import math
from random import Random

from agents.total.words import Words, length_of

_TERMS = [f"t{number}" for number in range(60)]


def _counted(random: Random) -> Words:
    words = Words(1000)
    for _ in range(200):
        terms = random.sample(_TERMS, 12)
        words.count(terms, terms[:3])
    return words


def _cosine(one: dict[str, int], other: dict[str, int]) -> float:
    shared = sum(score * other.get(term, 0) for term, score in one.items())
    return shared / math.sqrt(sum(s * s for s in one.values())) / math.sqrt(sum(s * s for s in other.values()))


def test_a_cosine_is_left_out_only_where_it_is_not_over_the_least() -> None:
    random, left_out = Random(3), 0
    words = _counted(random)
    for _ in range(300):
        one, other = ({term: random.randrange(1, 9) for term in random.sample(_TERMS, 15)} for _ in range(2))
        scores = words.scores(one)
        exact = _cosine(scores, words.scores(other))
        found = words.cosine(scores, length_of(scores), other, 0.28)
        assert abs(found - exact) < 1e-9 or (found == 0 and exact <= 0.28)
        left_out += found == 0 and exact > 0
    assert 0 < left_out < 300


def test_a_name_counts_more_than_a_word_that_is_as_rare() -> None:
    words = Words(1000)
    for number in range(50):
        words.count(["all", f"only{number}"])
    words.count(["word", "Name"], ["Name"])
    scores = words.scores({"word": 10, "Name": 10, "all": 10})
    assert scores["all"] < 2 * scores["word"] < scores["Name"]


def test_what_is_discounted_leaves_no_trace() -> None:
    words, told = Words(1000), {"a": 3, "b": 5, "C": 2}
    words.count(["a", "b", "C"], ["C"])
    before = words.scores(told)
    words.count(["a", "C", "d"], ["a", "C"])
    assert words.scores(told) != before
    words.discount(["a", "C", "d"], ["a", "C"])
    assert words.scores(told) == before


def test_a_term_of_several_spellings_counts_once_an_article() -> None:
    """As "Straße" and "STRASSE": a feed of such spellings would else count more than a window can hold."""
    many, one, told = Words(1000), Words(1000), {"strasse": 1}
    before = many.scores(told)
    many.count(["strasse"] * 200_000, ["strasse"] * 200_000)
    one.count(["strasse"], ["strasse"])
    assert many.scores(told) == one.scores(told)
    many.discount(["strasse"] * 200_000, ["strasse"] * 200_000)
    assert many.scores(told) == before


def test_terms_that_lead_to_very_many_stories_are_not_followed_all() -> None:
    words = Words(5000)
    words.tell("near", ["rare"])
    for number in range(1500):
        words.tell(f"story-{number}", ["common", "usual"])
    found = words.stories_of({"common": 3, "usual": 2, "rare": 1})
    assert found["near"] == 1
    assert found.total() == 1501
