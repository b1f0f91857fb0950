"""The day of an act: told with it, or carried over from what it goes on from, and null elsewhere."""

import pytest

from streams.vocabulary import SubEventType as T
from tests.support.extraction import extracted

WEDNESDAY = "2024-05-15T09:00:00Z"


def dates(body: str, language: str = "en") -> dict[T, str | None]:
    """The days of the acts of a text published on a Wednesday, by type."""
    events = extracted(body, language, published=WEDNESDAY).events
    return {event.sub_event_type: event.date for event in events}


@pytest.mark.parametrize(
    ("language", "body", "kind", "expected"),
    [
        (
            "en",
            "Rebels overran the town of Sake on Monday. Hours later army helicopters bombed the fighters near Goma.",
            T.AIR_DRONE_STRIKE,
            "2024-05-13",
        ),
        (
            "en",
            "Rebels overran the town of Sake on Monday. The next day soldiers clashed with the rebels near Goma.",
            T.ARMED_CLASH,
            "2024-05-14",
        ),
        (
            "fr",
            "Des rebelles ont attaqué un convoi dimanche. La veille, l'armée a bombardé le village de Bohé.",
            T.AIR_DRONE_STRIKE,
            "2024-05-14",
        ),
        (
            "id",
            "Pemberontak menyerang pos polisi pada Senin. Sehari sebelumnya, polisi menangkap tujuh orang di Beoga.",
            T.ARRESTS,
            "2024-05-12",
        ),
        (
            "ru",
            "В понедельник боевики обстреляли колонну. В тот же день полиция задержала двух подозреваемых.",
            T.ARRESTS,
            "2024-05-13",
        ),
        ("ru", "Минувшей ночью беспилотники атаковали Энгельс.", T.AIR_DRONE_STRIKE, "2024-05-15"),
    ],
)
def test_words_of_time_carry_a_day_over(language: str, body: str, kind: T, expected: str) -> None:
    """Also to the next act, whatever kind it is of."""
    assert dates(body, language)[kind] == expected


def test_what_shoots_down_drones_is_of_the_day_on_which_they_flew() -> None:
    found = dates("On Monday Russia launched 90 drones at Odesa. Air defence shot down 71 of the drones.")
    assert found[T.DISRUPTED_WEAPONS_USE] == "2024-05-13"


def test_the_arrests_of_a_march_are_of_its_day() -> None:
    found = dates("On Monday police fired tear gas at protesters in Lagos. Police arrested 21 of the demonstrators.")
    assert found[T.ARRESTS] == "2024-05-13"


def test_an_act_of_another_kind_has_its_own_day_which_nobody_tells() -> None:
    found = dates("Rebels overran the town of Sake on Monday. Police arrested 21 suspects in a raid.")
    assert found == {T.NON_STATE_ACTOR_OVERTAKES_TERRITORY: "2024-05-13", T.ARRESTS: None}


def test_an_act_at_another_place_is_not_of_the_same_march() -> None:
    found = dates("On Monday police fired tear gas at protesters in Lagos. In Kano a mob beat a trader to death.")
    assert found[T.MOB_VIOLENCE] is None


def test_a_sentence_without_an_act_sets_the_day_of_those_behind_it() -> None:
    found = dates("They came on Saturday, she said. They beheaded three farmers. Two girls were raped.")
    assert found == {T.ATTACK: "2024-05-11", T.SEXUAL_VIOLENCE: "2024-05-11"}


def test_a_day_before_a_colon_holds_behind_it() -> None:
    found = dates("It was the worst night since Monday in Goma: soldiers shot dead three farmers near the market.")
    assert found == {T.ATTACK: "2024-05-13"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Rebels overran the town of Sake on Monday after gunmen abducted a trader.", T.ABDUCTION_FORCED_DISAPPEARANCE),
        ("The army said on Monday that its troops had retaken the village of Kutum.", T.GOVERNMENT_REGAINS_TERRITORY),
        ("Police have arrested 224 protesters since Monday.", T.ARRESTS),
        ("The army will deploy 300 soldiers to Goma by Friday.", T.CHANGE_TO_GROUP_ACTIVITY),
    ],
)
def test_days_of_something_else_are_none_of_the_act(body: str, kind: T) -> None:
    """Of an act before it, of who tells it, of the beginning of a sum, of the end of a plan."""
    assert dates(body)[kind] is None


def test_what_goes_on_since_a_day_is_dated_by_its_beginning() -> None:
    assert dates("Soldiers have clashed with rebels near Goma since Monday.") == {T.ARMED_CLASH: "2024-05-13"}


def test_entries_of_a_live_report_are_of_the_day_but_for_what_lasts() -> None:
    body = "09:10 A drone hit a cart in Goma.\n\n09:40 Police arrested three medics.\n\n10:05 Rebels overran Sake."
    found = dates(body)
    assert found[T.AIR_DRONE_STRIKE] == found[T.ARRESTS] == "2024-05-15"
    assert found[T.NON_STATE_ACTOR_OVERTAKES_TERRITORY] is None


def test_a_word_for_an_act_is_no_time_of_day() -> None:
    """ "فجر" is dawn, and "blew up"."""
    assert dates("فجّر انتحاري سيارة مفخخة عند بوابة معسكر في مودية.", "ar") == {T.SUICIDE_BOMB: None}


def test_a_name_has_no_ending_of_a_verb() -> None:
    """ "Uvira" ends as a future does; the day named is still the last one."""
    found = dates("Les rebelles ont pris jeudi le contrôle d'Uvira, ont indiqué des habitants.", "fr")
    assert found == {T.NON_STATE_ACTOR_OVERTAKES_TERRITORY: "2024-05-09"}
