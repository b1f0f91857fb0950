"""Workers on a real Kafka that asks who they are: listeners with SCRAM and with client certificates, and ACLs."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from agents.__main__ import main
from deploy.local.kafka import LocalKafka
from deploy.local.secured import SASL, TLS, Secured
from streams.kafka.rights import User, rights
from streams.vocabulary import Stage
from tests.support.acls import allow
from tests.support.certificates import Authority
from tests.support.shell import Line, line_on
from tests.support.waiting import eventually

pytestmark = [pytest.mark.kafka]

PASSWORDS = {user.value: f"Pa55-{user}-3f9a71c2" for user in User}
KEY_PASSWORD = "K3y-77e0b1d4"


@dataclass(frozen=True)
class SecuredKafka:
    kafka: LocalKafka
    authority: Authority

    def scram(self, user: User) -> dict[str, str]:
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka.secured_servers(SASL),
            "FRONTWIRE_KAFKA_SECURITY_PROTOCOL": SASL,
            "FRONTWIRE_KAFKA_CA_FILE": str(self.authority.ca),
            "FRONTWIRE_KAFKA_USERNAME": user,
            "FRONTWIRE_KAFKA_PASSWORD": PASSWORDS[user],
        }

    def certificate(self, user: User) -> dict[str, str]:
        ours = self.authority.sign(user, password=KEY_PASSWORD.encode())
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka.secured_servers(TLS),
            "FRONTWIRE_KAFKA_SECURITY_PROTOCOL": TLS,
            "FRONTWIRE_KAFKA_CA_FILE": str(self.authority.ca),
            "FRONTWIRE_KAFKA_CERTIFICATE_FILE": str(ours.certificate),
            "FRONTWIRE_KAFKA_KEY_FILE": str(ours.key),
            "FRONTWIRE_KAFKA_KEY_PASSWORD": KEY_PASSWORD,
        }


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    folder = tmp_path_factory.mktemp("secured")
    authority = Authority(folder / "authority")
    node = authority.sign("node", ["127.0.0.1"])
    listeners = Secured(key_store=node.both, trust_store=authority.ca, passwords=PASSWORDS)
    with LocalKafka(folder / "kafka", secured=listeners) as kafka:
        yield SecuredKafka(kafka, authority)


@pytest.fixture
def line(secured: SecuredKafka, topic_prefix: str, tmp_path: Path) -> Iterator[Line]:
    """The test itself comes by the plain listener, where it may do all."""
    with line_on(secured.kafka.bootstrap_servers, topic_prefix, tmp_path) as made:
        made.make_topics()
        yield made


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        ("frontwire-extract", "Read, Describe on the group"),
        ("extract.state", "Read, Write, Describe on the topic"),
        ("conflict.events", "Write, Describe on the topic"),
    ],
)
def test_a_worker_says_which_right_it_lacks_and_begins_once_it_has_it(
    secured: SecuredKafka, line: Line, lacking: str, told: str
) -> None:
    full, name = rights(User.EXTRACT, line.settings().topic_prefix), line.settings().topic_prefix + lacking
    allow(line.settings(), User.EXTRACT, [right for right in full if right.name != name])
    worker = line.start("pass", **secured.scram(User.EXTRACT))
    eventually(lambda: f"Kafka denies us {told} {name}. Grant it" in worker.log, what="the sentence")
    assert not worker.ready
    allow(line.settings(), User.EXTRACT, [right for right in full if right.name == name])
    worker.wait_ready()


def test_each_role_works_with_its_own_rights_alone_serves_one_port_and_shows_no_secret(
    secured: SecuredKafka, line: Line
) -> None:
    prefix = line.settings().topic_prefix
    for stage in Stage:
        allow(line.settings(), stage.value, rights(User(stage.value), prefix))
    loud = {"FRONTWIRE_LOG_LEVEL": "debug"}
    workers = [
        line.start("echo", **loud, **secured.certificate(User.POLL)),
        line.start_role(Stage.DEDUPLICATE, **loud, **secured.scram(User.DEDUPLICATE)),
        line.start("pass", **loud, **secured.certificate(User.EXTRACT)),
        line.start_role(Stage.TOTAL, **loud, **secured.scram(User.TOTAL)),
    ]
    line.produce([b"an order"], topic="feeds")
    line.produce([b"no article"], topic="articles.raw")
    line.produce([b"fine", b"crash"])
    line.produce([b"no article either"], topic="articles.extracted")
    for worker in workers:
        worker.wait_ready()
    eventually(lambda: (len(line.read("feeds.health")), line.values()) == (1, [b"fine"]), what="the records")
    eventually(lambda: len(line.read("dead-letters")) == 3, what="the dead letters")
    letters = b"".join(message.value or b"" for message in line.read("dead-letters"))
    for worker in workers:
        shown = (worker.get("/metrics") or "") + worker.log + letters.decode()
        assert "aiokafka" in shown  # debug lines of the client are among what is searched
        assert [secret for secret in (*PASSWORDS.values(), KEY_PASSWORD, "PRIVATE KEY") if secret in shown] == []
        assert _listening(worker.process.pid) == {("127.0.0.1", worker.port)}
        assert worker.stop() == 0


def _listening(pid: int) -> set[tuple[str, int]]:
    connections = psutil.Process(pid).net_connections("inet")
    return {(one.laddr.ip, one.laddr.port) for one in connections if one.status == psutil.CONN_LISTEN}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"FRONTWIRE_KAFKA_PASSWORD": "Wr0ng-51c7"}, "SaslAuthenticationFailed"),
        ({"FRONTWIRE_KAFKA_CA_FILE": ""}, "CERTIFICATE_VERIFY_FAILED"),
        (
            {"KAFKA_BOOTSTRAP_SERVERS": "localhost:{port}"},
            "Hostname mismatch, certificate is not valid for 'localhost'",
        ),
        ({"FRONTWIRE_KAFKA_SECURITY_PROTOCOL": "SSL"}, "closed"),
    ],
)
def test_nobody_is_talked_to_or_let_in_who_is_not_who_they_should_be(
    secured: SecuredKafka, line: Line, changes: dict[str, str], told: str
) -> None:
    ours = secured.scram(User.OPERATOR)
    port = ours["KAFKA_BOOTSTRAP_SERVERS"].rpartition(":")[2]
    changed = {name: value.format(port=port) for name, value in changes.items()}
    worker = line.start("pass", **(ours | changed))
    eventually(lambda: told in worker.log and "Waiting for Kafka at" in worker.log, what="the reason")
    assert not worker.ready
    assert "Wr0ng-51c7" not in worker.log


def test_an_operator_manages_over_tls_and_a_reader_cannot(
    secured: SecuredKafka, line: Line, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line.produce([b"poison"])
    for user in (User.OPERATOR, User.SUBSCRIBER):
        allow(line.settings(), user, rights(user, line.settings().topic_prefix))
    as_operator = line.environment | secured.certificate(User.OPERATOR)
    assert _command(monkeypatch, as_operator, "topics", "create") == 0
    assert _command(monkeypatch, as_operator, "dead-letters", "list") == 0
    assert _command(monkeypatch, as_operator, "rewind", "extract", "--to", "0") == 0
    assert _command(monkeypatch, as_operator, "feeds", "list") == 0
    assert _command(monkeypatch, as_operator, "topics", "delete", "--yes") == 0
    capsys.readouterr()
    as_reader = line.environment | secured.scram(User.SUBSCRIBER)
    assert _command(monkeypatch, as_reader, "topics", "create") == 2
    assert "Authorization" in capsys.readouterr().err
    wrong = as_reader | {"FRONTWIRE_KAFKA_PASSWORD": "Wr0ng-51c7"}
    assert _command(monkeypatch, wrong, "topics", "create") == 2
    told = capsys.readouterr().err
    assert "SaslAuthenticationFailed" in told
    assert "Wr0ng-51c7" not in told


def _command(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *arguments: str) -> int:
    for name in list(os.environ):
        if name.startswith("FRONTWIRE_"):
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return main(arguments)
