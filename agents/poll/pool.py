"""Parser processes with a deadline, in three lanes, so that nobody waits for bodies worse than their own.

Feeds that were read before go through the fast lane, feeds that never were through one of their own; both give a body
one second of processor time. Who needs more starts again in the slow lane, which has a process of its own and the whole
of `FRONTWIRE_POLL_PARSE_TIMEOUT`; after that the process is ended.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from typing import Final

from agents.poll.entry import Entry, ParsedFeed
from agents.poll.jobs import Answer, Job, decode_answer, encode
from agents.poll.parser import frame
from streams.settings import Settings
from streams.vocabulary import PollOutcome

_FAST_SECONDS: Final = 1.0
_PAGE_SECONDS: Final = 3.0
_START_SECONDS: Final = 20.0
_PATIENCE: Final = 5
_MOST_ANSWER: Final = 64 << 20
_MOST_WAITING: Final = 8
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A parsed feed, or the outcome and sentence that say why there is none. `seconds` is the processor
    time it took."""

    feed: ParsedFeed | None
    outcome: PollOutcome
    error: str | None
    seconds: float


class _Template:
    """The process that parser processes are forked from; started when first needed, and again should it die."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    async def fork(self, *, stands_back: bool) -> "_Worker":
        """A new parser process; one that stands back leaves the processor to others."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._start()
        assert self._control is not None
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [b"-" if stands_back else b"+"], [theirs.fileno()])
        return _Worker(*await asyncio.open_connection(sock=ours))

    def close(self) -> None:
        """End the template; its processes end with their connections."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(path or "." for path in sys.path)
        environment["OPENBLAS_NUM_THREADS"] = "1"  # a process with threads cannot be forked
        command = (sys.executable, "-m", "agents.poll.parser")
        with theirs:
            self._process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=environment)  # noqa: S603 - our own module


class _Worker:
    """The connection to one parser process. Closing it ends the process, at the latest at its limit of time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, job: Job) -> Answer:
        self._writer.write(frame(encode(job)))
        await self._writer.drain()
        size = int.from_bytes(await self._reader.readexactly(4))
        if size > _MOST_ANSWER:
            raise ConnectionError("the parser's answer is too large")
        return decode_answer(await self._reader.readexactly(size))

    def close(self) -> None:
        self._writer.close()


class _Lane:
    """A number of processes, forked when needed and used again."""

    def __init__(self, size: int, template: _Template, *, stands_back: bool) -> None:
        self._free = asyncio.Semaphore(size)
        self._template = template
        self._stands_back = stands_back
        self._idle: list[_Worker] = []

    async def run(self, job: Job) -> Answer:
        """Do a job.

        Raises:
            TimeoutError: it took over `job.seconds` of processor time, or many times that on the clock.
            ConnectionError: the process died of it.
        """
        async with self._free:
            worker = self._idle.pop() if self._idle else await self._fork()
            began = time.monotonic()
            try:
                answer = await asyncio.wait_for(worker.ask(job), job.seconds * _PATIENCE + _START_SECONDS)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                worker.close()
                if time.monotonic() - began >= job.seconds:
                    raise TimeoutError from error
                raise ConnectionError("the parser process died of this body") from error
            except BaseException:
                worker.close()
                raise
            if answer.retire:
                worker.close()
            else:
                self._idle.append(worker)
            return answer

    async def _fork(self) -> _Worker:
        return await self._template.fork(stands_back=self._stands_back)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


class Parsers:
    """The parser processes of one worker."""

    def __init__(self, settings: Settings) -> None:
        self._deadline = settings.poll_parse_timeout
        self._template = _Template()
        self._fast = _Lane(settings.poll_parsers, self._template, stands_back=False)
        self._new = _Lane(settings.poll_parsers, self._template, stands_back=False)
        self._slow = _Lane(1, self._template, stands_back=True)
        self._waiting = 0

    async def quick(self, body: bytes, content_type: str, url: str, *, known: bool) -> Parsed | None:
        """Read a feed; `known` if it was read before. None where that takes too long.

        Never raises for what a body does, and neither do the others.
        """
        seconds = min(_FAST_SECONDS, self._deadline)
        parsed = await self._parse(self._fast if known else self._new, _job(body, content_type, url, seconds))
        return None if parsed.outcome is PollOutcome.PARSE_TIMED_OUT and self._deadline > _FAST_SECONDS else parsed

    async def slow(self, body: bytes, content_type: str, url: str) -> Parsed:
        """Read a feed in the slow lane, where at most eight bodies wait."""
        if self._waiting >= _MOST_WAITING:
            why = f"{self._waiting} other slow bodies wait to be parsed; it is tried again later"
            return Parsed(feed=None, outcome=PollOutcome.PARSE_TIMED_OUT, error=why, seconds=0.0)
        self._waiting += 1
        try:
            return await self._parse(self._slow, _job(body, content_type, url, self._deadline))
        finally:
            self._waiting -= 1

    async def page(self, body: bytes, content_type: str, url: str) -> Entry | None:
        """The main text of a page; None where there is none, or it takes too long."""
        job = replace(_job(body, content_type, url, _PAGE_SECONDS), page=True)
        try:
            return (await self._new.run(job)).page
        except (TimeoutError, ConnectionError):
            return None

    def close(self) -> None:
        """End the processes; those at work end with the tasks that wait for them."""
        for lane in (self._fast, self._new, self._slow):
            lane.close()
        self._template.close()

    async def _parse(self, lane: _Lane, job: Job) -> Parsed:
        try:
            answer = await lane.run(job)
        except TimeoutError:
            why = f"parsing took over {job.seconds:g} seconds; FRONTWIRE_POLL_PARSE_TIMEOUT sets the limit"
            return Parsed(feed=None, outcome=PollOutcome.PARSE_TIMED_OUT, error=why, seconds=job.seconds)
        except ConnectionError as error:
            return Parsed(feed=None, outcome=PollOutcome.PARSE_FAILED, error=str(error), seconds=0.0)
        outcome, why_not = _judge(answer)
        return Parsed(feed=answer.feed, outcome=outcome, error=why_not, seconds=answer.seconds)


def _job(body: bytes, content_type: str, url: str, seconds: float) -> Job:
    return Job(body=body, content_type=content_type, url=url, page=False, seconds=seconds)


def _judge(answer: Answer) -> tuple[PollOutcome, str | None]:
    if answer.not_a_feed is not None:
        return PollOutcome.NOT_A_FEED, answer.not_a_feed
    if answer.failed is not None:
        return PollOutcome.PARSE_FAILED, answer.failed
    return PollOutcome.READ, None
