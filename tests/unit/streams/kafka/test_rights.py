"""Each role has the rights that its row tells of, and no other."""

import pytest

from streams.kafka.rights import Operation, Pattern, Resource, User, rights
from streams.kafka.roles import ROLES
from streams.topics import TOPICS
from streams.vocabulary import Stage


def topics_with(user: User, operation: Operation, prefix: str = "") -> set[str]:
    found = rights(user, prefix)
    return {r.name for r in found if r.resource is Resource.TOPIC and operation in r.operations}


@pytest.mark.parametrize("stage", Stage)
def test_a_worker_reads_its_source_and_state_and_writes_what_it_sends(stage: Stage) -> None:
    role, user = ROLES[stage], User(stage.value)
    beside = {"heartbeats"} if role.beside else set()
    assert topics_with(user, Operation.READ) == {role.source, role.state} | beside
    assert topics_with(user, Operation.WRITE) == {role.state, *role.sends, "dead-letters"}
    assert not topics_with(user, Operation.CREATE) | topics_with(user, Operation.DELETE)


@pytest.mark.parametrize("stage", Stage)
def test_a_worker_has_its_own_group_alone(stage: Stage) -> None:
    groups = [r for r in rights(User(stage.value), "trial.") if r.resource is Resource.GROUP]
    assert [(r.name, r.pattern) for r in groups] == [(f"trial.frontwire-{stage}", Pattern.LITERAL)]


@pytest.mark.parametrize("user", [User.DESK, User.SUBSCRIBER])
def test_readers_write_nothing_and_see_only_what_comes_out(user: User) -> None:
    assert not topics_with(user, Operation.WRITE)
    seen = topics_with(user, Operation.READ)
    assert {"articles.unique", "conflict.events", "evacuation.counts", "evacuation.totals"} <= seen
    assert not seen & {"feeds", "articles.raw", "dead-letters", *(topic.name for topic in TOPICS if topic.internal)}


def test_the_desk_has_no_group() -> None:
    assert all(right.resource is Resource.TOPIC for right in rights(User.DESK))


@pytest.mark.parametrize("user", User)
def test_every_name_carries_the_prefix(user: User) -> None:
    assert all(right.name.startswith("trial.") for right in rights(user, "trial."))


def test_no_right_is_told_twice() -> None:
    for user in User:
        names = [(right.resource, right.name) for right in rights(user)]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("operation", [Operation.CREATE, Operation.ALTER, Operation.DELETE])
def test_the_operator_alone_changes_topics(operation: Operation) -> None:
    assert topics_with(User.OPERATOR, operation) == {topic.name for topic in TOPICS}
    assert not any(topics_with(user, operation) for user in User if user is not User.OPERATOR)


def test_who_keeps_the_feeds_touches_nothing_else() -> None:
    assert [(r.resource, r.name) for r in rights(User.FEEDS)] == [(Resource.TOPIC, "feeds")]
    assert topics_with(User.FEEDS, Operation.WRITE) == {"feeds"}
