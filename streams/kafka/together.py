"""Work that is begun together and waited for as a whole."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

Answer = TypeVar("Answer")


async def all_of(work: Iterable[Awaitable[Answer]]) -> list[Answer]:
    """The answers of all; if one raises, its exception, the first of them, once nobody is at work any more."""
    answers = await asyncio.gather(*work, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]
