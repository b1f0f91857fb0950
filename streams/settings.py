"""Every setting: its variable, default, meaning and check. Read once at start; wrong values are told in one sentence.

To add a setting, add a field below; the table in REFERENCE.md and the error messages follow from it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

from streams.stage import LARGEST_BATCH


class SettingError(ValueError):
    """A setting is wrong; the message is one sentence that names the variable and what it takes."""


def _text(value: str) -> str:
    return value


def _prefix(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,100}", value):
        raise ValueError("at most 100 letters, digits and ._-")
    return value


def _header(value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise ValueError("printable ASCII")
    return value


def _path(value: str) -> Path:
    return Path(value).expanduser()


def _boolean(value: str) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    try:
        return words[value.strip().lower()]
    except KeyError:
        raise ValueError("true or false") from None


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return number

    return parse


def _seconds(low: float, high: float) -> Callable[[str], float]:
    def parse(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise ValueError(f"seconds from {low:g} to {high:g}")
        return number

    return parse


def _number(low: float, high: float) -> Callable[[str], float]:
    def parse(value: str) -> float:
        try:
            return _seconds(low, high)(value)
        except ValueError:
            raise ValueError(f"a number from {low:g} to {high:g}") from None

    return parse


def _networks(value: str) -> tuple[str, ...]:
    networks = tuple(part.strip() for part in value.split(",") if part.strip())
    for network in networks:
        try:
            ip_network(network, strict=False)
        except ValueError:
            raise ValueError("networks as 127.0.0.0/8, with commas between") from None
    return networks


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in words:
            raise ValueError("one of " + ", ".join(words))
        return value

    return parse


def _servers(value: str) -> str:
    for server in value.split(","):
        host, colon, port = server.strip().rpartition(":")
        if not (host and colon and port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError("host:port, or several with commas between")
    return value


def _setting(variable: str, parse: Callable[[str], Any], default: str, meaning: str, *, secret: bool = False) -> Any:
    metadata = {"variable": variable, "parse": parse, "default": default, "meaning": meaning}
    return field(repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process, checked."""

    bootstrap_servers: str = _setting(
        "KAFKA_BOOTSTRAP_SERVERS", _servers, "127.0.0.1:9092", "Kafka brokers to start from, `host:port` with commas"
    )
    kafka_protocol: str = _setting(
        "FRONTWIRE_KAFKA_SECURITY_PROTOCOL",
        _one_of("PLAINTEXT", "SSL", "SASL_SSL"),
        "PLAINTEXT",
        "how the brokers are spoken to; `SSL` with a client certificate is mutual TLS, `SASL_SSL` is SCRAM-SHA-512",
    )
    kafka_ca_file: str = _setting(
        "FRONTWIRE_KAFKA_CA_FILE",
        _text,
        "",
        "PEM file of the authorities that sign the brokers (default: the system's)",
    )
    kafka_certificate_file: str = _setting(
        "FRONTWIRE_KAFKA_CERTIFICATE_FILE", _text, "", "PEM file of our client certificate and its chain"
    )
    kafka_key_file: str = _setting("FRONTWIRE_KAFKA_KEY_FILE", _text, "", "PEM file of the certificate's private key")
    kafka_key_password: str = _setting(
        "FRONTWIRE_KAFKA_KEY_PASSWORD", _text, "", "password of an encrypted private key", secret=True
    )
    kafka_key_password_file: str = _setting(
        "FRONTWIRE_KAFKA_KEY_PASSWORD_FILE", _text, "", "file that holds it; one line"
    )
    kafka_username: str = _setting("FRONTWIRE_KAFKA_USERNAME", _text, "", "user of `SASL_SSL`")
    kafka_password: str = _setting("FRONTWIRE_KAFKA_PASSWORD", _text, "", "password of that user", secret=True)
    kafka_password_file: str = _setting("FRONTWIRE_KAFKA_PASSWORD_FILE", _text, "", "file that holds it; one line")
    kafka_check_hostname: bool = _setting(
        "FRONTWIRE_KAFKA_CHECK_HOSTNAME", _boolean, "true", "whether a broker's certificate must be for its address"
    )
    topic_prefix: str = _setting(
        "FRONTWIRE_TOPIC_PREFIX", _prefix, "", "put before every topic name and consumer group"
    )
    replication_factor: int = _setting(
        "FRONTWIRE_REPLICATION_FACTOR", _whole(1, 9), "3", "replicas of each topic that `topics create` makes"
    )
    state_folder: Path = _setting(
        "FRONTWIRE_STATE_FOLDER", _path, ".cache/state", "local copies of the state topics; may be deleted at any time"
    )
    http_host: str = _setting("FRONTWIRE_HTTP_HOST", _text, "127.0.0.1", "address that metrics and health bind to")
    http_port: int = _setting("FRONTWIRE_HTTP_PORT", _whole(0, 65535), "9464", "their port; 0 takes a free one")
    log_level: str = _setting(
        "FRONTWIRE_LOG_LEVEL", _one_of("debug", "info", "warning", "error"), "info", "least level that is logged"
    )
    log_format: str = _setting("FRONTWIRE_LOG_FORMAT", _one_of("text", "json"), "text", "how log lines look")
    session_timeout: float = _setting(
        "FRONTWIRE_SESSION_TIMEOUT", _seconds(6, 300), "6", "silence after which Kafka gives a worker's partitions away"
    )
    drain_timeout: float = _setting(
        "FRONTWIRE_DRAIN_TIMEOUT", _seconds(1, 600), "25", "time that SIGTERM leaves for work under way"
    )
    commit_interval: float = _setting("FRONTWIRE_COMMIT_INTERVAL", _seconds(0.05, 60), "1", "time between commits")
    batch_size: int = _setting(
        "FRONTWIRE_BATCH_SIZE", _whole(1, LARGEST_BATCH), "200", "messages taken together, at most"
    )
    message_timeout: float = _setting(
        "FRONTWIRE_MESSAGE_TIMEOUT",
        _seconds(0.1, 300),
        "5",
        "processor time that one message may take, then it is a dead letter; keep it below the session timeout",
    )
    dead_letter_share: float = _setting(
        "FRONTWIRE_DEAD_LETTER_SHARE",
        _number(0.01, 1),
        "0.5",
        "share of the last messages that may become dead letters; with more, a worker ends with an error; 1 never does",
    )
    dead_letter_window: int = _setting(
        "FRONTWIRE_DEAD_LETTER_WINDOW", _whole(10, 100_000), "100", "how many last messages that share is of"
    )
    stall_timeout: float = _setting(
        "FRONTWIRE_STALL_TIMEOUT",
        _seconds(10, 3600),
        "120",
        "time with lag and no progress after which a worker exits with an error, to be started again; five times as "
        "long for one partition while others go on",
    )
    max_message_bytes: int = _setting(
        "FRONTWIRE_MAX_MESSAGE_BYTES", _whole(10_000, 100_000_000), "2097152", "largest record sent or fetched"
    )
    duplicate_window: int = _setting(
        "FRONTWIRE_DUPLICATE_WINDOW",
        _whole(60, 30 * 86400),
        "259200",
        "seconds that an article is remembered to find its repeats, by the articles' own times",
    )
    story_window: int = _setting(
        "FRONTWIRE_STORY_WINDOW",
        _whole(60, 30 * 86400),
        "259200",
        "seconds after which an article's story takes in no more articles that resemble it, by the articles' own times",
    )
    user_agent: str = _setting(
        "FRONTWIRE_USER_AGENT", _header, "frontwire/0.1 (news feed reader)", "User-Agent that feeds are asked with"
    )
    allowed_addresses: tuple[str, ...] = _setting(
        "FRONTWIRE_ALLOWED_ADDRESSES", _networks, "", "networks that feeds may lie in though not public, with commas"
    )
    heartbeat_interval: float = _setting(
        "FRONTWIRE_HEARTBEAT_INTERVAL",
        _seconds(0, 3600),
        "30",
        "time between two heartbeats on each partition of `articles.raw`, which show that the line works; 0 sends none",
    )
    poll_interval_min: float = _setting(
        "FRONTWIRE_POLL_INTERVAL_MIN", _seconds(0.1, 86400), "300", "least time between two polls of a feed"
    )
    poll_interval_max: float = _setting(
        "FRONTWIRE_POLL_INTERVAL_MAX", _seconds(0.1, 86400), "7200", "most time between two polls of a healthy feed"
    )
    poll_concurrency: int = _setting("FRONTWIRE_POLL_CONCURRENCY", _whole(1, 1000), "100", "fetches under way at once")
    poll_parsers: int = _setting("FRONTWIRE_POLL_PARSERS", _whole(1, 64), "2", "processes that parse feeds")
    poll_host_rate: float = _setting(
        "FRONTWIRE_POLL_HOST_RATE",
        _number(0.01, 100_000),
        "30",
        "requests a minute to one site, after a burst of as many",
    )
    poll_host_connections: int = _setting(
        "FRONTWIRE_POLL_HOST_CONNECTIONS", _whole(1, 1000), "2", "requests to one site at once"
    )
    poll_connect_timeout: float = _setting(
        "FRONTWIRE_POLL_CONNECT_TIMEOUT", _seconds(0.1, 300), "10", "time for a connection to a feed's server"
    )
    poll_read_timeout: float = _setting(
        "FRONTWIRE_POLL_READ_TIMEOUT", _seconds(0.1, 300), "15", "longest silence of a feed's server"
    )
    poll_timeout: float = _setting("FRONTWIRE_POLL_TIMEOUT", _seconds(0.1, 600), "30", "time for one whole fetch")
    poll_parse_timeout: float = _setting(
        "FRONTWIRE_POLL_PARSE_TIMEOUT",
        _seconds(0.1, 300),
        "20",
        "processor time to parse one body; then its process is killed",
    )
    poll_max_bytes: int = _setting(
        "FRONTWIRE_POLL_MAX_BYTES", _whole(1000, 1_000_000_000), "15728640", "largest body read, after decompression"
    )
    poll_max_ratio: int = _setting(
        "FRONTWIRE_POLL_MAX_RATIO", _whole(2, 100_000), "200", "most that a body over 1 MiB may grow by decompression"
    )
    poll_max_revisions: int = _setting(
        "FRONTWIRE_POLL_MAX_REVISIONS", _whole(1, 1000), "24", "most revisions of one entry that are published"
    )
    poll_keep_days: int = _setting(
        "FRONTWIRE_POLL_KEEP_DAYS", _whole(1, 3650), "90", "days that an entry is remembered after it left its feed"
    )
    desk_host: str = _setting("FRONTWIRE_DESK_HOST", _text, "127.0.0.1", "address that the desk binds to")
    desk_port: int = _setting("FRONTWIRE_DESK_PORT", _whole(0, 65535), "9460", "its port; 0 takes a free one")
    desk_hours: float = _setting(
        "FRONTWIRE_DESK_HOURS", _number(0.1, 24 * 365), "168", "hours that the desk reads back and keeps, at most"
    )
    desk_claims: int = _setting(
        "FRONTWIRE_DESK_CLAIMS", _whole(100, 1_000_000), "20000", "claims that the desk keeps, at most"
    )


def describe() -> list[tuple[str, str, str]]:
    """The table of settings: variable, default, meaning."""
    return [(s.metadata["variable"], s.metadata["default"], s.metadata["meaning"]) for s in fields(Settings)]


_PREFIX: Final = "FRONTWIRE_"


def load(environment: Mapping[str, str]) -> Settings:
    """Read the settings from an environment, as `os.environ` is one.

    Raises:
        SettingError: a value is not what its setting takes, or a `FRONTWIRE_` variable has no setting of that name.
    """
    known = {s.metadata["variable"]: s for s in fields(Settings)}
    for variable in environment:
        if variable.startswith(_PREFIX) and variable not in known:
            raise SettingError(f"{variable} is no setting; streams/REFERENCE.md lists those there are.")
    return Settings(**{s.name: _value(s, environment) for s in fields(Settings)})


def _value(setting: Field[Any], given: Mapping[str, str]) -> Any:
    meta = setting.metadata
    variable = meta["variable"]
    try:
        return meta["parse"](given.get(variable, meta["default"]))
    except ValueError as error:
        shown = f"is {given[variable]!r}" if setting.repr else "holds a value"
        raise SettingError(f"{variable} {shown}, but takes {error}.") from None
