"""Where acts happened: told with them, meant by a common noun, kept from the act before, or told by nobody."""

import pytest

from streams.records import ConflictEvent
from streams.vocabulary import Modality, SubEventType
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
    body = f"{bomb} Gunmen shot dead three relatives of a minister."
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


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Warplanes bombed a school in Homs. The army denied that its warplanes had bombed the school.", "Homs"),
        ("Warplanes bombed a school in Homs. The army denied that its warplanes had bombed a hospital.", None),
        ("Gunmen kidnapped twelve farmers in Homs. The army denied that its warplanes had bombed a hospital.", None),
    ],
)
def test_a_denial_is_of_the_act_told_before_or_has_no_place(body: str, place: str | None) -> None:
    """Not of one of another kind or on another target."""
    denied = last("en", body)
    assert (denied.modality, denied.place) == (Modality.NEGATED, place)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Rockets were fired at Haifa, wounding a man. The military said most were shot down.", "Haifa"),
        ("Rockets were fired at Haifa, wounding a man. Air defence shot down 61 drones.", None),
    ],
)
def test_what_is_shot_down_is_of_the_salvo_unless_it_is_counted_anew(body: str, place: str | None) -> None:
    shot = last("en", body)
    assert (shot.sub_event_type, shot.place) == (SubEventType.DISRUPTED_WEAPONS_USE, place)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Rebels overran Goma. Gunmen kidnapped two engineers.", "Goma"),
        ("A truck hit a mine in Goma, wounding three soldiers. Gunmen kidnapped two engineers.", None),
    ],
)
def test_people_are_abducted_in_raids_not_where_bombs_go_off(body: str, place: str | None) -> None:
    assert last("en", body).place == place


def test_where_people_wait_is_no_place_of_an_act() -> None:
    body = "Some 300 families are waiting to be evacuated in Goma. Before leaving, gunmen burned 20 houses."
    assert last("en", body).place is None


def test_the_place_of_a_condition_is_not_that_of_the_act() -> None:
    assert last("en", "Rebels threatened to shell ports unless the siege of Gaza was lifted.").place is None


def test_a_preposition_behind_a_role_may_be_a_first_name() -> None:
    """ "The activist Ali Jasim": the name is written as the word for "on" in much of the press, and Jasim is a town."""
    assert last("ar", "واختطف مسلحون مجهولون الناشط علي جاسم.").place is None
