"""Whether workers of a consumer group run."""

from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient

_IDLE: Final = ("Empty", "Dead")
"""Kafka's states of a group without members."""


async def has_members(admin: AIOKafkaAdminClient, group: str) -> bool:
    """Whether anyone is in the group. Raises KafkaError if the brokers do not tell."""
    responses = await admin.describe_consumer_groups([group])
    return any(_state(described) not in _IDLE for response in responses for described in response.groups)


def _state(described: Any) -> str:
    _error, _group, state, *_ = described
    return str(state)
