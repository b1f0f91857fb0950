"""The bill of materials is valid and whole, and every dependency's licence is known and allowed."""

import json
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.supply.bill import ROOT, bill, licences_of, locked
from deploy.supply.licences import LicenceError, check, licence_of

LOCKS = (ROOT / "requirements.lock", ROOT / "tests" / "requirements.lock", ROOT / "deploy" / "local" / "build.lock")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_every_locked_package_has_hashes_and_a_licence_that_may_be_used(lock: Path) -> None:
    packages = list(locked(lock.read_text()))
    assert packages
    assert [package.name for package in packages if not package.hashes] == []
    assert set(licences_of(packages)) == {package.name for package in packages}


def test_the_bill_is_valid_names_all_that_runs_and_is_the_same_again() -> None:
    packages = list(locked(LOCKS[0].read_text()))
    text = json.dumps(bill(packages, licences_of(packages)))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert text == json.dumps(bill(packages, licences_of(packages)))
    found = json.loads(text)
    assert {"faust-streaming", "aiokafka", "feedparser", "orjson"} <= {one["name"] for one in found["components"]}
    [own] = [one for one in found["dependencies"] if one["ref"].startswith("pkg:pypi/frontwire@")]
    assert any(purl.startswith("pkg:pypi/aiokafka@") for purl in own["dependsOn"])


@pytest.mark.parametrize(
    "expression", ["MIT", "Apache-2.0 OR GPL-3.0-only", "MPL-2.0 AND (Apache-2.0 OR GPL-2.0-only)", "((MIT))"]
)
def test_a_licence_is_allowed_if_one_way_to_read_it_is(expression: str) -> None:
    check("x", expression)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("GPL-3.0-or-later", "GPL-3.0-or-later is refused"),
        ("MIT AND AGPL-3.0-only", "AGPL-3.0-only is refused"),
        ("Whatever-1.0", "not known"),
        ("(MIT OR Apache-2.0) AND GPL-2.0-only", "GPL-2.0-only is refused"),
        ("Apache-2.0 WITH LLVM-exception", "not known"),
        ("", "not known"),
        ("MIT)", "not known"),
    ],
)
def test_other_licences_are_refused_by_name_or_as_unknown(expression: str, why: str) -> None:
    with pytest.raises(LicenceError, match=why):
        check("x", expression)


def test_a_package_that_is_not_there_has_no_licence() -> None:
    with pytest.raises(LicenceError, match="no-such-package is not installed"):
        licence_of("no-such-package")
