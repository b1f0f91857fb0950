"""The faults: what each does to the line, and for how long."""

import asyncio
import random
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from deploy.local.broker import Broker
from deploy.local.kafka import LocalKafka
from streams.vocabulary import Stage
from tests.faults.crew import WORKERS_A_ROLE, Crew, Member, fill, free
from tests.faults.history import History

_BROKER_REST: Final = 4.0
"""Seconds between two faults of brokers, so that replicas catch up: with two of three gone nothing can be promised."""


@dataclass(eq=False)
class Site:
    """Where faults happen. `away` is how long all brokers go away, in seconds."""

    kafka: LocalKafka
    crew: Crew
    history: History
    chance: random.Random
    away: float
    brokers: asyncio.Lock = field(default_factory=asyncio.Lock)

    def seconds(self, least: float, most: float) -> float:
        """A length of time."""
        return self.chance.uniform(least, most)

    @contextmanager
    def victim(self, fault: str, role: Stage | None = None, *, disk: bool = False) -> Iterator[Member | None]:
        """A worker without a fault on it, or None; it is marked for as long as the block lasts."""
        fitting = [m for m in self.crew.sound() if role in (None, m.role) and (m.disk is not None or not disk)]
        if not fitting:
            yield None
            return
        member = self.chance.choice(fitting)
        member.at_fault.add(fault)
        try:
            yield member
        finally:
            member.over(fault)

    @asynccontextmanager
    async def broker(self) -> AsyncIterator[Broker]:
        """A broker; no other fault is on any."""
        async with self.brokers:
            yield self.chance.choice(self.kafka.brokers)
            await asyncio.sleep(_BROKER_REST)


async def kill(site: Site) -> dict[str, Any] | None:
    """SIGKILL; it is started again after a while."""
    with site.victim("kill") as member:
        if member is None:
            return None
        member.worker.process.signal(signal.SIGKILL)
        await asyncio.sleep(site.seconds(0.2, 3))
        return {"worker": member.name}


async def terminate(site: Site) -> dict[str, Any] | None:
    """SIGTERM."""
    with site.victim("terminate") as member:
        if member is None:
            return None
        member.worker.process.signal(signal.SIGTERM)
        await asyncio.sleep(site.seconds(1, 4))
        return {"worker": member.name}


async def doze(site: Site) -> dict[str, Any] | None:
    """SIGSTOP, and SIGCONT before Kafka has given up on it."""
    return await _stop(site, "doze", site.seconds(0.5, 3))


async def zombie(site: Site) -> dict[str, Any] | None:
    """SIGSTOP, and SIGCONT long after its partitions went to another."""
    return await _stop(site, "zombie", site.seconds(9, 15))


async def _stop(site: Site, fault: str, seconds: float) -> dict[str, Any] | None:
    with site.victim(fault) as member:
        if member is None:
            return None
        member.worker.process.pause()
        await asyncio.sleep(seconds)
        member.worker.process.resume()
        await asyncio.sleep(1)
        return {"worker": member.name, "seconds": round(seconds, 1)}


async def fewer(site: Site) -> dict[str, Any] | None:
    """One worker less in a role for a while."""
    with site.victim("fewer") as member:
        if member is None:
            return None
        member.wanted = False
        member.worker.process.signal(signal.SIGTERM)
        await asyncio.sleep(site.seconds(6, 12))
        member.wanted = True
        return {"worker": member.name}


async def more(site: Site) -> dict[str, Any] | None:
    """A third worker in a role for a while."""
    role = site.chance.choice([Stage.DEDUPLICATE, Stage.EXTRACT, Stage.POLL])
    others = site.crew.of(role)[WORKERS_A_ROLE:]
    if any(member.at_fault or member.wanted for member in others):
        return None
    third = others[0] if others else site.crew.add(role)
    third.wanted = True
    third.at_fault.add("more")
    await asyncio.sleep(site.seconds(8, 14))
    third.wanted = False
    third.worker.process.signal(signal.SIGTERM)
    await asyncio.sleep(3)
    third.over("more")
    return {"worker": third.name}


async def forget(site: Site) -> dict[str, Any] | None:
    """The state folder is deleted under a worker, and then the worker killed, or not."""
    with site.victim("forget") as member:
        if member is None:
            return None
        for path in list(member.state.iterdir()):
            shutil.rmtree(path, ignore_errors=True)
        if site.chance.random() < 0.5:
            member.worker.process.signal(signal.SIGKILL)
        await asyncio.sleep(site.seconds(1, 3))
        return {"worker": member.name}


async def disk_full(site: Site) -> dict[str, Any] | None:
    """The file system of a state folder has no byte left for a while."""
    with site.victim("disk_full", disk=True) as member:
        if member is None or member.disk is None:
            return None
        await asyncio.to_thread(fill, member.disk)
        await asyncio.sleep(site.seconds(4, 9))
        free(member.disk)
        await asyncio.sleep(6)
        return {"worker": member.name}


async def broker_killed(site: Site) -> dict[str, Any] | None:
    """SIGKILL of a broker, which is started again."""
    async with site.broker() as broker:
        await asyncio.to_thread(broker.kill)
        await asyncio.sleep(site.seconds(1, 8))
        await asyncio.to_thread(broker.start)
        return {"broker": broker.number}


async def broker_paused(site: Site) -> dict[str, Any] | None:
    """A broker stands still: its port takes connections and answers nothing."""
    async with site.broker() as broker:
        seconds = site.seconds(2, 12)
        broker.pause()
        await asyncio.sleep(seconds)
        broker.resume()
        return {"broker": broker.number, "seconds": round(seconds, 1)}


async def kafka_gone(site: Site) -> dict[str, Any] | None:
    """All brokers are killed, and started again."""
    async with site.broker():
        for broker in site.kafka.brokers:
            await asyncio.to_thread(broker.kill)
        await asyncio.sleep(site.away)
        for broker in site.kafka.brokers:
            broker.launch()
        for broker in site.kafka.brokers:
            await asyncio.to_thread(broker.wait_ready)
        return {"seconds": site.away}


Fault = Callable[[Site], Coroutine[Any, Any, dict[str, Any] | None]]

FAULTS: Final[dict[Fault, int]] = {
    kill: 6,
    terminate: 3,
    doze: 3,
    zombie: 4,
    fewer: 2,
    more: 2,
    forget: 2,
    disk_full: 2,
    broker_killed: 3,
    broker_paused: 3,
}
"""Each fault and how often it comes, by weight; `kafka_gone` comes by the clock."""


def in_turn(chance: random.Random, count: int) -> list[Fault]:
    """`count` faults at random: each of the table once, as far as they go, then by weight."""
    first = list(FAULTS)
    chance.shuffle(first)
    more_of_them = chance.choices(tuple(FAULTS), tuple(FAULTS.values()), k=max(0, count - len(first)))
    return [*first, *more_of_them][:count]
