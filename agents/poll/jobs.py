"""What the worker and its parser processes say to each other, and the work itself."""

from dataclasses import dataclass
from typing import Final

import msgspec

from agents.poll.clean import scrub
from agents.poll.entry import Entry, NotAFeedError, ParsedFeed
from agents.poll.page import extract
from agents.poll.parse import parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A body to read: a feed, or (`page`) the page of an article.

    The process ends itself after `seconds` of processor time: on a busy machine nobody else's work counts.
    """

    body: bytes
    content_type: str
    url: str
    page: bool
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a job: a feed, a page's text, or in `not_a_feed` or `failed` why there is none.

    `seconds` of processor time it took. `retire`: the process wants to be replaced.
    """

    feed: ParsedFeed | None = None
    page: Entry | None = None
    not_a_feed: str | None = None
    failed: str | None = None
    seconds: float = 0.0
    retire: bool = False


encode: Final = msgspec.msgpack.Encoder().encode
decode_job: Final = msgspec.msgpack.Decoder(Job).decode
decode_answer: Final = msgspec.msgpack.Decoder(Answer).decode


def work(job: Job) -> Answer:
    """Do one job. What a body can provoke is an answer; only running out of memory ends the process."""
    try:
        if job.page:
            return Answer(page=extract(job.body, job.content_type, job.url))
        return Answer(feed=parse(job.body, job.content_type, job.url))
    except NotAFeedError as error:
        return Answer(not_a_feed=scrub(str(error))[:300])
    except Exception as error:  # a parser's bug on this body is the body's outcome, not the end of the others
        return Answer(failed=scrub(f"{type(error).__name__}: {error}")[:300])
