"""Which addresses the poller may talk to: public ones, and those its operator allows.

Asked for every address that a name resolves to, for every literal, at every redirect and once more for the peer that
a connection really has.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64: Final = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
"""RFC 6052 and RFC 8215: IPv6 addresses whose last 32 bits are an IPv4 address."""

_COMPATIBLE: Final = ip_network("::/96")


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks of `FRONTWIRE_ALLOWED_ADDRESSES`, which the settings have checked."""
    return tuple(ip_network(text, strict=False) for text in texts)


def why_forbidden(address: str, allowed: Iterable[Network] = ()) -> str | None:
    """Why this IP address may not be dialled (a phrase for the operator), or None if it may.

    An address that carries another (IPv4-mapped, 6to4, NAT64, Teredo) is as good as the one it carries.
    """
    try:
        plain = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is no IP address"
    every = (plain, *_carried(plain))
    if any(one in network for one in every for network in allowed if one.version == network.version):
        return None
    bad = next((one for one in every if not _is_public(one)), None)
    if bad is None:
        return None
    via = f" (inside {plain})" if bad != plain else ""
    return f"{bad}{via} is {_kind(bad)}; FRONTWIRE_ALLOWED_ADDRESSES lets networks through"


def _carried(address: Address) -> tuple[IPv4Address, ...]:
    if isinstance(address, IPv4Address):
        return ()
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if any(address in network for network in _NAT64) or (address in _COMPATIBLE and int(address) > 1):
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and _carried(address):
        return True  # judged by what it carries
    return address.is_global and not address.is_multicast and not address.is_reserved


def _kind(address: Address) -> str:
    kinds = (
        ("a loopback address", address.is_loopback),
        ("a link-local address (cloud metadata lives there)", address.is_link_local),
        ("a multicast address", address.is_multicast),
        ("the unspecified address", address.is_unspecified),
        ("a private address", address.is_private),
    )
    return next((kind for kind, holds in kinds if holds), "no public address")
