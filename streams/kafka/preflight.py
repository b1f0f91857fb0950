"""Asking the brokers before the start what a role may do, so that a right that is missing is told by name.

Without it a consumer that may not join its group says nothing, and a topic that may not be seen is said to be missing.
aiokafka lacks the versions of two requests that answer with what the asker may do; they are here (Kafka's protocol
guide, Metadata 8 and DescribeGroups 3, brokers of 2.3 and later). tests/integration/test_security.py holds them to it.
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupAuthorizationFailedError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Bytes, Int16, Int32, Schema, String

from streams.kafka.rights import Operation, Resource, Right, User, rights
from streams.kafka.topics import admin_client
from streams.settings import Settings

_BITS: Final = MappingProxyType(
    {
        Operation.READ: 1 << 3,
        Operation.WRITE: 1 << 4,
        Operation.CREATE: 1 << 5,
        Operation.DELETE: 1 << 6,
        Operation.DESCRIBE: 1 << 8,
        Operation.DESCRIBE_CONFIGS: 1 << 10,
    }
)
"""Kafka's codes of operations (org.apache.kafka.common.acl.AclOperation) as bits of what is allowed."""

_DENIED: Final = (29, 30)
"""Error codes TOPIC_AUTHORIZATION_FAILED and GROUP_AUTHORIZATION_FAILED."""


async def denied(settings: Settings, user: User) -> list[Right]:
    """What `user` needs and whoever we log in as may not do. Brokers that cannot tell deny nothing.

    Raises:
        KafkaError: no broker answers.
    """
    needed = rights(user, settings.topic_prefix)
    async with admin_client(settings) as admin:
        try:
            allowed = await _topics(admin, [right.name for right in needed if right.resource is Resource.TOPIC])
            for right in needed:
                if right.resource is Resource.GROUP:
                    allowed |= {(right.resource, right.name): await _group(admin, right.name)}
        except NotImplementedError:  # aiokafka's word for a broker too old for a request
            return []
    return [lacking for right in needed if (lacking := _lacking(right, allowed)).operations]


def in_words(lacking: Iterable[Right], user: User) -> str:
    """A sentence on what is denied and where all that is needed can be read."""
    told = "; ".join(f"{', '.join(right.operations)} on the {right.resource} {right.name}" for right in lacking)
    return f"Kafka denies us {told}. Grant it; `frontwire rights {user}` lists all that this role needs."


_Allowed = dict[tuple[Resource, str], int | None]


def _lacking(right: Right, allowed: _Allowed) -> Right:
    bits = allowed.get((right.resource, right.name))
    operations = () if bits is None else tuple(one for one in right.operations if not bits & _BITS[one])
    return Right(resource=right.resource, name=right.name, operations=operations, pattern=right.pattern)


async def _topics(admin: AIOKafkaAdminClient, names: list[str]) -> _Allowed:
    """What is allowed on each topic as bits; None for one that does not exist."""
    response = await admin._send_request(_Metadata(names))
    found: _Allowed = {}
    for error, name, _, _, bits in response.topics:
        found[Resource.TOPIC, name] = 0 if error in _DENIED else None if error else bits
    return found


async def _group(admin: AIOKafkaAdminClient, name: str) -> int | None:
    try:
        coordinator = await admin.find_coordinator(name)
    except GroupAuthorizationFailedError:
        return 0
    response = await admin._send_request(_DescribeGroups(name), coordinator)
    [(error, *_, bits)] = response.groups
    return 0 if error in _DENIED else None if error else int(bits)


class _MetadataResponse8(Response):  # type: ignore[misc]  # aiokafka ships no types we follow
    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            Array(("node_id", Int32), ("host", String("utf-8")), ("port", Int32), ("rack", String("utf-8"))),
        ),
        ("cluster_id", String("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String("utf-8")),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class _MetadataRequest8(RequestStruct):  # type: ignore[misc]  # same
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _MetadataResponse8
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class _Metadata(Request[_MetadataRequest8]):  # type: ignore[misc]  # same
    API_KEY = 3

    def __init__(self, topics: list[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_MetadataRequest8]) -> _MetadataRequest8:
        return request_struct_class(self._topics, False, False, True)


class _DescribeGroupsResponse3(Response):  # type: ignore[misc]  # same
    API_KEY = 15
    API_VERSION = 3
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "groups",
            Array(
                ("error_code", Int16),
                ("group", String("utf-8")),
                ("state", String("utf-8")),
                ("protocol_type", String("utf-8")),
                ("protocol", String("utf-8")),
                (
                    "members",
                    Array(
                        ("member_id", String("utf-8")),
                        ("client_id", String("utf-8")),
                        ("client_host", String("utf-8")),
                        ("member_metadata", Bytes),
                        ("member_assignment", Bytes),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
    )


class _DescribeGroupsRequest3(RequestStruct):  # type: ignore[misc]  # same
    API_KEY = 15
    API_VERSION = 3
    RESPONSE_TYPE = _DescribeGroupsResponse3
    SCHEMA = Schema(("groups", Array(String("utf-8"))), ("include_authorized_operations", Boolean))


class _DescribeGroups(Request[_DescribeGroupsRequest3]):  # type: ignore[misc]  # same
    API_KEY = 15

    def __init__(self, group: str) -> None:
        self._group = group

    def build(self, request_struct_class: type[_DescribeGroupsRequest3]) -> Any:
        return request_struct_class([self._group], True)
