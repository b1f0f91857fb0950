"""The negative control: the checker over a plain Faust agent, which loses what ours must not."""

import time
from pathlib import Path

from streams import codec
from streams.records import RawArticle
from streams.settings import Settings
from streams.stage import Message, PoisonError, Send, State
from streams.vocabulary import DeadReason, Stage
from tests.faults.check import Report, Seen, check_contents, check_stage
from tests.faults.reference import run
from tests.support.topics import Topics
from tests.support.workers import Worker


class Pass:
    """Sends each article on under its id: the least that a stage can do."""

    stage = Stage.DEDUPLICATE

    def process(self, message: Message, state: State) -> list[Send]:
        """The article as it came. Raises PoisonError if it is none."""
        try:
            article = codec.decode(message.value, RawArticle)
        except codec.DecodeError as error:
            raise PoisonError(DeadReason.UNDECODABLE, str(error)) from error
        return [Send(topic="articles.unique", key=article.article_id.encode(), value=message.value)]


def plain_worker(folder: Path, settings: dict[str, str]) -> Worker:
    """A plain agent in a process of its own."""
    return Worker(["plain"], folder=folder, settings=settings, module="tests.faults.plain")


def check(settings: Settings, limits: dict[str, int]) -> Report:
    """The checker's findings on what the plain agents made of `articles.raw`."""
    topics = Topics(settings)
    seen = Seen({name: topics.messages(name) for name in ("articles.raw", "articles.unique", "dead-letters")})
    report = Report()
    check_contents(seen, report)
    led = run(Pass(), seen["articles.raw"], limits)
    check_stage(Stage.DEDUPLICATE, led, seen, report, lambda message: True)
    return report


def is_quiet(settings: Settings) -> bool:
    """Whether nothing more comes out: twice the same number, some seconds apart."""
    topics = Topics(settings)
    before = len(topics.messages("articles.unique"))
    time.sleep(8)
    return len(topics.messages("articles.unique")) == before
