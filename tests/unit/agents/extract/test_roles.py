"""Who acts and who is acted on, by the grammar of several languages."""

import pytest

from streams.records import ConflictEvent
from tests.support.extraction import extracted


def events(language: str, body: str) -> list[ConflictEvent]:
    """The events of a text, in order."""
    return list(extracted(body, language).events)


@pytest.mark.parametrize(
    ("language", "body", "actor", "target"),
    [
        ("fr", "Des cavaliers ont abattu six bergers près de Tourni.", "cavaliers", "bergers"),
        ("uk", "Прикордонники затримали трьох підозрюваних у Сумах.", "Прикордонники", "підозрюваних"),
        ("es", "Encapuchados mataron a tiros a dos maestros en Cali.", "Encapuchados", "maestros"),
    ],
)
def test_a_noun_right_before_the_verb_acts(language: str, body: str, actor: str, target: str) -> None:
    """Even one that no list knows."""
    [event] = events(language, body)
    assert actor in (event.actor or "")
    assert target in (event.target or "")


@pytest.mark.parametrize(
    ("language", "body", "actor"),
    [
        ("en", "Rebels stormed the prison in Goma and shot dead two guards, then abducted a nurse.", "Rebels"),
        ("ru", "Повстанцы захватили посёлок Намту, взяв в плен десять солдат.", "Повстанцы"),
        ("ar", "واعتقل جهاز المخابرات تاجر سلاح، وصادر 200 قذيفة.", "جهاز المخابرات"),
    ],
)
def test_one_subject_of_two_verbs(language: str, body: str, actor: str) -> None:
    """Every act of the sentence has the actor of the first."""
    found = events(language, body)
    assert len(found) >= 2
    assert all(actor in (event.actor or "") for event in found)


@pytest.mark.parametrize(
    ("language", "body", "actor", "target"),
    [
        ("fr", "Trois suspects ont été interpellés par la gendarmerie à Kayes.", "gendarmerie", "suspects"),
        ("fr", "Les rebelles se sont emparés de la ville de Kidal.", "rebelles", None),
        ("es", "34 soldados fueron retenidos por campesinos armados en Guaviare.", "campesinos", "soldados"),
        ("ru", "Повстанцами пленены сорок солдат.", "Повстанцами", "солдат"),
    ],
)
def test_a_passive_turns_its_subject_into_the_target(language: str, body: str, actor: str, target: str | None) -> None:
    """Participles with accents, too; a reflexive verb is no passive."""
    [event] = events(language, body)
    assert actor in (event.actor or "")
    assert target is None or target in (event.target or "")


@pytest.mark.parametrize(
    ("body", "actor", "target"),
    [
        ("معترضان ساختمان پارلمان را در کاتماندو به آتش کشیدند.", "معترضان", "ساختمان پارلمان"),
        ("منابع محلی گفتند پلیس ۲۳ معترض را در زاهدان بازداشت کرد.", "پلیس", "معترض"),
    ],
)
def test_persian_marks_the_object(body: str, actor: str, target: str) -> None:
    """No word parts the subject from it, and who tells it does not act."""
    [event] = events("fa", body)
    assert (event.actor, event.target) == (actor, target)


@pytest.mark.parametrize(
    ("language", "body", "actor"),
    [
        ("ru", "«Мы не бомбили Нусейрат», — заявил ЦАХАЛ.", "ЦАХАЛ"),
        ("es", "«No hemos atacado a la población civil», dijo el ELN.", "ELN"),
        ("az", "Rusiya sülhməramlılarının vasitəçiliyi ilə tərəflər atəşkəs barədə razılığa gəlib.", "tərəflər"),
        ("az", "Kirmanşahda naməlum şəxslər polis məntəqəsinə əl qumbarası atıb.", "naməlum şəxslər"),
        ("fr", "Une kamikaze s'est fait exploser à l'entrée du marché de Mora, tuant cinq commerçants.", "kamikaze"),
        ("fr", "Des centaines d'étudiants ont manifesté dans le calme à Ségou contre la junte.", "étudiants"),
    ],
)
def test_who_acts_without_a_plain_subject(language: str, body: str, actor: str) -> None:
    """Who says "we", the sides, unknown persons, the bomber, the counted crowd."""
    [event] = events(language, body)
    assert actor in (event.actor or "")


def test_a_town_beside_the_verb_does_not_act() -> None:
    """A place's name that stands for no state is no party."""
    [event] = events("ru", "Саратов ночью атаковали украинские беспилотники.")
    assert "Саратов" not in (event.actor or "")


def test_who_denies_a_loss_did_not_take_the_ground() -> None:
    """The one that denies it would be the one that lost it."""
    [taken, denied] = events(
        "es",
        "El Ministerio de Defensa ruso anuncia la toma de Niu-York. El Estado Mayor ucranio lo niega: "
        "«La localidad no ha sido ocupada».",
    )
    assert taken.modality == "asserted"
    assert denied.modality == "negated"
    assert denied.actor is None


def test_two_sides_that_only_a_prefix_joins() -> None:
    """Hebrew writes "to" as a letter of the second side."""
    [event] = events("he", "עימותים עזים בין מיליציות דרוזיות ללוחמים בדואים נמשכים בסווידא.")
    assert "מיליציות" in (event.actor or "")
    assert "לוחמים" in (event.target or "")


def test_a_mob_and_its_victim() -> None:
    """The object of what the mob does."""
    [event] = events("es", "En Bellavista, una turba mató a golpes a un policía.")
    assert (event.actor, event.target) == ("turba", "policía")


def test_seized_arms_kill_nobody() -> None:
    """Who dies in the raid dies of another act."""
    [event] = events("en", "Troops seized 40 rifles from the rebels, and two civilians were killed in Goma.")[:1]
    assert event.sub_event_type == "disrupted_weapons_use"
    assert event.casualties == ()


@pytest.mark.parametrize(
    ("language", "body", "other"),
    [
        ("en", "Hamas will accept a truce if Israel withdraws from the city.", "Israel"),
        ("uk", "Хусити погодяться на перемир'я, якщо Ер-Ріяд виведе війська.", "Ер-Ріяд"),
        ("en", "The rebels took the town of Sarmin after two days of fighting with the army.", "army"),
        ("fr", "Les rebelles ont pris Kalemie au terme de combats contre l'armée congolaise.", "armée congolaise"),
        ("en", "Police and militiamen traded fire with the attackers near Sarmin.", "attackers"),
    ],
)
def test_the_other_side_stands_behind_if_with_or_against(language: str, body: str, other: str) -> None:
    """And not the truce, the town, or who fights on the same side."""
    assert events(language, body)[0].target is not None
    assert other in (events(language, body)[0].target or "")


@pytest.mark.parametrize(
    ("language", "body", "target"),
    [
        ("en", "A suicide bomber blew himself up outside a mosque in Kano, killing nine people.", "mosque"),
        ("es", "Un suicida se inmoló ante el hospital de Bagdad y mató a seis personas.", "hospital"),
        ("en", "Police fired tear gas to disperse demonstrators in Lima.", "demonstrators"),
        ("ar", "وألقت الشرطة القبض على سبعة مهربين في البصرة.", "مهربين"),
        ("uk", "Поліція затримала у Сумах п'ятьох підозрюваних.", "підозрюваних"),
        ("fa", "جنگنده‌ها بازاری در کابل را بمباران کردند.", "بازاری"),
    ],
)
def test_what_is_near_or_marked_is_hit(language: str, body: str, target: str) -> None:
    """By what such acts hit, whatever stands between."""
    assert target in (events(language, body)[0].target or "")


def test_who_shoots_is_not_among_the_dead() -> None:
    """Nor is an age."""
    [shot] = events("en", "Two teachers, aged 34 and 51, were shot dead by three gunmen in Cali.")
    assert [(c.kind, c.reported) for c in shot.casualties] == [("killed", 2)]
