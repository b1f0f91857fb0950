import pytest

from agents.poll.guard import networks, why_forbidden


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "::127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2001:0:7f00:1::",
        "no address",
        "",
    ],
)
def test_what_is_not_public_is_forbidden(address: str) -> None:
    assert why_forbidden(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_is_public_is_not(address: str) -> None:
    assert why_forbidden(address) is None


def test_an_operator_lets_networks_through_and_no_others() -> None:
    allowed = networks(["127.0.0.0/8", "fd00::/8"])
    assert why_forbidden("127.0.0.1", allowed) is None
    assert why_forbidden("::ffff:127.0.0.1", allowed) is None
    assert why_forbidden("fd00::1", allowed) is None
    assert why_forbidden("::1", allowed)
    assert why_forbidden("10.0.0.1", allowed)


def test_the_reason_names_the_address_and_the_setting() -> None:
    why = why_forbidden("::ffff:169.254.169.254") or ""
    assert "169.254.169.254" in why
    assert "FRONTWIRE_ALLOWED_ADDRESSES" in why
