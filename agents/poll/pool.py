"""Parser processes with a deadline: two lanes, so that slow bodies wait only for slow ones.

The fast lane gives a body one second of processor time. Who needs more starts again in the slow lane, which has a process of its own
and the whole of `FRONTWIRE_POLL_PARSE_TIMEOUT`; after that the process is killed.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass, replace
from typing import Final

from agents.poll.entry import Entry, ParsedFeed
from agents.poll.jobs import Answer, Job, decode_answer, encode, frame
from streams.settings import Settings
from streams.vocabulary import PollOutcome

_FAST_SECONDS: Final = 1.0
_START_SECONDS: Final = 60.0
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


class _Worker:
    """One parser process."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls) -> "_Worker":
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(path or "." for path in sys.path)
        command = (sys.executable, "-m", "agents.poll.jobs")
        worker = cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=environment))
        try:
            await asyncio.wait_for(worker._read(), _START_SECONDS)
        except BaseException:
            await worker.kill()
            raise
        return worker

    async def ask(self, job: Job) -> Answer:
        assert self._process.stdin is not None
        self._process.stdin.write(frame(encode(job)))
        await self._process.stdin.drain()
        return decode_answer(await self._read())

    async def _read(self) -> bytes:
        assert self._process.stdout is not None
        size = int.from_bytes(await self._process.stdout.readexactly(4))
        if size > _MOST_ANSWER:
            raise ConnectionError("the parser's answer is too large")
        return await self._process.stdout.readexactly(size)

    async def kill(self) -> int:
        """End the process if it has not ended; how it ended."""
        # a process that closed its pipe is about to end, and says by its signal of what
        closed = self._process.stdout is not None and self._process.stdout.at_eof()
        if self._process.returncode is None and not closed:
            self._process.kill()
        code = await self._process.wait()
        # without this the pipe's transport is only closed when it is collected, with a warning
        self._process._transport.close()  # type: ignore[attr-defined]
        return code


class _Lane:
    """A number of processes, started when needed and used again."""

    def __init__(self, size: int) -> None:
        self._free = asyncio.Semaphore(size)
        self._idle: list[_Worker] = []

    async def run(self, job: Job) -> Answer:
        """Raises TimeoutError after `seconds` of processor time (five times that on the clock), ConnectionError
        where the process died of the job.
        """
        async with self._free:
            worker = self._idle.pop() if self._idle else await _Worker.start()
            try:
                answer = await asyncio.wait_for(worker.ask(job), job.seconds * _PATIENCE + 1)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                if await worker.kill() == -signal.SIGPROF:
                    raise TimeoutError from error
                raise ConnectionError("the parser process died of this body") from error
            except BaseException:
                await worker.kill()
                raise
            if answer.retire:
                await worker.kill()
            else:
                self._idle.append(worker)
            return answer

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().kill()


class Parsers:
    """The parser processes of one worker."""

    def __init__(self, settings: Settings) -> None:
        self._deadline = settings.poll_parse_timeout
        self._fast, self._slow = _Lane(settings.poll_parsers), _Lane(1)
        self._waiting = 0

    async def quick(self, body: bytes, content_type: str, url: str) -> Parsed | None:
        """Read a feed in the fast lane; None where that takes too long. Never raises for what a body does."""
        seconds = min(_FAST_SECONDS, self._deadline)
        parsed = await self._parse(self._fast, _job(body, content_type, url, seconds))
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
        job = replace(_job(body, content_type, url, _FAST_SECONDS), page=True)
        try:
            return (await self._fast.run(job)).page
        except (TimeoutError, ConnectionError):
            return None

    async def close(self) -> None:
        """End the idle processes; those at work belong to tasks, which end them when cancelled."""
        await self._fast.close()
        await self._slow.close()

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
