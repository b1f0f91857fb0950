"""The settings of local nodes, and their ports."""

import socket
from pathlib import Path

from deploy.local.broker import node_properties
from deploy.local.kafka import free_ports


def test_one_node_keeps_one_replica_and_several_keep_three() -> None:
    one = node_properties(1, 20001, 20002, Path("data"), "1@127.0.0.1:20002", nodes=1)
    three = node_properties(2, 20001, 20002, Path("data"), "...", nodes=3)
    replicas = [name for name in one if name.endswith("replication.factor")]
    assert len(replicas) == 4
    assert {one[name] for name in replicas} == {"1"}
    assert {three[name] for name in replicas} == {"3"}
    assert (one["min.insync.replicas"], three["min.insync.replicas"]) == ("1", "2")
    assert three["node.id"] == "2"


def test_a_node_listens_on_loopback_only() -> None:
    properties = node_properties(1, 20001, 20002, Path("data"), "1@127.0.0.1:20002", nodes=1)
    assert properties["listeners"] == "PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002"


def test_free_ports_are_different_and_can_be_bound() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    for port in ports:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
