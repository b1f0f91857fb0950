"""Taking a role's committed offsets back, so that it processes messages again. Never forward: that would lose them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CommitFailedError, GroupCoordinatorNotAvailableError, UnknownMemberIdError
from aiokafka.structs import OffsetAndMetadata

from streams.kafka.app import group_id
from streams.kafka.ending import stop_consumer
from streams.kafka.groups import has_members
from streams.kafka.roles import Role
from streams.kafka.security import client_options
from streams.kafka.topics import admin_client, full_name, partitions, reader
from streams.settings import Settings


class RewindError(Exception):
    """The offsets cannot be taken back; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a rewind means for one partition. `committed` None: nothing is, the role begins where the partition does.

    `target` is where it would go on; `end` is where the partition ends now. `beginning` is the first offset kept.
    """

    partition: int
    beginning: int
    committed: int | None
    target: int
    end: int

    @property
    def again(self) -> int:
        """How many offsets are processed again."""
        return 0 if self.committed is None else max(0, self.committed - self.target)


async def plan(role: Role, settings: Settings, to: datetime | int, only: frozenset[int] = frozenset()) -> list[Step]:
    """What a rewind of each partition (of `only` these, if any are given) to a time or an offset means.

    A time means the first message of that time or later. A target before the first message that is kept is that one;
    one behind what is committed is what is committed.

    Raises:
        TopicError: the role's topic is not there.
        RewindError: the topic has no such partition.
    """
    name = full_name(settings, role.source)
    tps = await partitions(settings, name)
    if unknown := only - {tp.partition for tp in tps}:
        raise RewindError(f"{name} has no partition {min(unknown)}; it has {len(tps)}, from 0")
    wanted = [tp for tp in tps if not only or tp.partition in only]
    async with admin_client(settings) as admin:
        committed = await _committed(admin, group_id(role, settings))
    async with reader(settings) as consumer:
        return await _steps(consumer, wanted, committed, to)


async def _steps(
    consumer: AIOKafkaConsumer,
    tps: Sequence[TopicPartition],
    committed: Mapping[TopicPartition, int],
    to: datetime | int,
) -> list[Step]:
    begins, ends = await consumer.beginning_offsets(tps), await consumer.end_offsets(tps)
    targets = dict.fromkeys(tps, to) if isinstance(to, int) else await _of_time(consumer, tps, to, ends)
    found = []
    for tp in tps:
        at = committed.get(tp)
        latest = ends[tp] if at is None else at
        target = begins[tp] if at is None else max(begins[tp], min(targets[tp], latest))
        found.append(Step(partition=tp.partition, beginning=begins[tp], committed=at, target=target, end=ends[tp]))
    return found


async def _of_time(
    consumer: AIOKafkaConsumer, tps: Sequence[TopicPartition], time: datetime, ends: Mapping[TopicPartition, int]
) -> dict[TopicPartition, int]:
    told = await consumer.offsets_for_times(dict.fromkeys(tps, max(0, int(time.timestamp() * 1000))))
    return {tp: ends[tp] if told.get(tp) is None else told[tp].offset for tp in tps}


async def _committed(admin: AIOKafkaAdminClient, group: str) -> dict[TopicPartition, int]:
    try:
        told = await admin.list_consumer_group_offsets(group)
    except GroupCoordinatorNotAvailableError:
        return {}  # a cluster whose first group is yet to come
    return {tp: at.offset for tp, at in told.items() if at.offset >= 0}


async def rewind(role: Role, settings: Settings, steps: Sequence[Step]) -> None:
    """Commit the targets of the steps that go back.

    Raises:
        RewindError: workers of the role run; nothing was changed.
    """
    group = group_id(role, settings)
    await _check_idle(group, settings)
    back = {
        TopicPartition(full_name(settings, role.source), step.partition): OffsetAndMetadata(step.target, "")
        for step in steps
        if step.again
    }
    consumer = AIOKafkaConsumer(**client_options(settings), group_id=group, enable_auto_commit=False)
    try:
        await consumer.start()
        consumer.assign(list(back))
        await consumer.commit(back)
    except (CommitFailedError, UnknownMemberIdError) as error:
        raise _running(group) from error
    finally:
        await stop_consumer(consumer)


async def _check_idle(group: str, settings: Settings) -> None:
    async with admin_client(settings) as admin:
        if await has_members(admin, group):
            raise _running(group)


def _running(group: str) -> RewindError:
    return RewindError(f"workers of the group {group} run, who would commit over it; stop them all, then rewind")
