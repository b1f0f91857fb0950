"""What the worker and its parser processes say to each other, and the process itself (`python -m agents.poll.jobs`).

Bodies are hostile: they are read in a process that holds no secret and no connection, that the worker can kill, and
that ends by itself when its parent is gone or a job takes too long. Frames are a four-byte length and MessagePack.
"""

import resource
import signal
import sys
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

import msgspec

from agents.poll.clean import scrub
from agents.poll.entry import Entry, NotAFeedError, ParsedFeed
from agents.poll.page import extract
from agents.poll.parse import parse
from streams.language import detect

_MOST_MEMORY: Final = 2 << 30
_RETIRE_PEAK_KIB: Final = 300 * 1024
_RETIRE_JOBS: Final = 5000
"""trafilatura's caches grow, and memory that one large body took does not come back."""


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


READY: Final = Answer()
"""Sent once when the process can take jobs."""

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


def frame(payload: bytes) -> bytes:
    """The payload with its length before it."""
    return len(payload).to_bytes(4) + payload


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer jobs until the source ends or this process has done enough."""
    sink.write(frame(encode(READY)))
    sink.flush()
    for number in range(1, _RETIRE_JOBS + 1):
        head = source.read(4)
        if len(head) < 4:
            return
        job = decode_job(source.read(int.from_bytes(head)))
        before = _used()
        signal.setitimer(signal.ITIMER_PROF, job.seconds)
        answer = work(job)
        signal.setitimer(signal.ITIMER_PROF, 0)
        retire = number == _RETIRE_JOBS or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > _RETIRE_PEAK_KIB
        sink.write(frame(encode(replace(answer, retire=retire, seconds=_used() - before))))
        sink.flush()
        if retire:
            return


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """The parser process: jobs on stdin, answers on stdout; whatever else prints goes to stderr."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the worker decides when to stop
    detect("The first text loads the model of languages, which is no job's fault.")
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    serve(source, sink)


if __name__ == "__main__":
    main()
