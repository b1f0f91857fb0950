import math
from collections.abc import Iterable, Mapping
from random import Random

from agents.total.terms import Bag, Story
from agents.total.words import Words, length_of

_TERMS = [f"t{number}" for number in range(60)]


def _counted(random: Random) -> Words:
    words = Words(1000)
    for _ in range(200):
        terms = random.sample(_TERMS, 12)
        words.count(terms, terms[:3])
    return words


def _scores(words: Words, weights: Mapping[str, int]) -> dict[str, int]:
    return {term.text: score for term, score in words.scores(words.bag(weights)).items()}


def _tell(words: Words, name: str, texts: Iterable[str]) -> Story:
    story = Story(name)
    story.anchors.add(Bag(words.count(texts), [1] * len(list(texts))), story)
    return story


def _cosine(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    shared = sum(score * other.get(term, 0) for term, score in one.items())
    return shared / math.sqrt(sum(s * s for s in one.values())) / math.sqrt(sum(s * s for s in other.values()))


def test_a_cosine_is_left_out_only_where_it_is_not_over_the_least() -> None:
    random, left_out = Random(3), 0
    words = _counted(random)
    for _ in range(300):
        one, other = ({term: random.randrange(1, 9) for term in random.sample(_TERMS, 15)} for _ in range(2))
        scores = words.scores(words.bag(one))
        exact = _cosine(_scores(words, one), _scores(words, other))
        found = words.cosine(scores, length_of(scores.values()), words.bag(other), 0.28)
        assert abs(found - exact) < 1e-9 or (found == 0 and exact <= 0.28)
        left_out += found == 0 and exact > 0
    assert 0 < left_out < 300


def test_a_name_counts_more_than_a_word_that_is_as_rare() -> None:
    words = Words(1000)
    for number in range(50):
        words.count(["all", f"only{number}"])
    words.count(["all", "word", "Name"], ["Name"])
    scores = _scores(words, {"word": 10, "Name": 10, "all": 10})
    assert scores["all"] < 2 * scores["word"] < scores["Name"]


def test_the_most_telling_terms_come_first_and_equal_ones_in_order() -> None:
    words = Words(1000)
    words.count(_TERMS)
    told = words.count([*(f"r{number}" for number in range(39, -1, -1)), *_TERMS])
    bag, scores = words.telling(told, [1] * len(told))
    order = sorted([f"r{number}" for number in range(40)]) + sorted(_TERMS)
    assert [term.text for term in bag.terms()] == order[:64]
    assert list(scores) == list(bag.terms())


def test_what_is_discounted_leaves_no_trace() -> None:
    words, told = Words(1000), {"a": 3, "b": 5, "C": 2}
    words.count(["a", "b", "C"], ["C"])
    before = _scores(words, told)
    words.count(["a", "C", "d"], ["a", "C"])
    assert _scores(words, told) != before
    words.discount(["a", "C", "d"], ["a", "C"])
    assert _scores(words, told) == before


def test_terms_that_lead_to_very_many_stories_are_not_followed_all() -> None:
    words = Words(5000)
    near = _tell(words, "near", ["rare"])
    for number in range(1500):
        _tell(words, f"story-{number}", ["common", "usual"])
    scores = words.scores(words.bag({"common": 3, "usual": 2, "rare": 1}))
    found = words.stories_of(scores, 1)
    assert (near, 1) in found
    assert sum(hits for _, hits in found) == 1501


def test_stories_are_found_by_so_many_terms_and_each_search_counts_anew() -> None:
    words = Words(5000)
    both, _ = _tell(words, "both", ["a", "b"]), _tell(words, "one", ["a", "c"])
    scores = words.scores(words.bag({"a": 1, "b": 1}))
    assert words.stories_of(scores, 2) == words.stories_of(scores, 2) == [(both, 2)]


def test_a_bag_is_as_before_when_what_was_added_is_taken_and_its_terms_tell_of_it_no_more() -> None:
    words, story = Words(1000), Story("story")
    words.count(["a", "b", "c"])
    one, other = words.bag({"a": 1, "b": 2}), words.bag({"b": 3, "c": 4})
    story.anchors.add(one, story)
    story.anchors.add(other, story)
    assert {term.text: weight for term, weight in story.anchors.items()} == {"a": 1, "b": 5, "c": 4}
    assert words.stories_of(words.scores(other), 1) == [(story, 2)]
    story.anchors.take(one, story)
    assert {term.text: weight for term, weight in story.anchors.items()} == {"b": 3, "c": 4}
    assert words.stories_of(words.scores(one), 1) == [(story, 1)]
    story.drop()
    assert words.stories_of(words.scores(other), 1) == []
