from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.poll.clean import text_hash
from agents.poll.entry import Entry
from agents.poll.identity import Decision, Limits, decide
from streams.records import EntryState

LIMITS = Limits(max_revisions=3, keep=timedelta(days=90))
NOW = "2023-09-20T09:00:00Z"


def entry(
    guid: str | None = "1",
    url: str | None = "https://example.org/1",
    title: str = "A title",
    body: str = "A body",
    published: str | None = NOW,
) -> Entry:
    return Entry(
        guid=guid,
        url=url,
        title=title,
        body=body,
        html=None,
        text_source="summary",
        published=published,
        authors=(),
        categories=(),
        language_declared=None,
        language_detected=None,
        text_hash=text_hash(title, body),
    )


class Feed:
    """A feed over time: what is known grows with each body."""

    def __init__(self) -> None:
        self.known: dict[str, EntryState] = {}
        self.unique: bool | None = None

    def body(self, *entries: Entry, at: str = NOW) -> Decision:
        decision = decide("feed", entries, self.known, self.unique, at, LIMITS)
        self.unique = decision.guids_unique
        self.known |= {c.state.article_id: c.state for c in decision.changes}
        self.known |= {state.article_id: state for state in decision.seen}
        for gone in decision.forgotten:
            del self.known[gone]
        return decision


def revisions(decision: Decision) -> list[int]:
    return [change.state.revision for change in decision.changes]


def test_the_same_body_again_brings_nothing() -> None:
    feed = Feed()
    assert revisions(feed.body(entry(), entry("2", "https://example.org/2"))) == [1, 1]
    again = feed.body(entry(), entry("2", "https://example.org/2"))
    assert (again.changes, again.seen, again.forgotten) == ((), (), ())


@pytest.mark.parametrize(
    "changed",
    [
        entry(guid="http://other.example/?p=1", url=None, title="Other", published=None),
        entry(guid="new", title="Other", published=None),
        entry(guid="new", url=None),
        entry(guid="http://example.org/?p=1"),
    ],
    ids=["guid without scheme and host", "address", "title and date", "all but the guid"],
)
def test_any_alias_makes_it_the_same_entry(changed: Entry) -> None:
    feed = Feed()
    [first] = feed.body(entry(guid="https://example.org/?p=1")).changes
    known = feed.body(replace(changed, body="A body, corrected", text_hash="other")).changes
    assert [(change.state.article_id, change.state.revision) for change in known] == [(first.state.article_id, 2)]


def test_an_update_needs_other_words() -> None:
    feed = Feed()
    feed.body(entry(body="Twelve villages"))
    assert revisions(feed.body(entry(body="twelve   Villages"))) == []
    assert revisions(feed.body(entry(body="Thirteen villages"))) == [2]


def test_revisions_are_capped() -> None:
    feed = Feed()
    told = [revisions(feed.body(entry(body=f"{n} visitors"))) for n in range(6)]
    assert told == [[1], [2], [3], [], [], []]


def test_entries_that_share_an_address_stay_apart() -> None:
    feed = Feed()
    live = [entry(str(n), "https://example.org/live", f"Update {n}", f"Text {n}") for n in range(3)]
    first = feed.body(*live)
    assert len({change.state.article_id for change in first.changes}) == 3
    assert feed.body(*live).changes == ()
    assert revisions(feed.body(entry("9", "https://example.org/live", "Update 9", "Text 9"), *live)) == [1]


def test_repeated_guids_are_not_believed_and_it_sticks() -> None:
    feed = Feed()
    same = [entry("same", f"https://example.org/{n}", f"Title {n}", f"Text {n}") for n in range(3)]
    assert revisions(feed.body(*same)) == [1, 1, 1]
    assert feed.unique is False
    assert revisions(feed.body(same[0])) == []
    assert revisions(feed.body(entry("same", "https://example.org/new", "Fresh", "Fresh text"))) == [1]
    assert feed.unique is False


def test_guids_that_told_entries_apart_once_are_believed_on() -> None:
    feed = Feed()
    feed.body(entry("1"), entry("2", "https://example.org/2", "Two"))
    twice = feed.body(entry("1"), entry("1", "https://example.org/pinned", "Pinned"))
    assert feed.unique is True
    assert revisions(twice) == [1]


def test_entries_without_a_guid() -> None:
    feed = Feed()
    bare = [entry(None, None, "", "Only text", None), entry(None, None, "Only title", "", None)]
    assert revisions(feed.body(*bare)) == [1, 1]
    assert feed.body(*bare).changes == ()


def test_an_empty_entry_is_none() -> None:
    assert Feed().body(entry(None, None, "", "", None)).changes == ()


def test_front_page_links_name_no_article() -> None:
    feed = Feed()
    [first] = feed.body(entry("1", "https://example.org/")).changes
    other = decide("other", [entry("1", "https://example.org/")], {}, None, NOW, LIMITS)
    assert first.state.article_id != other.changes[0].state.article_id


def test_the_id_is_that_of_the_first_address_for_every_feed() -> None:
    [ours] = Feed().body(entry("1")).changes
    [theirs] = decide("other", [entry("x")], {}, None, NOW, LIMITS).changes
    assert ours.state.article_id == theirs.state.article_id
    assert len(ours.state.article_id) == 32


def test_what_left_the_feed_is_left_alone_then_forgotten() -> None:
    feed = Feed()
    feed.body(entry("1"))
    feed.body(entry("2", "https://example.org/2", "Two"), at="2023-10-20T09:00:00Z")
    assert feed.body(entry("1"), at="2023-11-01T09:00:00Z").changes == ()
    gone = feed.body(entry("2", "https://example.org/2", "Two"), at="2024-09-20T09:00:00Z")
    assert len(gone.forgotten) == 1


def test_aliases_are_eight_bytes() -> None:
    [change] = Feed().body(entry(guid="https://example.org/?p=1")).changes
    assert len(change.state.aliases) == 4
    assert all(len(bytes.fromhex(alias)) == 8 for alias in change.state.aliases)


texts = st.sampled_from(["", "a", "b", "c"])
entries = st.lists(
    st.builds(
        entry,
        guid=st.none() | texts,
        url=st.none() | st.sampled_from(["https://e.org/", "https://e.org/a", "https://e.org/b"]),
        title=texts,
        body=texts,
        published=st.none() | st.just(NOW),
    ),
    max_size=6,
)


@given(st.lists(entries, max_size=4))
def test_any_history_keeps_one_content_per_id_and_revision(bodies: list[list[Entry]]) -> None:
    feed = Feed()
    published: dict[tuple[str, int], Entry] = {}
    for body in bodies:
        for change in feed.body(*body).changes:
            key = (change.state.article_id, change.state.revision)
            assert key not in published
            published[key] = change.entry
            assert 1 <= change.state.revision <= LIMITS.max_revisions
