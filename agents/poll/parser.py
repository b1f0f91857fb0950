"""The parser processes (`python -m agents.poll.parser`): a template that has everything loaded and forks on request.

Bodies are hostile: they are read in processes that hold no secret and no connection but the one to the worker, under
limits of processor time and memory. A process that dies costs nobody but its body, and the next one starts in
milliseconds and shares the template's memory. They all end by themselves when the worker is gone.

On the template's socket (file descriptor 0) comes a byte, `+` or `-` for a process that stands back for the others,
with a socket for the new process. On a process' socket
travel frames: four bytes of length and MessagePack, jobs one way and answers the other.
"""

import gc
import os
import resource
import signal
import socket
from contextlib import suppress
from dataclasses import replace
from io import BufferedIOBase
from typing import Final

from agents.poll.jobs import Answer, decode_job, encode, work
from agents.poll.page import extract
from streams.language import detect

_MOST_MEMORY: Final = 2 << 30
_FIRST: Final = "The first text loads models and libraries, which no job shall pay for."
_STAND_BACK: Final = 10
_RETIRE_PEAK_KIB: Final = 300 * 1024
_RETIRE_JOBS: Final = 2000
"""trafilatura's caches grow, and memory that one large body took does not come back."""


def frame(payload: bytes) -> bytes:
    """The payload with its length before it."""
    return len(payload).to_bytes(4) + payload


def serve(source: BufferedIOBase, sink: BufferedIOBase) -> None:
    """Answer jobs until the source ends or this process has done enough."""
    for number in range(1, _RETIRE_JOBS + 1):
        head = source.read(4)
        if len(head) < 4:
            return
        answer = _limited(source.read(int.from_bytes(head)), last=number == _RETIRE_JOBS)
        sink.write(frame(encode(answer)))
        sink.flush()
        if answer.retire:
            return


def _limited(data: bytes, *, last: bool) -> Answer:
    job = decode_job(data)
    before = _used()
    signal.setitimer(signal.ITIMER_PROF, job.seconds)  # ends the process, also within a regular expression
    answer = work(job)
    signal.setitimer(signal.ITIMER_PROF, 0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return replace(answer, retire=last or peak > _RETIRE_PEAK_KIB, seconds=_used() - before)


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _template(control: socket.socket) -> None:
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not data:
            return
        if os.fork() == 0:
            control.close()
            os.nice(_STAND_BACK if data == b"-" else 0)
            with suppress(ConnectionError), socket.socket(fileno=descriptors[0]) as connection:
                stream = connection.makefile("rwb")
                serve(stream, stream)
            os._exit(0)  # a ConnectionError before: the worker is gone, or no longer wants to know
        os.close(descriptors[0])


def main() -> None:
    """Load everything once, then fork a process for each socket that comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the worker decides when to stop
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a process ended; its closed socket says that it did
    extract(f"<p>{_FIRST}</p>".encode(), "text/html", "http://example.org/")
    detect(_FIRST)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    gc.freeze()
    with socket.socket(fileno=0) as control:
        _template(control)


if __name__ == "__main__":
    main()
