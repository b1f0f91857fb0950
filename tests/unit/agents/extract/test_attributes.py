"""Attributes of events: who acts on whom, where, when, with what, as texts of several languages tell it."""

import pytest

from streams.records import ConflictEvent
from tests.support.extraction import extracted


def event(language: str, body: str, published: str | None = None) -> ConflictEvent:
    """The one event of a text."""
    [found] = extracted(body, language, published=published).events
    return found


@pytest.mark.parametrize(
    ("language", "body", "target"),
    [
        ("en", "A delivery van hit a mine near Kherson on Monday.", "delivery van"),
        ("en", "Police used tear gas against students who rallied in Lagos.", "students"),
        (
            "en",
            "Government troops have recaptured the town of Kutum from the Rapid Support Forces.",
            "Rapid Support Forces",
        ),
        ("es", "Las tropas ocuparon la aldea y expulsaron a los separatistas, según el Ejército.", "separatistas"),
        ("ru", "Беспилотник ударил по школе в селе Казачья Лопань.", "школе"),
        ("tr", "Polis üç şüpheliyi gözaltına aldı.", "şüpheliyi"),
        ("es", "Kiev y Moscú canjearon 146 prisioneros por bando.", "Moscú"),
        ("fr", "Sept diplomates algériens ont été enlevés jeudi à Gao par des hommes armés.", "diplomates algériens"),
        ("ar", "واعتقل جهاز المخابرات تاجر سلاح.", "تاجر سلاح"),
    ],
)
def test_the_target_is_what_such_acts_hit(language: str, body: str, target: str) -> None:
    """Not the ground that is taken, nor the weapon, nor bare people."""
    assert target in (event(language, body).target or "")


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "Police arrested 61 people in Lagos."),
        ("en", "Russian artillery shelled the outskirts of Kupiansk."),
        ("en", "M23 rebels captured the town of Sake in eastern Congo."),
    ],
)
def test_people_and_places_as_such_are_no_target(language: str, body: str) -> None:
    assert event(language, body).target is None


@pytest.mark.parametrize(
    ("language", "body", "items"),
    [
        (
            "en",
            "Air defence shot down 14 strike drones and three cruise missiles.",
            [("drone", 14), ("cruise missile", 3)],
        ),
        ("en", "Russia launched 90 drones at Odesa. Air defence shot down 71.", [("drone", 71)]),
        ("ar", "أسقطت الدفاعات الجوية طائرتين مسيّرتين قرب مأرب.", [("drone", 2)]),
        ("ru", "Сапёры обезвредили 17 мин у села Забух.", [("landmine", 17)]),
        ("uk", "Бойовики ХАМАС випустили по Ашкелону сім ракет.", [("rocket", 7)]),
        ("uk", "Росія випустила по Одесі сім ракет.", [("missile", 7)]),
        ("ru", "Боевики сбили вертолёт у села Шатой.", [("helicopter", 1)]),
        ("en", "Four MiG-29 jets bombed a market in Kutum.", [("fighter jet", 4)]),
        ("en", "Russia attacked Odesa overnight with 90 drones and 12 missiles.", [("drone", 90), ("missile", 12)]),
    ],
)
def test_things_are_counted_by_their_nouns(language: str, body: str, items: list[tuple[str, int]]) -> None:
    """Also where the noun was told in the sentence before, or tells two by its own form."""
    found = [e for e in extracted(body, language).events if e.items]
    assert [(i.item, i.reported) for i in found[-1].items] == items


def test_people_who_suffer_do_not_act() -> None:
    """Unarmed people before a verb of violence without a passive auxiliary are its target."""
    found = event("fr", "Des miliciens ont attaqué Ardamata : des femmes violées devant leurs enfants, selon l'ONU.")
    assert found.actor is None or "femmes" not in found.actor


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Soldiers opened fire on demonstrators in Matuu, Machakos County, killing two.", "Matuu"),
        ("M23 rebels captured Sake, a town 20 km west of Goma.", "Sake"),
        ("Sumy: two dead in shelling of a market.", "Sumy"),
        ("The defence minister said in Yerevan that rebels had shelled the village of Sotk.", "Sotk"),
    ],
)
def test_the_place_is_that_of_the_act(body: str, place: str) -> None:
    """Not what it lies in, what it is measured from, or where somebody spoke."""
    found = extracted(body).events[0]
    assert found.place is not None
    assert place in found.place


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Russia attacked the power grid in Ukraine with 40 drones overnight.", "Ukraine"),
        ("Russian drones hit a school in Sumy, in Ukraine, overnight.", "Sumy"),
        ("Germany has deployed a tank brigade.", None),
    ],
)
def test_a_country_is_the_place_of_an_act_that_has_no_nearer_one(body: str, place: str | None) -> None:
    assert event("en", body).place == place


def test_a_large_city_is_known_where_the_dictionary_lists_its_name_and_the_article_no_country_of_it() -> None:
    found = event("fa", "دو طرف روز یکشنبه در دوحه بر سر آتش‌بس فوری توافق کردند.")
    assert (found.place, found.country) == ("دوحه", "QAT")


@pytest.mark.parametrize(
    ("language", "body", "place"),
    [
        ("tr", "Rus savaş uçakları Yunakivka yakınında bir ikmal konvoyunu vurdu.", "Yunakivka"),
        ("az", "Sərhədçilər Saravan yaxınlığında Ceyş əl-Ədl qruplaşmasının beş üzvünü məhv edib.", "Saravan"),
        ("az", "Ermənistan silahlı qüvvələri gecə Gəncə şəhərini raketlərlə vurub.", "Gəncə"),
        ("en", "JNIM has threatened to shell Kaya.", "Kaya"),
    ],
)
def test_a_noun_behind_a_name_or_a_verb_that_is_a_thing_as_well_leaves_the_name_a_place(
    language: str, body: str, place: str
) -> None:
    """ "Near" stands behind names there, and "young" or "shell" hides none."""
    assert event(language, body).place == place


def test_who_counts_the_dead_of_an_act_need_not_tell_of_the_act() -> None:
    act = event(
        "en", "Warplanes bombed a market in Idlib on Sunday. Five people were killed, the health ministry said."
    )
    assert (act.attribution, len(act.casualties)) == (None, 1)
