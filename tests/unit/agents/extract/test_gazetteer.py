import json
import tempfile
from pathlib import Path

import pytest

from agents.extract.fold import fold_words
from agents.extract.gazetteer import Gazetteer, GazetteerError, build, default_folders, open_gazetteer, shared_gazetteer


def city(number: int, name: str, country: str, population: int, *others: str) -> tuple[str, dict[str, object]]:
    return str(number), {
        "geonameid": number,
        "name": name,
        "latitude": 1.5,
        "longitude": -2.25,
        "countrycode": country,
        "population": population,
        "timezone": "",
        "admin1code": "01",
        "alternatenames": list(others),
    }


@pytest.fixture
def gazetteer(tmp_path: Path) -> Gazetteer:
    cities = [
        city(1, "Goma", "CD", 432_587, "Гома", "gwma"),
        city(2, "Goma", "PH", 4275),
        city(3, "Khan Yunis", "PS", 173_183, "خان يونس"),
    ]
    build(json.dumps(dict(cities)).encode(), tmp_path / "index")
    return Gazetteer(tmp_path / "index")


def test_homonyms_come_largest_first(gazetteer: Gazetteer) -> None:
    found = gazetteer.find(fold_words("GOMA"))
    assert [gazetteer.entry(n).country for n in found.entries] == ["CD", "PH"]
    assert not found.continues


def test_a_name_is_found_in_other_scripts(gazetteer: Gazetteer) -> None:
    entry = gazetteer.entry(gazetteer.find(fold_words("خان یونس")).entries[0])
    assert (entry.geoname_id, entry.name, entry.lat, entry.lon) == (3, "Khan Yunis", 1.5, -2.25)


def test_the_beginning_of_a_longer_name_is_known_as_such(gazetteer: Gazetteer) -> None:
    found = gazetteer.find(("khan",))
    assert (found.entries, found.continues) == ((), True)


def test_words_behind_others_in_names_are_known_as_such(gazetteer: Gazetteer) -> None:
    assert gazetteer.find(("yunis",)).inside
    assert not gazetteer.find(("khan",)).inside
    assert not gazetteer.find(("goma",)).inside


def test_what_is_no_name_leads_nowhere_whether_its_bit_is_set_or_not() -> None:
    found = [shared_gazetteer().find((f"qx{n}zj",)) for n in range(1000)]
    assert not any(one.entries or one.continues or one.inside for one in found)


def test_romanisations_in_small_letters_are_left_out(gazetteer: Gazetteer) -> None:
    assert gazetteer.find(("gwma",)).entries == ()


def test_an_absent_or_broken_index_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"\x08\0\0\0\0\0\0\0not json")
    for name in ("absent", "broken"):
        with pytest.raises(GazetteerError, match="delete it"):
            Gazetteer(tmp_path / name)


def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GazetteerError, match="cannot be built in"):
        open_gazetteer(tmp_path / "file")


def test_without_a_home_the_temporary_folder_takes_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    assert default_folders() == (Path(tempfile.gettempdir()) / "frontwire",)
