"""The state of partitions on a real Kafka: restoring, former owners that wake up, topics made anew, damaged copies."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Set
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from streams.kafka.changelog import CLAIM_KEY, ForeignStateError
from streams.kafka.delivery import Delivery
from streams.kafka.local import LocalCopy
from streams.kafka.metrics import Metrics
from streams.kafka.repartition import PlainProducer
from streams.kafka.roles import ROLES, Role
from streams.kafka.security import client_options
from streams.kafka.service import StoreClosedError
from streams.kafka.store import PartitionStore
from streams.kafka.stores import Stores, folder_of
from streams.kafka.topics import delete_topics, ensure_topics, full_name, read_topic, reader
from streams.settings import Settings
from streams.topics import TOPIC
from streams.vocabulary import Stage
from tests.support.shell import Line
from tests.support.waiting import eventually_async

pytestmark = pytest.mark.kafka

ROLE = ROLES[Stage.EXTRACT]


class Owner:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, list[int]]] = []

    async def gained(self, stores: dict[int, PartitionStore]) -> None:
        self.told.append(("gained", sorted(stores)))

    async def lost(self, partitions: Set[int]) -> None:
        self.told.append(("lost", sorted(partitions)))


@asynccontextmanager
async def worker(
    settings: Settings, *partitions: int, role: Role = ROLE, metrics: Metrics | None = None
) -> AsyncIterator[Stores]:
    """The stores of a worker that was given these partitions, restored."""
    failures: list[Exception] = []
    async with assigned(settings, failures, *partitions, role=role, metrics=metrics) as stores:
        for partition in partitions:
            await stores.ready(partition)
        yield stores
    assert not failures


@asynccontextmanager
async def assigned(
    settings: Settings,
    failures: list[Exception],
    *partitions: int,
    role: Role = ROLE,
    metrics: Metrics | None = None,
    owner: Owner | None = None,
) -> AsyncIterator[Stores]:
    """The stores of a worker that was given these partitions; `failures` gets what restoring ended with."""
    async with AIOKafkaProducer(**client_options(settings), enable_idempotence=True) as producer:
        delivery = Delivery(PlainProducer(producer), Metrics(), lambda: None)
        stores = Stores(role, settings, delivery, metrics or Metrics(), failures.append)
        stores.assign(set(partitions), owner or Owner())
        try:
            yield stores
        finally:
            await stores.close()


async def refusal(settings: Settings, role: Role) -> str:
    """What a worker says that does not take partition 0 over."""
    failures: list[Exception] = []
    async with assigned(settings, failures, 0, role=role) as stores:
        await eventually_async(lambda: _told(failures), what="a refusal")
        assert 0 not in stores.owned
    [error] = failures
    assert isinstance(error, ForeignStateError)
    return str(error)


async def _told(failures: list[Exception]) -> bool:
    return bool(failures)


async def on_topic(settings: Settings, key: bytes) -> list[bytes | None]:
    """The values written under a key, in order; the last is what compaction leaves."""
    return [message.value async for message in read_topic(settings, ROLE.state) if message.key == key]


async def ends(settings: Settings, partition: int) -> dict[int, int]:
    tp = TopicPartition(full_name(settings, ROLE.state), partition)
    async with reader(settings) as consumer:
        return {partition: (await consumer.end_offsets([tp]))[tp]}


def in_folder(line: Line, folder: Path) -> Settings:
    return line.settings(FRONTWIRE_STATE_FOLDER=str(folder))


def test_state_is_restored_from_the_topic_and_from_the_copy(line: Line, tmp_path: Path) -> None:
    async def scenario() -> None:
        first, other = in_folder(line, tmp_path / "a"), in_folder(line, tmp_path / "b")
        async with worker(first, 3, 4) as stores:
            store = await stores.ready(3)
            for number in range(3000):
                store.put(b"key-%d" % number, b"value-%d" % number)
            assert store.get(b"key-7") == b"value-7", "a write is read at once"
            await store.flush()
            store.put(b"key-7", None)
            await store.flush()
            assert store.get(b"key-7") is None
        for settings in (first, other):
            async with worker(settings, 3) as stores:
                store = await stores.ready(3)
                held = dict(store.scan(b"key-"))
                assert len(held) == 2999
                assert held[b"key-2999"] == b"value-2999"
                assert b"key-7" not in held
                with pytest.raises(StoreClosedError):
                    await stores.ready(4)

    asyncio.run(scenario())


class Opening(Owner):
    """Takes its state into memory row by row, each when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.at, self.next = Queue[bytes](), Queue[None]()

    async def gained(self, stores: dict[int, PartitionStore]) -> None:
        await asyncio.to_thread(self._read, stores[0])

    def _read(self, store: PartitionStore) -> None:
        for key, _ in store.scan(b"key-"):
            self.at.put(key)
            self.next.get(timeout=30)


def test_what_waits_is_written_to_the_file_now_and_then(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, ends_of_file = in_folder(line, tmp_path / "state"), list[int]()
    file = folder_of(settings, ROLE) / "0.sqlite"

    async def run() -> None:
        await ensure_topics(settings)
        async with worker(settings, 0) as stores:
            store = await stores.ready(0)
            store.put(b"key", b"value")
            await store.flush()
            for number, seconds in enumerate((60.0, 0.0)):
                monkeypatch.setattr("streams.kafka.stores._SETTLE_SECONDS", seconds)
                stores.settle()
                left = shutil.copytree(file.parent, tmp_path / str(number))  # open files are ours alone
                copy = LocalCopy(left / file.name)
                mark = copy.mark()
                ends_of_file.append(mark.next if mark else -1)
                copy.close()

    asyncio.run(run())
    assert ends_of_file == [1, 2]


def test_taking_state_into_memory_is_activity(line: Line, tmp_path: Path) -> None:
    async def scenario() -> None:
        settings = in_folder(line, tmp_path)
        async with worker(settings, 0) as stores:
            store = await stores.ready(0)
            for number in range(3):
                store.put(b"key-%d" % number, b"value")
            await store.flush()
        failures, owner, seen = list[Exception](), Opening(), list[int]()
        async with assigned(settings, failures, 0, owner=owner) as stores:
            for _ in range(3):
                await asyncio.to_thread(owner.at.get, timeout=30)
                seen.append(stores.activity)
                assert not stores.restored
                owner.next.put(None)
            await stores.ready(0)
        assert (len(set(seen)), failures) == (3, [])

    asyncio.run(scenario())


def test_a_former_owner_cannot_leave_a_stale_record(line: Line, tmp_path: Path) -> None:
    async def scenario() -> None:
        old, new = in_folder(line, tmp_path / "old"), in_folder(line, tmp_path / "new")
        async with worker(old, 0) as former, worker(new, 0) as present:
            theirs, ours = await former.ready(0), await present.ready(0)
            ours.put(b"key", b"present")
            await ours.flush()
            theirs.put(b"key", b"stale")
            theirs.put(b"other", b"stale")
            await theirs.flush()  # it does not know yet
            assert (await on_topic(old, b"key"))[-1] == b"stale"

            await present.audit(await ends(new, 0))
            assert ours.get(b"key") == b"present"
            assert (await on_topic(new, b"key"))[-1] == b"present", "written again"
            assert (await on_topic(new, b"other"))[-1] is None, "never ours, so taken away"

            await former.audit(await ends(old, 0))
            assert theirs.closed
            with pytest.raises(StoreClosedError):
                theirs.put(b"key", b"more")

    asyncio.run(scenario())


def test_a_restorer_keeps_the_highest_revision_and_writes_it_again(line: Line, tmp_path: Path) -> None:
    async def scenario() -> None:
        old, new = in_folder(line, tmp_path / "old"), in_folder(line, tmp_path / "new")
        async with worker(old, 0) as former:
            theirs = await former.ready(0)
            async with worker(new, 0) as present:
                ours = await present.ready(0)
                ours.put(b"key", b"present")
                await ours.flush()
            theirs.put(b"key", b"stale")
            await theirs.flush()
        async with worker(in_folder(line, tmp_path / "third"), 0) as restored:
            assert (await restored.ready(0)).get(b"key") == b"present"
        assert (await on_topic(new, b"key"))[-1] == b"present"
        claims = await on_topic(new, CLAIM_KEY)
        assert len(claims) == 3, "one claim an owner"

    asyncio.run(scenario())


def test_a_copy_of_a_topic_that_was_made_anew_is_dropped(line: Line, tmp_path: Path) -> None:
    async def scenario() -> None:
        settings = in_folder(line, tmp_path / "state")
        async with worker(settings, 0) as stores:
            (await stores.ready(0)).put(b"key", b"of the old topic")
            await (await stores.ready(0)).flush()
        await delete_topics(settings, [TOPIC[ROLE.state]])
        await eventually_async(lambda: _made_anew(settings), what="the topic made anew")
        async with worker(in_folder(line, tmp_path / "other"), 0) as stores:  # gives it a life, and a longer one
            for number in range(10):
                (await stores.ready(0)).put(b"new-%d" % number, b"new")
            await (await stores.ready(0)).flush()
        async with worker(settings, 0) as stores:
            store = await stores.ready(0)
            assert store.get(b"key") is None
            assert store.get(b"new-9") == b"new"

    asyncio.run(scenario())


async def _made_anew(settings: Settings) -> bool:
    return bool(await ensure_topics(settings, [TOPIC[ROLE.state]]))


def test_a_damaged_or_borrowed_copy_is_done_without(line: Line, tmp_path: Path) -> None:
    async def scenario() -> None:
        settings = in_folder(line, tmp_path / "state")
        async with worker(settings, 0) as stores:
            (await stores.ready(0)).put(b"key", b"value")
            await (await stores.ready(0)).flush()
            async with worker(settings, 0) as second:  # the first one has the file
                assert (await second.ready(0)).get(b"key") == b"value"
        for path in folder_of(settings, ROLE).glob("0.sqlite*"):
            path.write_bytes(b"no database at all" * 1000)
        async with worker(settings, 0) as stores:
            assert (await stores.ready(0)).get(b"key") == b"value"
        blocked = in_folder(line, tmp_path / "file" / "state")
        (tmp_path / "file").write_text("where a folder should be")
        async with worker(blocked, 0) as stores:
            assert (await stores.ready(0)).get(b"key") == b"value"

    asyncio.run(scenario())


def test_partitions_that_stay_keep_their_term_and_the_owner_is_told_of_the_others(line: Line, tmp_path: Path) -> None:
    async def scenario() -> None:
        settings, owner = in_folder(line, tmp_path / "state"), Owner()
        async with worker(settings, 0, 1) as stores:
            kept = await stores.ready(0)
            term = kept.term
            stores.suspend()
            with pytest.raises(StoreClosedError):
                await stores.ready(0)
            stores.assign({0, 2}, owner)
            assert await stores.ready(0) is kept
            assert kept.term == term
            await eventually_async(lambda: _has(stores, 2), what="the new one")
        assert owner.told == [("lost", [1]), ("gained", [2])]

    asyncio.run(scenario())


async def _has(stores: Stores, partition: int) -> bool:
    return partition in stores.owned


NEWER = replace(ROLE, state_format=2, reads_format=2)
BETWEEN = replace(ROLE, state_format=1, reads_format=2)


def test_a_newer_format_is_refused_and_one_release_apart_is_not(line: Line, tmp_path: Path) -> None:
    async def scenario() -> None:
        kept, fresh = in_folder(line, tmp_path / "kept"), in_folder(line, tmp_path / "fresh")
        async with worker(kept, 0, role=NEWER) as stores:
            (await stores.ready(0)).put(b"key", b"in format 2")
            await (await stores.ready(0)).flush()
        for settings in (kept, fresh):  # with the newer worker's copy, and with none
            assert "of format 2, written by a newer release; this one reads up to 1" in await refusal(settings, ROLE)
        for role in (BETWEEN, NEWER):
            async with worker(kept, 0, role=role) as stores:
                assert (await stores.ready(0)).get(b"key") == b"in format 2"
        async with worker(kept, 0, role=BETWEEN):
            pass
        assert "format 2" in await refusal(fresh, ROLE), "who wrote last writes format 1, but there is more"

    asyncio.run(scenario())
    refused = line.start("pass")
    assert refused.process.wait(60) == 2
    assert "written by a newer release" in refused.log


def test_state_of_a_source_topic_that_was_made_anew_is_refused(line: Line, tmp_path: Path) -> None:
    role = ROLES[Stage.TOTAL]

    async def scenario() -> None:
        settings = in_folder(line, tmp_path / "state")
        async with worker(settings, 0, role=role) as stores:
            (await stores.ready(0)).put(b"key", b"of the old source")
            await (await stores.ready(0)).flush()
        async with worker(settings, 0, role=role) as stores:
            assert (await stores.ready(0)).get(b"key") == b"of the old source"
        await make_anew(settings, role.source)
        for folder in ("state", "fresh"):
            told = await refusal(in_folder(line, tmp_path / folder), role)
            assert f"Delete {full_name(settings, role.state)}, too" in told
        await make_anew(settings, role.state)
        async with worker(settings, 0, role=role) as stores:
            assert (await stores.ready(0)).get(b"key") is None

    async def make_anew(settings: Settings, topic: str) -> None:
        await delete_topics(settings, [TOPIC[topic]])
        await eventually_async(lambda: made(settings, topic), what=f"{topic} made anew")

    async def made(settings: Settings, topic: str) -> bool:
        return bool(await ensure_topics(settings, [TOPIC[topic]]))

    asyncio.run(scenario())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(("umount", "-l", str(folder)), check=True)


def test_state_that_its_disk_has_no_room_for_is_kept_elsewhere(line: Line, tmp_path: Path, small_disk: Path) -> None:
    values = {b"key-%d" % number: b"%d" % number * 20_000 for number in range(100)}

    async def scenario() -> None:
        async with worker(in_folder(line, tmp_path / "large"), 0, 1) as stores:
            for partition in (0, 1):
                store = await stores.ready(partition)
                for key in values if partition == 0 else (b"key-0",):
                    store.put(key, values[key])
                await store.flush()
        metrics, settings = Metrics(), in_folder(line, small_disk)
        async with worker(settings, 0, 1, metrics=metrics) as stores:
            store = await stores.ready(0)
            assert dict(store.scan(b"key-")) == values
            store.put(b"key-0", b"changed")
            await store.flush()
            elsewhere = metrics.value("frontwire_state_elsewhere", {"topic": ROLE.state})
            files = {path.name for path in folder_of(settings, ROLE).glob("*.sqlite")}
        assert (elsewhere, files) == (1, {"1.sqlite"})
        async with worker(in_folder(line, tmp_path / "third"), 0) as stores:
            assert (await stores.ready(0)).get(b"key-0") == b"changed"

    asyncio.run(scenario())
