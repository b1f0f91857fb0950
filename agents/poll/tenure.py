"""Sending for as long as the partitions are ours beyond doubt."""

from collections.abc import Sequence

from agents.poll.outbox import SendAll
from agents.poll.poller import Tools
from streams.stage import Send


class TenureEndedError(Exception):
    """The partitions may be another's, or were meanwhile: what was to be sent now may not be what the state says."""


def within(tenure: int | None, tools: Tools) -> SendAll:
    """A `send_all` for as long as this tenure goes on; then it raises TenureEndedError."""

    async def send_all(sends: Sequence[Send]) -> None:
        if tenure is None or tools.tenure() != tenure:
            raise TenureEndedError
        await tools.send_all(sends)

    return send_all
