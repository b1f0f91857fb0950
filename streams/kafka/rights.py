"""Who may do what on the cluster: the rights of each role, made from the tables of topics and roles.

Broker ACLs, and whatever writes them for a deployment, come from here. Writing needs no right on the cluster: Kafka
gives idempotent producers what they need with the right to write to a topic (KIP-679).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from streams.heartbeat import TOPIC as HEARTBEATS
from streams.kafka.dead_letters import TOPIC as DEAD_LETTERS
from streams.kafka.roles import ROLES, Role
from streams.topics import TOPICS
from streams.vocabulary import Stage

_FOR_OPERATORS: Final = ("feeds", "articles.raw", DEAD_LETTERS)
"""Public by their contract, but not for every reader: feeds may carry keys of their servers in headers."""


class Resource(StrEnum):
    """Kafka's type of what a right is about."""

    TOPIC = "topic"
    GROUP = "group"


class Pattern(StrEnum):
    """How a right's name is meant: the very name, or every name that begins so."""

    LITERAL = "literal"
    PREFIX = "prefix"


class Operation(StrEnum):
    """Kafka's operations, as its tools and Strimzi's KafkaUser spell them."""

    READ = "Read"
    WRITE = "Write"
    DESCRIBE = "Describe"
    CREATE = "Create"
    ALTER = "Alter"
    DELETE = "Delete"
    DESCRIBE_CONFIGS = "DescribeConfigs"


class User(StrEnum):
    """Who talks to Kafka: the worker roles, and those beside them.

    `desk` reads what comes out, without a group. `subscriber` is the example of a team that does so: its groups begin
    with `subscriber-`. `feeds` keeps the topic `feeds` as files say. `operator` creates topics and gives them more
    partitions, changes feeds, replays dead letters and rewinds.
    """

    POLL = Stage.POLL.value
    DEDUPLICATE = Stage.DEDUPLICATE.value
    EXTRACT = Stage.EXTRACT.value
    TOTAL = Stage.TOTAL.value
    DESK = "desk"
    SUBSCRIBER = "subscriber"
    FEEDS = "feeds"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What may be done with one resource. `name` is the full name in the cluster, the deployment's prefix included."""

    resource: Resource
    name: str
    operations: tuple[Operation, ...]
    pattern: Pattern = Pattern.LITERAL


def rights(user: User, prefix: str = "") -> tuple[Right, ...]:
    """All that `user` may do, and needs, in a deployment whose names begin with `prefix` (FRONTWIRE_TOPIC_PREFIX)."""
    match user:
        case User.DESK:
            return tuple(_reading(prefix))
        case User.SUBSCRIBER:
            groups = _group(f"{prefix}subscriber-", Pattern.PREFIX, Operation.READ, Operation.DESCRIBE)
            return (*_reading(prefix), groups)
        case User.FEEDS:
            return (_topic(f"{prefix}feeds", Operation.READ, Operation.WRITE, Operation.DESCRIBE),)
        case User.OPERATOR:
            return tuple(_operating(prefix))
        case _:
            return tuple(_working(ROLES[Stage(user.value)], prefix))


def group_name(stage: Stage, prefix: str = "") -> str:
    """The consumer group of a worker role."""
    return f"{prefix}frontwire-{stage}"


def _working(role: Role, prefix: str) -> Iterator[Right]:
    read, write, describe = Operation.READ, Operation.WRITE, Operation.DESCRIBE
    yield _topic(prefix + role.source, read, describe)
    yield _topic(prefix + role.state, read, write, describe)
    for name in (*role.sends, DEAD_LETTERS):
        taken = (read,) if role.beside and name == HEARTBEATS else ()
        yield _topic(prefix + name, *taken, write, describe)
    yield _group(group_name(role.stage, prefix), Pattern.LITERAL, read, describe)


def _reading(prefix: str) -> Iterator[Right]:
    for topic in TOPICS:
        if not topic.internal and topic.name not in _FOR_OPERATORS:
            yield _topic(prefix + topic.name, Operation.READ, Operation.DESCRIBE)


def _operating(prefix: str) -> Iterator[Right]:
    every = tuple(Operation)
    for topic in TOPICS:
        yield _topic(prefix + topic.name, *every)
    groups = f"{prefix}frontwire-"
    yield _group(groups, Pattern.PREFIX, Operation.READ, Operation.DESCRIBE, Operation.DELETE)


def _topic(name: str, *operations: Operation) -> Right:
    return Right(resource=Resource.TOPIC, name=name, operations=operations)


def _group(name: str, pattern: Pattern, *operations: Operation) -> Right:
    return Right(resource=Resource.GROUP, name=name, operations=operations, pattern=pattern)
