"""Settings become credentials, the same for both kinds of clients; contradictions are told, secrets never shown."""

import ssl
from pathlib import Path

import pytest

from streams.kafka.security import client_options, faust_options
from streams.settings import SettingError, load
from tests.support.certificates import Authority

SECRET = "pa55-of-nobody"
SCRAM = {
    "FRONTWIRE_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
    "FRONTWIRE_KAFKA_USERNAME": "extract",
    "FRONTWIRE_KAFKA_PASSWORD": SECRET,
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def mutual_tls(authority: Authority, password: bytes | None = None) -> dict[str, str]:
    ours = authority.sign("extract", password=password)
    return {
        "FRONTWIRE_KAFKA_SECURITY_PROTOCOL": "SSL",
        "FRONTWIRE_KAFKA_CA_FILE": str(authority.ca),
        "FRONTWIRE_KAFKA_CERTIFICATE_FILE": str(ours.certificate),
        "FRONTWIRE_KAFKA_KEY_FILE": str(ours.key),
    }


def test_plaintext_is_the_default() -> None:
    assert client_options(load({})) == {"bootstrap_servers": ["127.0.0.1:9092"], "security_protocol": "PLAINTEXT"}
    assert faust_options(load({})) == {"broker": ["kafka://127.0.0.1:9092"], "broker_credentials": None}


def test_scram_over_tls_checks_who_the_broker_is() -> None:
    options = client_options(load(SCRAM))
    assert (options["security_protocol"], options["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("extract", SECRET)
    context = options["ssl_context"]
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_faust_gets_the_same_credentials() -> None:
    credentials = faust_options(load(SCRAM))["broker_credentials"]
    assert (credentials.protocol.value, credentials.mechanism.value) == ("SASL_SSL", "SCRAM-SHA-512")
    assert (credentials.username, credentials.password) == ("extract", SECRET)
    assert credentials.ssl_context.check_hostname


def test_mutual_tls_trusts_our_authority_alone(authority: Authority) -> None:
    settings = load(mutual_tls(authority))
    context = client_options(settings)["ssl_context"]
    assert [dict(pair[0] for pair in one["subject"])["commonName"] for one in context.get_ca_certs()] == [
        "Test authority"
    ]
    credentials = faust_options(settings)["broker_credentials"]
    assert credentials.protocol.value == "SSL"
    assert credentials.context.check_hostname


def test_an_encrypted_key_is_opened_with_its_password(authority: Authority, tmp_path: Path) -> None:
    given = mutual_tls(authority, password=SECRET.encode())
    client_options(load(given | {"FRONTWIRE_KAFKA_KEY_PASSWORD": SECRET}))
    file = tmp_path / "password"
    file.write_text(SECRET + "\n")
    client_options(load(given | {"FRONTWIRE_KAFKA_KEY_PASSWORD_FILE": str(file)}))
    for wrong in ({}, {"FRONTWIRE_KAFKA_KEY_PASSWORD": "another"}):
        with pytest.raises(SettingError, match="FRONTWIRE_KAFKA_KEY_PASSWORD") as told:
            client_options(load(given | wrong))
        assert "another" not in str(told.value)


def test_a_password_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(SECRET + "\n")
    given = {name: value for name, value in SCRAM.items() if name != "FRONTWIRE_KAFKA_PASSWORD"}
    options = client_options(load(given | {"FRONTWIRE_KAFKA_PASSWORD_FILE": str(file)}))
    assert options["sasl_plain_password"] == SECRET


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"FRONTWIRE_KAFKA_SECURITY_PROTOCOL": "PLAINTEXT"}, "is PLAINTEXT, but credentials are set"),
        ({"FRONTWIRE_KAFKA_PASSWORD": ""}, "needs FRONTWIRE_KAFKA_USERNAME and"),
        ({"FRONTWIRE_KAFKA_USERNAME": ""}, "needs FRONTWIRE_KAFKA_USERNAME and"),
        ({"FRONTWIRE_KAFKA_PASSWORD_FILE": "/nowhere"}, "both set"),
        ({"FRONTWIRE_KAFKA_PASSWORD": "", "FRONTWIRE_KAFKA_PASSWORD_FILE": "/nowhere"}, "cannot be read"),
        ({"FRONTWIRE_KAFKA_CA_FILE": "/nowhere"}, "FRONTWIRE_KAFKA_CA_FILE is '/nowhere', which cannot be read"),
        ({"FRONTWIRE_KAFKA_CA_FILE": __file__}, "holds no such thing"),
        ({"FRONTWIRE_KAFKA_CERTIFICATE_FILE": __file__}, "go together"),
        (
            {"FRONTWIRE_KAFKA_CERTIFICATE_FILE": __file__, "FRONTWIRE_KAFKA_KEY_FILE": __file__},
            "holds no such thing",
        ),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence_without_the_secret(changes: dict[str, str], told: str) -> None:
    settings = load(SCRAM | changes)
    for options in (client_options, faust_options):
        with pytest.raises(SettingError, match=told) as error:
            options(settings)
        assert SECRET not in str(error.value)


def test_no_repr_shows_a_secret() -> None:
    settings = load(SCRAM | {"FRONTWIRE_KAFKA_KEY_PASSWORD": SECRET})
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)
    assert SECRET not in repr(faust_options(settings))
