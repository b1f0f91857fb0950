"""Where acts happened: told with them, meant by a common noun, kept from the act before, or told by nobody."""

import pytest

from streams.records import ConflictEvent
from tests.support.extraction import extracted


def last(language: str, body: str, title: str = "") -> ConflictEvent:
    """The last event of a text."""
    return extracted(body, language, title=title).events[-1]


@pytest.mark.parametrize(
    ("language", "body", "place"),
    [
        ("en", "Rebels seized Goma on Sunday. Soldiers were fighting militiamen in the city on Monday.", "Goma"),
        (
            "en",
            "Soldiers shelled Zamzam camp on Sunday. Rebels and soldiers clashed inside the camp on Monday.",
            "Zamzam camp",
        ),
        ("fr", "Les rebelles ont pris Goma. Sur place, des soldats ont saisi quatorze fusils.", "Goma"),
        ("es", "Los rebeldes tomaron Tibú. El Ejército bombardeó el pueblo el lunes.", "Tibú"),
        ("id", "Massa membakar gedung di Jakarta. Tentara dikerahkan ke seluruh ibu kota.", "Jakarta"),
        ("ru", "Армия вошла в Лачин. Миротворцы оставили свой пост на въезде в город.", "Лачин"),
        ("ar", "سيطرت الفصائل على مدينة حمص. وقصف الطيران أطراف المدينة.", "حمص"),
    ],
)
def test_a_common_noun_means_the_place_told_before(language: str, body: str, place: str) -> None:
    """As does "there"."""
    assert place in (last(language, body).place or "")


@pytest.mark.parametrize(
    "body",
    [
        "Rebels seized Goma on Sunday. An armoured vehicle was sent from the city on Monday.",
        "Rebels seized Goma on Sunday. The army would agree to a truce if attacks on the city ended.",
    ],
)
def test_what_is_left_or_bargained_over_is_no_place_of_the_act(body: str) -> None:
    """Troops sent from the town are sent elsewhere; a truce is seldom made where it holds."""
    assert last("en", body).place is None


def test_a_later_clause_with_an_act_of_its_own_keeps_its_place() -> None:
    """The elders' rifles are not handed out where a base is to be built."""
    body = "Elders handed out rifles to young men, and Turkey will open a military base near Beledweyne next month."
    events = extracted(body, "en").events
    assert [event.place for event in events] == [None, "Beledweyne"]


def test_people_who_flee_elsewhere_do_not_take_the_act_with_them() -> None:
    """Where families went is not where villagers were shot."""
    body = "Soldiers shot dead nine villagers on Friday; 120 families have since fled to Goma."
    assert last("en", body).place is None


def test_there_is_a_place_told_before_or_none() -> None:
    """Nothing is told before the first sentence; what it tells behind is another place."""
    body = "Soldiers shot dead nine villagers there on Friday; 120 families have since fled to Goma."
    assert last("en", body).place is None
    assert last("en", f"Rain fell in Bunia. {body}").place == "Bunia"


def test_the_more_exact_of_two_names_is_the_place() -> None:
    """Whichever of them stands first in the language."""
    assert last("fr", "Des miliciens ont attaqué Ardamata, au Darfour, lundi.").place == "Ardamata"
    body = "Gazze kentinin Derec Mahallesi'nde düzenlenen hava saldırısında 13 kişi öldü."
    assert "Derec Mahallesi" in (last("tr", body).place or "")


def test_a_street_is_no_place_of_another_act() -> None:
    """The town that it lies in is."""
    bomb = "In Baghdad a bomb exploded at Yarmouk hospital and killed six people."
    body = f"{bomb} Gunmen abducted three relatives of a minister."
    assert last("en", body).place == "Baghdad"


def test_a_speaker_is_not_where_the_act_was() -> None:
    """The seat of an office says where it speaks from."""
    body = "The general staff in Lviv confirmed that soldiers withdrew from positions near Lukiantsi."
    assert last("en", body).place == "Lukiantsi"


@pytest.mark.parametrize(
    ("language", "body", "place"),
    [
        ("en", "A mine blew up a patrol near Kharkiv. Sappers defused three more bombs.", None),
        ("en", "Some 90 rockets were fired at Haifa. The military intercepted most of the rockets.", "Haifa"),
        ("tr", "Polis, Rustaveli Caddesi'nde toplananları tazyikli suyla dağıttı.", "Rustaveli Caddesi"),
        ("he", "מל״ט תקף כלי רכב בשבלה התחתונה.", "שבלה התחתונה"),
    ],
)
def test_arms_keep_the_place_of_a_fight_alone(language: str, body: str, place: str | None) -> None:
    """What sappers find has a place of its own that nobody tells; streets are read as they are written."""
    told = last(language, body).place
    assert told is None if place is None else place in (told or "")
