"""The id that Kafka gives a topic when it is made: one that was deleted and made anew has another.

aiokafka lacks the version of the request whose answer tells it; it is here (Kafka's protocol guide, Metadata 10,
brokers of 2.8 and later). tests/integration/test_shell_store.py holds it to a real broker.
"""

from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Boolean, CompactArray, CompactString, Int16, Int32, Int64, Schema, TaggedFields

_NO_ID = (0, 0)


async def topic_id(consumer: AIOKafkaConsumer, name: str) -> str:
    """The topic's id as 32 hex digits, asked over a consumer's connection; "" of a broker too old to have ids.

    Raises:
        KafkaError: no broker answers, or none knows the topic.
    """
    client: Any = consumer._client
    try:
        response = await client.send(client.get_random_node(), _Metadata(name))
    except NotImplementedError:  # aiokafka's word for a broker too old for a request
        return ""
    [(error, _, high, low, *_)] = response.topics
    if error:
        raise for_code(error)(name)
    return "" if (high, low) == _NO_ID else f"{high % (1 << 64):016x}{low % (1 << 64):016x}"


class _MetadataResponse10(Response):  # type: ignore[misc]  # aiokafka ships no types we follow
    API_KEY = 3
    API_VERSION = 10
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            CompactArray(
                ("node_id", Int32),
                ("host", CompactString("utf-8")),
                ("port", Int32),
                ("rack", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("cluster_id", CompactString("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("topic", CompactString("utf-8")),
                ("id_high", Int64),
                ("id_low", Int64),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("isr", CompactArray(Int32)),
                        ("offline_replicas", CompactArray(Int32)),
                        ("tags", TaggedFields),
                    ),
                ),
                ("authorized_operations", Int32),
                ("tags", TaggedFields),
            ),
        ),
        ("cluster_authorized_operations", Int32),
        ("tags", TaggedFields),
    )


class _MetadataRequest10(RequestStruct):  # type: ignore[misc]  # same
    FLEXIBLE_VERSION = True
    API_KEY = 3
    API_VERSION = 10
    RESPONSE_TYPE = _MetadataResponse10
    SCHEMA = Schema(
        (
            "topics",
            CompactArray(
                ("id_high", Int64), ("id_low", Int64), ("topic", CompactString("utf-8")), ("tags", TaggedFields)
            ),
        ),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
        ("tags", TaggedFields),
    )


class _Metadata(Request[_MetadataRequest10]):  # type: ignore[misc]  # same
    API_KEY = 3

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def build(self, request_struct_class: type[_MetadataRequest10]) -> Any:
        return request_struct_class([(*_NO_ID, self._topic, {})], False, False, False, {})
