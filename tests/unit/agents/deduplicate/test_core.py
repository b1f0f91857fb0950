"""One Article a text, one Duplicate a repeat, and the same answer to every delivery."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deduplicate.core import Deduplicator
from streams import codec
from streams.records import Article, Duplicate, RawArticle
from streams.stage import KNOWN_HEADER, Message, PoisonError, Send
from streams.vocabulary import DeadReason, DuplicateKind
from tests.support.memory_state import MemoryState, StagedState
from tests.unit.agents.deduplicate.articles import BASE, article, message

HOURS_72 = 72 * 3600


LONG = (
    "The ministry said on Wednesday that more than 2,000 people had been brought out of the valley by bus, over half "
    "of them children. Shelling went on through the night along the road to Martakert, and the bridge at the lower "
    "village was hit twice. Aid workers handed out water and blankets in the school yard, where families waited for "
    "the next convoy. The ministry promised further transport for the morning if the truce along the road would hold."
)


class Line:
    """A core on one partition whose messages get offsets in turn."""

    def __init__(self) -> None:
        self.core = Deduplicator(HOURS_72)
        self.state = MemoryState()
        self.offset = 0

    def send(self, raw: RawArticle) -> Article | Duplicate | None:
        self.offset += 1
        return read(self.core.process(message(raw, self.offset), self.state))

    def reopen(self) -> None:
        """A new core over the same state, as after a restart."""
        self.core = Deduplicator(HOURS_72)
        self.core.opened(message(BASE, 0).partition, self.state)


def read(sends: list[Send]) -> Article | Duplicate | None:
    if not sends:
        return None
    [send] = sends
    kind: type[Article] | type[Duplicate] = Article if send.topic == "articles.unique" else Duplicate
    record: Article | Duplicate = codec.decode(send.value, kind)
    assert send.key == record.article_id.encode()
    return record


def test_a_new_article_is_published_as_it_is() -> None:
    published = Line().send(BASE)
    assert isinstance(published, Article)
    assert (published.article_id, published.revision, published.supersedes) == (BASE.article_id, 1, None)
    assert published.text == BASE.text


def test_what_is_known_from_another_partition_is_remembered_and_not_told() -> None:
    line = Line()
    known = replace(message(BASE, 1), headers=((KNOWN_HEADER, b"1"),))
    for _ in range(2):
        assert line.core.process(known, line.state) == []
    line.reopen()
    line.offset = 1
    repeat = line.send(replace(BASE, article_id="f" * 32, feed_id="other"))
    assert isinstance(repeat, Duplicate)
    assert repeat.original_id == BASE.article_id


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"url": "http://www.antara.example/news/1/?utm_source=rss", "guid": None}, DuplicateKind.SAME_URL),
        ({"guid": "1"}, DuplicateKind.SAME_GUID),
        ({"title": BASE.title.upper(), "body": BASE.body.replace(" ", "\n")}, DuplicateKind.SAME_TEXT),
    ],
)
def test_a_repeat_names_what_it_repeats_and_why(changes: dict[str, object], kind: DuplicateKind) -> None:
    line = Line()
    line.send(BASE)
    repeat = line.send(article(2, **changes))
    assert isinstance(repeat, Duplicate)
    assert (repeat.original_id, repeat.kind, repeat.similarity) == (BASE.article_id, kind, 1.0)


def test_a_repeat_of_a_repeat_names_the_article() -> None:
    line = Line()
    line.send(BASE)
    line.send(article(2, title=BASE.title, body=BASE.body))
    repeat = line.send(article(3, url="https://antara.example/news/2"))
    assert isinstance(repeat, Duplicate)
    assert repeat.original_id == BASE.article_id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "", "body": ""}, {"title": "", "body": ""}),
        ({"title": "Photos of the day", "body": ""}, {"title": "Photos of the day", "body": ""}),
        (
            {"title": "Air raid alert number 4 for the whole of Kharkiv region", "body": ""},
            {"title": "Air raid alert number 5 for the whole of Kharkiv region", "body": ""},
        ),
        ({"url": "https://antara.example/"}, {"url": "https://antara.example/"}),
        ({"source": "Antara", "guid": "7"}, {"source": "Tempo", "guid": "7"}),
        ({"guid": "https://antara.example/"}, {"guid": "https://antara.example/"}),
        ({"url": None, "guid": None}, {"url": None, "guid": None}),
    ],
)
def test_what_is_alike_and_not_the_same_stays_apart(one: dict[str, object], other: dict[str, object]) -> None:
    line = Line()
    assert isinstance(line.send(article(1, **one)), Article)
    assert isinstance(line.send(article(2, **other)), Article)


def test_a_higher_revision_supersedes() -> None:
    line = Line()
    line.send(BASE)
    updated = line.send(replace(BASE, revision=2, body=BASE.body.replace("2,000", "3,000")))
    assert isinstance(updated, Article)
    assert (updated.revision, updated.supersedes) == (2, 1)


def test_a_revision_told_before_says_nothing_new() -> None:
    line = Line()
    line.send(replace(BASE, revision=2))
    assert line.send(replace(BASE, revision=2)) is None
    assert line.send(replace(BASE, revision=1, body="An older text that came late for one reason or another.")) is None


def test_the_same_entry_of_another_feed_is_a_repeat_with_an_id_of_its_own() -> None:
    line = Line()
    line.send(BASE)
    repeats = [line.send(replace(BASE, feed_id=feed)) for feed in ("antara-world", "antara-asia")]
    assert all(isinstance(repeat, Duplicate) and repeat.original_id == BASE.article_id for repeat in repeats)
    assert len({repeat.duplicate_id for repeat in repeats if isinstance(repeat, Duplicate)}) == 2


def test_two_feeds_that_update_one_article_never_give_one_revision_two_contents() -> None:
    line = Line()
    line.send(BASE)
    line.send(replace(BASE, feed_id="world"))
    updates = [
        line.send(replace(BASE, feed_id=feed, revision=2, body=f"{BASE.body} This sentence stood in {feed} alone."))
        for feed in ("antara", "world")
    ]
    assert [update.revision for update in updates if isinstance(update, Article)] == [2, 3]


def test_a_repeat_that_got_a_text_of_its_own_is_an_article() -> None:
    line = Line()
    line.send(BASE)
    repeat = article(2, title=BASE.title, body=BASE.body)
    line.send(repeat)
    own = line.send(
        replace(repeat, revision=2, body="Our correspondent adds what nobody else has told about this day.")
    )
    assert isinstance(own, Article)
    assert (own.article_id, own.supersedes) == (repeat.article_id, None)


def send_all(line: Line, *articles: RawArticle) -> list[Send]:
    sends: list[Send] = []
    for raw in articles:
        line.offset += 1
        sends += line.core.process(message(raw, line.offset), line.state)
    return sends


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (LONG.replace("promised further", "announced more"), DuplicateKind.NEAR),
        (f"KYIV, May 5 (Reuters) - {LONG}", DuplicateKind.NEAR),
        (f"{LONG}\nFollow us on all channels for 24 hours of news.", DuplicateKind.NEAR),
        (LONG[: len(LONG) // 2], DuplicateKind.EXCERPT),
    ],
)
def test_another_outlet_tells_the_same(body: str, kind: DuplicateKind) -> None:
    line = Line()
    line.send(article(1, title="Thousands leave the valley", body=LONG))
    repeat = line.send(article(2, source="Tempo", title="People brought out of the valley", body=body))
    assert isinstance(repeat, Duplicate)
    assert (repeat.original_id, repeat.kind) == (article(1).article_id, kind)
    assert 0.6 < repeat.similarity <= 1


@pytest.mark.parametrize(
    ("old", "new"),
    [("2,000", "3,000"), ("Martakert", "Shusha"), ("twice", "four times"), ("half", "10")],
)
def test_the_same_words_with_another_number_or_name_are_news(old: str, new: str) -> None:
    body = LONG.replace("by bus", "by three buses").replace("twice", "two times")
    line = Line()
    line.send(article(1, title="Thousands leave the valley", body=body))
    other = body.replace(old, new).replace("two times", "four times" if new == "four times" else "two times")
    assert isinstance(line.send(article(2, source="Tempo", title="Valley", body=other)), Article)


ARABIC = (
    "أعلنت بلدية طرابلس أن الشرطة عثرت مساء الأربعاء على الطفل سالم منصور بعد يومين من اختفائه قرب منزله في حي الأندلس "
    "وقالت أسرته إن الجيران شاركوا في البحث عنه طوال الليل وإن الأطباء فحصوه ووجدوا أن حالته جيدة ثم عاد إلى بيته"
)


def test_a_script_without_capitals_has_names_too() -> None:
    """One template, another child and town: never a silent duplicate."""
    line = Line()
    line.send(article(1, language="ar", title="العثور على طفل مفقود", body=ARABIC))
    other = ARABIC.replace("سالم منصور", "يوسف خليفة").replace("طرابلس", "بنغازي")
    assert isinstance(line.send(article(2, language="ar", title="عودة الطفل", source="Alwasat", body=other)), Article)
    same = article(3, language="ar", title="عودة طفل إلى أهله", source="Akhbar", body=ARABIC)
    assert isinstance(line.send(same), Duplicate)


def test_a_fuller_text_takes_the_place_of_its_teaser() -> None:
    line = Line()
    teaser = article(1, title="Thousands leave the valley", body=LONG[: len(LONG) // 3])
    fuller = article(2, source="Tempo", feed_id="tempo", title="Thousands leave the valley", body=LONG)
    [_, published, repeat] = send_all(line, teaser, fuller)
    update, told = codec.decode(published.value, Article), codec.decode(repeat.value, Duplicate)
    assert (update.article_id, update.revision, update.supersedes) == (teaser.article_id, 2, 1)
    assert (update.source, update.body) == ("Tempo", LONG)
    assert (told.article_id, told.original_id) == (fuller.article_id, teaser.article_id)
    assert line.send(replace(fuller, article_id="c" * 32, url=None, guid=None, feed_id="kompas")) is not None


def test_a_teaser_that_changes_does_not_take_the_place_of_the_fuller_text() -> None:
    line = Line()
    teaser = article(1, title="Thousands leave the valley", body=LONG[: len(LONG) // 3])
    send_all(line, teaser, article(2, feed_id="tempo", title="Thousands leave the valley", body=LONG))
    again = line.send(replace(teaser, revision=2, body=LONG[: len(LONG) // 4]))
    assert isinstance(again, Duplicate)
    assert again.kind is DuplicateKind.EXCERPT


def test_another_feed_of_the_same_page_with_a_newer_toll_updates_it() -> None:
    line = Line()
    line.send(article(1, title="Thousands leave the valley", body=LONG))
    newer = line.send(
        article(1, feed_id="world", title="Thousands leave the valley", body=LONG.replace("2,000", "3,000"))
    )
    assert isinstance(newer, Article)
    assert (newer.revision, newer.supersedes) == (2, 1)


def test_an_outlet_whose_guids_are_all_the_same_keeps_its_articles() -> None:
    line = Line()
    other = " ".join(f"word{number}" for number in range(80))
    line.send(article(1, guid="feed", body=LONG))
    assert isinstance(line.send(article(2, guid="feed", body=other)), Article)


def test_a_body_that_stands_under_every_title_makes_no_article_one() -> None:
    line = Line()
    wall = "Please subscribe to go on reading, or sign in with your account to see what our reporters have written."
    assert isinstance(line.send(article(1, title="Fire destroys market hall", body=wall)), Article)
    assert isinstance(line.send(article(2, title="Minister resigns over budget", body=wall)), Article)


def test_what_all_articles_share_pushes_out_no_id() -> None:
    """Nor does it matter whether a window was filled as the articles came or read at once."""
    footer = "Follow us on all channels for news day and night from every country of the world. " * 4
    articles = [article(n, body=article(n).body + " " + footer) for n in range(1500)]
    told = [replace(one, revision=2, body=f"{one.body} Corrected.") for one in articles[::7]]
    again = [replace(one, feed_id="other") for one in articles[::5]]
    line, other = Line(), Line()
    first = [line.send(one) for one in [*articles, *told, *again]]
    second = [other.send(one) for one in articles]
    other.reopen()
    second += [other.send(one) for one in [*told, *again]]
    assert first == second
    assert all(isinstance(found, Duplicate) for found in first[-len(again) :])


def test_the_window_forgets_by_the_times_of_the_articles() -> None:
    line = Line()
    line.send(BASE)
    same = {"title": BASE.title, "body": BASE.body}
    assert isinstance(line.send(article(2, **same, fetched="2023-09-23T09:04:00Z")), Duplicate)
    assert isinstance(line.send(article(3, **same, fetched="2023-09-27T09:04:00Z")), Article)


def test_expiry_is_bounded_and_leaves_nothing_behind() -> None:
    line = Line()
    for number in range(100):
        line.send(article(number))
    assert len(line.state.entries) == 100
    before = line.state.writes
    line.send(article(100, fetched="2023-09-30T00:00:00Z"))
    assert line.state.writes - before <= 5
    for number in range(101, 140):
        line.send(article(number, fetched="2023-09-30T00:00:00Z"))
    assert len(line.state.entries) == 40


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, DeadReason.UNDECODABLE),
        (b"\xff", DeadReason.UNDECODABLE),
        (b"{}", DeadReason.UNDECODABLE),
        (codec.encode(replace(BASE, fetched="yesterday")), DeadReason.INVALID),
        (codec.encode(replace(BASE, fetched="2023-09-20T09:00:00")), DeadReason.INVALID),
    ],
)
def test_what_is_no_article_is_poison(value: bytes | None, reason: DeadReason) -> None:
    poison = Message(topic="articles.raw", partition=0, offset=0, timestamp_ms=None, key=None, value=value)
    with pytest.raises(PoisonError) as caught:
        Deduplicator(HOURS_72).process(poison, MemoryState())
    assert caught.value.reason is reason


def test_an_address_that_is_no_page_is_not_passed_on() -> None:
    published = Line().send(replace(BASE, url="javascript:alert(1)"))
    assert isinstance(published, Article)
    assert published.url is None


def _random_articles(seed: int, many: int) -> list[RawArticle]:
    """Articles that repeat, update and redeliver one another."""
    rng = random.Random(seed)
    made: list[RawArticle] = []
    for number in range(many):
        kind = rng.randrange(8) if made else 0
        old = made[rng.randrange(len(made))] if made else BASE
        made.append(
            [
                article(number),
                old,
                replace(old, feed_id="other"),
                replace(old, revision=old.revision + 1, body=f"{old.body} More of it: {number}."),
                article(number, title=old.title, body=old.body),
                article(number, url=old.url),
                article(number, feed_id=f"feed-{number % 3}", body=LONG[: len(LONG) // rng.choice([1, 1, 2, 4])]),
                replace(old, revision=old.revision + 1, feed_id="other", body=LONG.replace("2,000", str(number % 3))),
            ][kind]
        )
    return made


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.data())
def test_a_crash_anywhere_changes_no_answer(seed: int, many: int, data: st.DataObject) -> None:
    """Restarts from the state as it was, and redeliveries from any earlier message on."""
    articles = _random_articles(seed, many)
    core, state = Deduplicator(HOURS_72), MemoryState()
    told = [core.process(message(raw, offset), state) for offset, raw in enumerate(articles)]

    state, offset = MemoryState(), 0
    for _ in range(data.draw(st.integers(1, 4))):
        core = Deduplicator(HOURS_72)
        stop = data.draw(st.integers(offset, many))
        for at in range(offset, stop):
            assert core.process(message(articles[at], at), state) == told[at]
        offset = data.draw(st.integers(0, stop))
    for at in range(offset, many):
        assert Deduplicator(HOURS_72).process(message(articles[at], at), state) == told[at]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60), st.data())
def test_a_crash_in_a_flush_changes_no_answer(seed: int, many: int, data: st.DataObject) -> None:
    """A batch's state is written after its messages; a crash keeps the first writes. The batch comes again."""
    articles = _random_articles(seed, many)
    told, state = [], MemoryState()
    core, begin = Deduplicator(HOURS_72), data.draw(st.integers(0, many - 1))
    for at, raw in enumerate(articles):
        if at == begin:
            state = StagedState(state)
        told.append(core.process(message(raw, at), state))
    assert isinstance(state, StagedState)
    crashed = state.flushed(data.draw(st.integers(0, len(state.staged))))
    core = Deduplicator(HOURS_72)
    for at in range(begin, many):
        assert core.process(message(articles[at], at), crashed) == told[at]


def _reworded_articles(seed: int, many: int) -> list[RawArticle]:
    """Short articles, most of them an older one with two words changed, so that few shingles are shared; over days."""
    rng = random.Random(seed)
    bodies: list[list[str]] = []
    made = []
    for number in range(many):
        body = list(rng.choice(bodies[-9:])) if bodies and rng.random() < 0.7 else _new_body(rng)
        for at in rng.sample(range(5, len(body)), 2):
            body[at] = rng.choice(_SMALL_WORDS)
        bodies.append(body)
        day = min(30, 1 + number // 3 + rng.randrange(2))
        made.append(article(number, body=" ".join(body), fetched=f"2023-09-{day:02}T09:00:00Z"))
    return made


_SMALL_WORDS = [first + second + "o" for first in "bdfgklmnprst" for second in ("are", "ino", "ul", "est", "om")]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(20, 90), st.data())
def test_a_batch_that_is_decided_again_changes_no_answer(seed: int, many: int, data: st.DataObject) -> None:
    """The same core meets messages again after what they wrote was thrown away, as when a record of a batch is refused;
    a message of some batches is then a dead letter, and leaves nothing."""
    articles = _reworded_articles(seed, many)
    dead = {at for at in range(many) if at % 7 == seed % 7}
    core, state = Deduplicator(HOURS_72), MemoryState()
    other, kept = Deduplicator(HOURS_72), MemoryState()
    begin = 0
    while begin < many:
        end = begin + data.draw(st.integers(1, 12))
        batch = [(at, articles[at]) for at in range(begin, min(end, many))]
        for _ in range(data.draw(st.integers(0, 3))):
            thrown_away = state.copy()
            for at, raw in batch:
                core.process(message(raw, at), thrown_away)
        live = [(at, raw) for at, raw in batch if at not in dead]
        told = [core.process(message(raw, at), state) for at, raw in live]
        assert told == [other.process(message(raw, at), kept) for at, raw in live]
        begin = end
    assert state.entries == kept.entries


def _new_body(rng: random.Random) -> list[str]:
    return ["Ministers", "said", *rng.choices(_SMALL_WORDS, k=40)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_one_id_and_revision_has_one_content(seed: int, many: int) -> None:
    core, state = Deduplicator(HOURS_72), MemoryState()
    contents: dict[tuple[str, str, int], bytes | None] = {}
    for offset, raw in enumerate(_random_articles(seed, many)):
        for send in core.process(message(raw, offset), state):
            record = read([send])
            assert record is not None
            name = record.duplicate_id if isinstance(record, Duplicate) else record.article_id
            assert contents.setdefault((send.topic, name, record.revision), send.value) == send.value
