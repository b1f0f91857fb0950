"""How soon partitions work again: after SIGKILL of a worker, and after all brokers were gone.

    .venv/bin/python -m tests.bench.recovery                      20 kills, then all brokers gone for a minute
    .venv/bin/python -m tests.bench.recovery --kills 40 --away 0

Shipped settings, three brokers on loopback, two workers a role, each started again at once. Articles of every language
go in all the time; a role's partitions work again when, of the articles put in after the kill, one of each partition of
its source has come out. For the brokers: when articles put in since have come out of every partition of `extract`.
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from aiokafka.partitioner import DefaultPartitioner

from deploy.local.kafka import LocalKafka
from streams.kafka.topics import ensure_topics, read_topic
from streams.settings import Settings, load
from streams.topics import TOPIC
from streams.vocabulary import Stage
from tests.faults.crew import Crew
from tests.faults.feeding import send_once
from tests.faults.history import History
from tests.support.known import LANGUAGES, Articles, Known

OUTPUT: Final = {Stage.DEDUPLICATE: "articles.unique", Stage.EXTRACT: "articles.extracted"}
_UNIQUE: Final = TOPIC[OUTPUT[Stage.DEDUPLICATE]]
_PROBE_SECONDS: Final = 0.5
_PROBE_PATIENCE: Final = 5.0
_PATIENCE: Final = 180.0
_REST: Final = (8.0, 14.0)


class Probes:
    """Puts an article of every language in twice a second, and sees when each comes out of a role."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._maker = Articles(1, run=f"probe-{random.getrandbits(32)}", monster_bytes=0, fetched=_now())
        self._put: dict[str, tuple[str, float]] = {}
        self._out: dict[str, dict[str, float]] = {topic: {} for topic in OUTPUT.values()}

    async def put(self) -> None:
        """Put articles in; for ever. Those that Kafka does not take in time are given up."""
        while True:
            batch = self._batch()
            began = time.monotonic()
            if await send_once(self._settings, batch, _PROBE_PATIENCE):
                self._put |= {known.article.article_id: (known.article.language, began) for known in batch}
            await asyncio.sleep(_PROBE_SECONDS)

    async def follow(self, topic: str) -> None:
        """Note what comes out on a topic; for ever."""
        while True:
            try:
                async for message in read_topic(self._settings, topic, from_beginning=False, follow=True):
                    self._out[topic].setdefault((message.key or b"").decode(), time.monotonic())
            except Exception as error:  # brokers are away; the next reader goes on
                print(f"following {topic}: {type(error).__name__}", file=sys.stderr)
                await asyncio.sleep(0.5)

    def works_since(self, topic: str, moment: float) -> float | None:
        """When the last partition had an article through that was put in after `moment`; None if one has none yet."""
        first: dict[object, float] = {}
        for article_id, out in self._out[topic].items():
            language, put = self._put.get(article_id, ("", 0.0))
            if put > moment:
                place = language if topic == _UNIQUE.name else _partition(article_id)
                first[place] = min(out, first.get(place, out))
        places = len(LANGUAGES) if topic == _UNIQUE.name else _UNIQUE.partitions
        return max(first.values()) if len(first) == places else None

    def _batch(self) -> list[Known]:
        """Articles for every language and for every partition of `articles.unique`, few more than those are."""
        chosen: dict[object, Known] = {}
        while len(chosen) < len(LANGUAGES) + _UNIQUE.partitions:
            known = self._maker.news()
            chosen.setdefault(known.article.language, known)
            chosen.setdefault(_partition(known.article.article_id), known)
        return list({known.article.article_id: known for known in chosen.values()}.values())


def _partition(article_id: str) -> int:
    """Where the producer puts an article on `articles.unique`."""
    every = list(range(_UNIQUE.partitions))
    partition: int = DefaultPartitioner()(article_id.encode(), every, every)
    return partition


async def measure(crew: Crew, kafka: LocalKafka, settings: Settings, kills: int, away: float) -> int:
    """Kill, wait, and print; 0 if the figures are kept."""
    probes = Probes(settings)
    jobs = [crew.supervise(), probes.put(), *(probes.follow(topic) for topic in OUTPUT.values())]
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        await _until(lambda: probes.works_since("articles.extracted", 0.0))
        took = [await _kill(crew, probes, number) for number in range(kills)]
        back = await _all_gone(kafka, probes, away) if away else 0.0
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if took:
        in_order = sorted(took)
        p95 = in_order[min(len(took) - 1, int(len(took) * 0.95))]
        print(f"{kills} kills: median {in_order[len(took) // 2]:.1f} s, p95 {p95:.1f} s, worst {in_order[-1]:.1f} s")
    if away:
        print(f"all brokers gone for {away:g} s: works again {back:.1f} s after they are back")
    return 0 if (not took or p95 <= 15) and back <= 20 else 1


async def _kill(crew: Crew, probes: Probes, number: int) -> float:
    role = list(OUTPUT)[number % len(OUTPUT)]
    await asyncio.sleep(random.uniform(*_REST))
    victim = random.choice([member for member in crew.of(role) if member.worker.process.running])
    victim.at_fault.add("kill")
    moment = time.monotonic()
    victim.worker.kill()
    took = await _until(lambda: probes.works_since(OUTPUT[role], moment)) - moment
    victim.over("kill")
    print(f"{number + 1:3} {victim.name:14} {took:5.1f} s", flush=True)
    return took


async def _all_gone(kafka: LocalKafka, probes: Probes, away: float) -> float:
    await asyncio.gather(*(asyncio.to_thread(broker.kill) for broker in kafka.brokers))
    await asyncio.sleep(away)
    for broker in kafka.brokers:
        broker.launch()
    await asyncio.gather(*(asyncio.to_thread(broker.wait_ready) for broker in kafka.brokers))
    moment = time.monotonic()
    return await _until(lambda: probes.works_since("articles.extracted", moment)) - moment


async def _until(condition: Callable[[], float | None]) -> float:
    deadline = time.monotonic() + _PATIENCE
    while (found := condition()) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"no recovery in {_PATIENCE:g} s")
        await asyncio.sleep(0.1)
    return found


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def main() -> int:
    """Measure; 0 if p95 is at most 15 s after a kill and the line works 20 s after the brokers are back."""
    parser = argparse.ArgumentParser(description="Seconds until partitions work again.")
    parser.add_argument("--kills", type=int, default=20, help="SIGKILLs, of deduplicate and extract in turn")
    parser.add_argument("--away", type=float, default=60.0, help="seconds without any broker; 0 leaves it out")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="frontwire-recovery-")))
        kafka = stack.enter_context(LocalKafka(folder / "kafka", nodes=3))
        environment = {"KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers, "FRONTWIRE_REPLICATION_FACTOR": "3"}
        settings = load(environment)
        asyncio.run(ensure_topics(settings))
        history = stack.enter_context(History(folder / "history.jsonl"))
        roles = (Stage.DEDUPLICATE, Stage.EXTRACT)
        crew = stack.enter_context(Crew(folder, environment, history, 64 << 20, roles))
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
        return asyncio.run(measure(crew, kafka, settings, given.kills, given.away))


if __name__ == "__main__":
    sys.exit(main())
