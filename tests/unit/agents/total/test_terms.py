"""Tests of `agents.total.terms`."""

from agents.total.terms import FOLLOWED, Story, Term
from agents.total.words import Words


def _stories_of(term: Term) -> list[str]:
    found = term.stories
    return [] if found is None else [one.story_id for one in ([found] if isinstance(found, Story) else found)]


def test_a_term_tells_of_its_stories_however_many_they_were() -> None:
    term, stories = Term("kyiv"), [Story(str(number)) for number in range(3 * FOLLOWED)]
    left: list[str] = []
    for story in stories:
        term.tell(story)
        left.append(story.story_id)
    for story in (*stories[5:10], *stories[:5], *stories[10:]):
        assert _stories_of(term) == left
        term.forget(story)
        left.remove(story.story_id)
    assert term.stories is None


def test_a_term_that_was_of_a_crowd_leads_to_its_stories_again() -> None:
    words, stories = Words(FOLLOWED), [Story(str(number)) for number in range(3 * FOLLOWED)]
    (term,) = words.count(["kyiv"])
    for story in stories:
        term.tell(story)
    for story in stories[: -FOLLOWED - 1]:
        term.forget(story)
    assert words.stories_of({term: 1}, 1) == []
    term.forget(stories[-FOLLOWED - 1])
    assert {story for story, _ in words.stories_of({term: 1}, 1)} == set(stories[-FOLLOWED:])
