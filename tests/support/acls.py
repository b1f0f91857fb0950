"""Puts rights on a real Kafka as ACLs, by whoever the settings log in as (a super user)."""

import asyncio
from collections.abc import Iterable

from aiokafka.protocol.admin import CreateAclsRequest

from streams.kafka.rights import Operation, Pattern, Resource, Right
from streams.kafka.topics import admin_client
from streams.settings import Settings

_RESOURCES = {Resource.TOPIC: 2, Resource.GROUP: 3}
_PATTERNS = {Pattern.LITERAL: 3, Pattern.PREFIX: 4}
_OPERATIONS = {
    Operation.READ: 3,
    Operation.WRITE: 4,
    Operation.CREATE: 5,
    Operation.DELETE: 6,
    Operation.ALTER: 7,
    Operation.DESCRIBE: 8,
    Operation.DESCRIBE_CONFIGS: 10,
}
_ALLOW = 3
"""The numbers of Kafka's protocol (org.apache.kafka.common.acl and .resource)."""


def allow(settings: Settings, user: str, rights: Iterable[Right]) -> None:
    """Let `user` do what the rights say, from any host."""

    async def create() -> None:
        async with admin_client(settings) as admin:
            for right in rights:
                for operation in right.operations:
                    response = await admin._send_request(_request(user, right, operation))
                    assert [code for code, *_ in response.creation_responses] == [0]

    asyncio.run(create())


def _request(user: str, right: Right, operation: Operation) -> CreateAclsRequest:
    return CreateAclsRequest(
        _RESOURCES[right.resource],
        right.name,
        _PATTERNS[right.pattern],
        f"User:{user}",
        "*",
        _OPERATIONS[operation],
        _ALLOW,
    )
