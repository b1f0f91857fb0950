"""Listeners of a local Kafka that clients must log in to, and an authorizer that denies what no ACL allows.

Beside the plain listener, which is for the nodes themselves and whoever sets the cluster up: its users may do all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SASL: Final = "SASL_SSL"
TLS: Final = "SSL"
PROTOCOLS: Final = (SASL, TLS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    """What the listeners need: PEM files with the nodes' private key and certificate, and with the authority that signs
    the clients'; and the passwords of the users that log in by SCRAM-SHA-512."""

    key_store: Path
    trust_store: Path
    passwords: Mapping[str, str]

    def properties(self, plain: Mapping[str, str], ports: Mapping[str, int]) -> dict[str, str]:
        """Broker settings, given those of a plain node and the port of each protocol."""
        listeners = [plain["listeners"], *(f"{name}://127.0.0.1:{ports[name]}" for name in PROTOCOLS)]
        names = ("PLAINTEXT:PLAINTEXT", "CONTROLLER:PLAINTEXT", *(f"{name}:{name}" for name in PROTOCOLS))
        login = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        return {
            "listeners": ",".join(listeners),
            "listener.security.protocol.map": ",".join(names),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.key_store),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.trust_store),
            "listener.name.ssl.ssl.client.auth": "required",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": login,
            # A client with a certificate is known by its common name, as Strimzi's users are.
            "ssl.principal.mapping.rules": "RULE:^CN=([^,]+).*$/$1/",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
        }

    @property
    def format_arguments(self) -> tuple[str, ...]:
        """Arguments that make the users while the storage is formatted."""
        users = (f"SCRAM-SHA-512=[name={name},password={word}]" for name, word in self.passwords.items())
        return tuple(argument for user in users for argument in ("--add-scram", user))
