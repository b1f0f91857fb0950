"""How we show ourselves to the brokers: the one place that turns settings into credentials.

Plain aiokafka clients use `client_options`, Faust `faust_options`; both are made of the same `_Login`, so they stay in
step. Certificates and secrets are read anew for each client, so what was renewed on disk is used from then on.
"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import faust

from streams.settings import SettingError, Settings

_MECHANISM: Final = "SCRAM-SHA-512"


@dataclass(frozen=True, slots=True)
class _Login:
    """What a connection needs; `context` None sends everything in the clear, `username` None logs nobody in."""

    context: ssl.SSLContext | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def client_options(settings: Settings) -> dict[str, Any]:
    """Where the brokers are and how to log in, as keyword arguments of every aiokafka client.

    Raises:
        SettingError: the settings contradict each other, or a file cannot be used.
    """
    login = _login(settings)
    options: dict[str, Any] = {"bootstrap_servers": _servers(settings), "security_protocol": settings.kafka_protocol}
    if login.context is not None:
        options["ssl_context"] = login.context
    if login.username is not None:
        options |= {
            "sasl_mechanism": _MECHANISM,
            "sasl_plain_username": login.username,
            "sasl_plain_password": login.password,
        }
    return options


def faust_options(settings: Settings) -> dict[str, Any]:
    """The same as keyword arguments of `faust.App`. Raises as `client_options` does."""
    login = _login(settings)
    credentials: Any = None
    if login.username is not None:
        credentials = faust.SASLCredentials(
            username=login.username, password=login.password, ssl_context=login.context, mechanism=_MECHANISM
        )
    elif login.context is not None:
        credentials = faust.SSLCredentials(login.context)
    return {"broker": [f"kafka://{server}" for server in _servers(settings)], "broker_credentials": credentials}


def _servers(settings: Settings) -> list[str]:
    return [server.strip() for server in settings.bootstrap_servers.split(",")]


def _login(settings: Settings) -> _Login:
    if settings.kafka_protocol == "PLAINTEXT":
        _refuse_credentials(settings)
        return _Login()
    context = _context(settings)
    if settings.kafka_protocol == "SSL":
        return _Login(context)
    password = _secret(settings.kafka_password, settings.kafka_password_file, "FRONTWIRE_KAFKA_PASSWORD")
    if not (settings.kafka_username and password):
        raise SettingError(
            "FRONTWIRE_KAFKA_SECURITY_PROTOCOL is SASL_SSL, which needs FRONTWIRE_KAFKA_USERNAME and "
            "FRONTWIRE_KAFKA_PASSWORD or FRONTWIRE_KAFKA_PASSWORD_FILE."
        )
    return _Login(context, settings.kafka_username, password)


def _refuse_credentials(settings: Settings) -> None:
    """Who gave credentials did not mean to speak in the clear to whoever answers."""
    given = (
        settings.kafka_username,
        settings.kafka_password,
        settings.kafka_password_file,
        settings.kafka_ca_file,
        settings.kafka_certificate_file,
        settings.kafka_key_file,
    )
    if any(given):
        raise SettingError(
            "FRONTWIRE_KAFKA_SECURITY_PROTOCOL is PLAINTEXT, but credentials are set that it would not use; set it to "
            "SSL or SASL_SSL, or unset the other FRONTWIRE_KAFKA_ variables."
        )


def _context(settings: Settings) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = settings.kafka_check_hostname
    _trust(context, settings.kafka_ca_file)
    if settings.kafka_certificate_file or settings.kafka_key_file:
        _show_certificate(context, settings)
    return context


def _trust(context: ssl.SSLContext, ca_file: str) -> None:
    if not ca_file:
        context.load_default_certs()
        return
    try:
        # Only these: an authority of the system's has no say about brokers that have one of their own.
        context.load_verify_locations(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SettingError(f"FRONTWIRE_KAFKA_CA_FILE is {ca_file!r}, which {_why(error)}.") from error


def _show_certificate(context: ssl.SSLContext, settings: Settings) -> None:
    certificate, key = settings.kafka_certificate_file, settings.kafka_key_file
    if not (certificate and key):
        raise SettingError("FRONTWIRE_KAFKA_CERTIFICATE_FILE and FRONTWIRE_KAFKA_KEY_FILE go together; set both.")
    password = _secret(settings.kafka_key_password, settings.kafka_key_password_file, "FRONTWIRE_KAFKA_KEY_PASSWORD")
    try:
        # Without a password OpenSSL would ask the terminal for one.
        context.load_cert_chain(certificate, key, password=password or (lambda: ""))
    except (OSError, ssl.SSLError, ValueError) as error:
        raise SettingError(
            f"FRONTWIRE_KAFKA_CERTIFICATE_FILE and FRONTWIRE_KAFKA_KEY_FILE are {certificate!r} and {key!r}, one of "
            f"which {_why(error)}; an encrypted key needs FRONTWIRE_KAFKA_KEY_PASSWORD."
        ) from error


def _secret(value: str, file: str, variable: str) -> str:
    if value and file:
        raise SettingError(f"{variable} and {variable}_FILE are both set; choose one.")
    if not file:
        return value
    try:
        return Path(file).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{variable}_FILE is {file!r}, which {_why(error)}.") from error


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError) or not isinstance(error, OSError):
        return "holds no such thing that can be read"
    return f"cannot be read ({error.strerror})"
