"""How long we may act as a member of the group after its coordinator last said that we are one."""

import pytest
from aiokafka.protocol.group import HeartbeatRequest, JoinGroupRequest, SyncGroupRequest

from streams.kafka.membership import Membership
from streams.kafka.tracker import heard, watch_membership

HEARTBEAT = HeartbeatRequest("group", 3, "member")
SYNC = SyncGroupRequest("group", 3, "member", None, [])
JOIN = JoinGroupRequest("group", 6000, 15000, "member", None, "consumer", [])
OK, ILLEGAL_GENERATION, UNKNOWN_MEMBER, REBALANCING = 0, 22, 25, 27


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_confirmation_holds_for_the_limit_from_when_it_was_asked_for() -> None:
    clock = Clock()
    membership = Membership(4.5, clock)
    assert membership.tenure() is None, "nothing was said yet"
    clock.now += 3
    membership.confirmed(1000.0)
    assert membership.tenure() is not None
    clock.now += 1.5
    assert membership.tenure() is not None
    clock.now += 0.1
    assert membership.tenure() is None
    membership.confirmed(clock.now)
    assert membership.tenure() is not None, "the same coordinator, back in time"


def test_each_giving_out_of_the_partitions_is_another_tenure() -> None:
    membership = Membership(4.5, Clock())
    membership.confirmed(1000.0)
    before = membership.tenure()
    membership.interrupted()
    after = membership.tenure()
    assert before is not None
    assert after is not None
    assert after != before


@pytest.mark.parametrize(
    ("request_", "code", "member"),
    [
        (HEARTBEAT, OK, True),
        (HEARTBEAT, REBALANCING, True),
        (SYNC, OK, True),
        (SYNC, REBALANCING, False),
        (JOIN, OK, False),
    ],
)
def test_what_answers_confirm(request_: object, code: int, member: bool) -> None:
    membership = Membership(4.5, Clock())
    heard(request_, code, 1000.0, membership)
    assert (membership.tenure() is not None) is member


@pytest.mark.parametrize("request_", [HEARTBEAT, SYNC, JOIN])
@pytest.mark.parametrize("code", [ILLEGAL_GENERATION, UNKNOWN_MEMBER])
def test_what_answers_end_it_at_once(request_: object, code: int) -> None:
    membership = Membership(4.5, Clock())
    membership.confirmed(1000.0)
    heard(request_, code, 1000.0, membership)
    assert membership.tenure() is None


async def test_every_answer_is_heard_and_a_failure_confirms_nothing() -> None:
    clock = Clock()

    class Answer:
        error_code = OK

    class Coordinator:
        away = False

        async def _send_req(self, request: object) -> Answer:
            clock.now += 3
            if self.away:
                raise ConnectionError
            return Answer()

    coordinator, membership = Coordinator(), Membership(4.5, clock)
    watch_membership(coordinator, membership)
    answer = await coordinator._send_req(HEARTBEAT)
    assert answer.error_code == OK
    coordinator.away = True
    with pytest.raises(ConnectionError):
        await coordinator._send_req(HEARTBEAT)
    assert membership.tenure() is None, "the last that was confirmed was asked for 6 s ago"
