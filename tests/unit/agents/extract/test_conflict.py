"""Conflict events in English and Indonesian: what is told, denied, possible, planned, and what is no event."""

import pytest

from streams.records import ConflictEvent
from tests.support.extraction import extracted

WAR = {
    "en": "The rebels fought the army in Goma.",
    "es": "Los rebeldes combatieron contra el ejército en Goma.",
    "id": "Pemberontak bertempur melawan tentara di Goma.",
}
"""A clash told first: without other signs of war many words are read as common crime."""


def events(
    body: str, language: str = "en", title: str = "", published: str = "2024-05-14T09:00:00Z"
) -> list[ConflictEvent]:
    return list(extracted(body, language, title, published).events)


def told(body: str, language: str = "en") -> list[tuple[str, str]]:
    return [(event.sub_event_type.value, event.modality.value) for event in events(body, language)]


@pytest.mark.parametrize(
    ("language", "text", "kind", "modality"),
    [
        ("en", "Rebels captured the town of Sake on Monday.", "non_state_actor_overtakes_territory", "asserted"),
        ("en", "The army recaptured the town of Sake on Monday.", "government_regains_territory", "asserted"),
        ("en", "Soldiers seized 40 rifles from the rebels.", "disrupted_weapons_use", "asserted"),
        ("en", "Rebels seized twelve miners near Sake.", "abduction_forced_disappearance", "asserted"),
        ("en", "Police detained twelve rebels near Sake.", "arrests", "asserted"),
        ("en", "The army denied shelling the town of Sake.", "shelling_artillery_missile_attack", "negated"),
        ("en", "Troops did not withdraw from Sake.", "non_violent_transfer_of_territory", "negated"),
        (
            "en",
            "Rebels had the town surrounded and shelled the market in Sake.",
            "shelling_artillery_missile_attack",
            "asserted",
        ),
        (
            "en",
            "Soldiers assuming control of the region killed two rebels in Sake.",
            "government_regains_territory",
            "asserted",
        ),
        ("en", "The army could bomb Sake, a rebel officer warned.", "air_drone_strike", "hypothetical"),
        ("en", "The army will deploy 500 soldiers to Sake.", "change_to_group_activity", "planned"),
        ("es", "El ejército rechazó un ataque de los rebeldes en Sake.", "armed_clash", "asserted"),
        ("id", "Pemberontak merebut kota Sake.", "non_state_actor_overtakes_territory", "asserted"),
        ("id", "Tentara tidak menembaki warga sipil di Sake.", "attack", "negated"),
        ("id", "Tentara akan mengerahkan 500 prajurit ke Sake.", "change_to_group_activity", "planned"),
    ],
)
def test_actor_object_and_mood_decide(language: str, text: str, kind: str, modality: str) -> None:
    assert (kind, modality) in told(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "In 2001 rebels captured the town of Sake.",
        "If the rebels attack Sake, nobody will be surprised.",
        "A man was shot dead in a car park. Detectives charged a suspect with murder; the trial begins in May.",
        "The striker fired a late rocket and the goalkeeper was beaten; the league match ended in battle.",
        "Soldiers fired missiles in a military exercise near Sake.",
        "The earthquake destroyed 300 houses and killed 40 people.",
        "",
    ],
)
def test_history_conditions_crime_sport_drills_and_quakes_are_no_events(text: str) -> None:
    assert told(text) == []


def test_people_and_protests_that_are_put_down_are_no_drones() -> None:
    assert told("Окупанти обстріляли Харків. Мешканці подавлені, кажуть волонтери.", "uk") == [
        ("shelling_artillery_missile_attack", "asserted")
    ]
    assert ("disrupted_weapons_use", "asserted") in told("Над Харковом подавлено 12 ворожих дронів.", "uk")


def test_who_holds_ground_abducts_nobody() -> None:
    kinds = [kind for kind, _ in told("Войска удерживают позиции у села Роботине и отразили три атаки.", "ru")]
    assert kinds == ["armed_clash"]


def test_the_title_is_told_once_and_by_the_body() -> None:
    found = events("Rebels captured the town of Sake on Monday, the governor said.", title="Rebels capture Sake")
    assert [event.start > len("Rebels capture Sake") for event in found] == [True]


def test_attributes_of_a_full_sentence() -> None:
    (event,) = events("On Monday army helicopters bombed a rebel camp near Goma, killing 12 fighters, the UN said.")
    assert event.sub_event_type == "air_drone_strike"
    assert event.attribution == "UN"
    assert event.date == "2024-05-13"
    assert (event.place, event.country) == ("Goma", "COD")
    (killed,) = event.casualties
    assert (killed.kind, killed.who, killed.reported) == ("killed", "fighters", 12)


def test_a_denial_stands_beside_the_claim_it_denies() -> None:
    found = events("Witnesses said rebels shot dead six farmers in Sake. The rebels denied killing farmers in Sake.")
    assert {event.modality.value for event in found} == {"asserted", "negated"}


def test_a_strike_tells_its_damage_and_dead_once() -> None:
    found = events("A missile struck Kharkiv, killing four people and destroying twelve houses.")
    assert [event.sub_event_type.value for event in found] == ["shelling_artillery_missile_attack"]
    assert found[0].casualties[0].reported == 4


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        # A year in front, and what belongs to a noun.
        ("en", "In 1973, soldiers bombed the palace in Santiago.", []),
        ("es", "El martes, hombres armados asesinaron a dos firmantes del acuerdo de paz de 2016.", ["attack"]),
        # Words inside the name of a thing, or of how ground was taken.
        ("en", "The army said attack helicopters had turned parts of the capital into a battlefield.", []),
        ("en", "Rebels took the village of Sake without a shot.", ["non_violent_transfer_of_territory"]),
        ("en", "Helicopters fired rockets at the rebels' camp near Goma.", ["air_drone_strike"]),
        ("en", "Militiamen opened fire on a bus near Goma.", ["attack"]),
        ("en", "Rebels shot dead a teacher, and threatened to kill his family if the army returns.", ["attack"]),
        ("id", "Dua jembatan diledakkan di Aceh.", ["remote_explosive_landmine_ied"]),
    ],
)
def test_phrases_around_an_act_decide(language: str, text: str, found: list[str]) -> None:
    kinds = [kind for kind, modality in told(f"{WAR[language]}\n\n{text}", language) if modality == "asserted"]
    assert kinds == ["armed_clash", *found]


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        (
            "ru",
            "Военные обстреляли из «Градов» аэропорт и захватили школу в селе Достук.",
            "government_regains_territory",
        ),
        ("ru", "Армия отправляет на юг три роты добровольцев.", "change_to_group_activity"),
        ("tr", "Sudan ordusu, isyancıların elindeki kenti geri aldığını duyurdu.", "government_regains_territory"),
        (
            "fa",
            "گوما - شورشیان از سه سو به شهر رسیدند و ساختمان فرماندهی را گرفتند.",
            "non_state_actor_overtakes_territory",
        ),
        ("fr", "Des rebelles ont fait feu au hasard sur les maisons du village.", "attack"),
        (
            "hy",
            "Բանակը հրետանիով հարվածել է գյուղին, իսկ ապստամբները դրոններով գրոհել են քաղաքը։",
            "shelling_artillery_missile_attack",
        ),
    ],
)
def test_who_and_what_a_clause_names_decides(language: str, text: str, kind: str) -> None:
    """Not arms, holders, datelines or means of another clause."""
    assert (kind, "asserted") in told(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Стороны подписали протокол о прекращении огня и отводе войск."),
        ("hy", "Վարչության փոխանցմամբ՝ քաղաքում զոհվել է ինը բնակիչ, ասել են ապստամբները։"),
        ("id", "Kelompok bersenjata yang berbaiat kepada ISIS menduduki kota."),
        ("ru", "ООН потребовала вывести войска из города Сумы, где идут бои."),
    ],
)
def test_agreed_attributed_described_or_called_for_is_no_act_of_its_own(language: str, text: str) -> None:
    """A pull-out agreed on, "as handed down by", "who swore allegiance", a demand."""
    kinds = {kind for kind, _ in told(text, language)}
    assert not kinds & {"non_violent_transfer_of_territory", "change_to_group_activity"}


def test_without_denies_the_noun_behind_it_alone() -> None:
    assert told("Rebels without any proper uniforms attacked the army near Sake.") == [("armed_clash", "asserted")]


@pytest.mark.parametrize(
    ("published", "kind"),
    [
        ("2021-07-14T09:00:00Z", "non_state_actor_overtakes_territory"),
        ("2024-05-14T09:00:00Z", "government_regains_territory"),
    ],
)
def test_who_came_to_power_is_a_state_from_then_on(published: str, kind: str) -> None:
    (event,) = events("Taliban fighters captured the town of Kunduz.", published=published)
    assert event.sub_event_type.value == kind


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "Syrian troops left Homs.", "non_violent_transfer_of_territory"),
        ("ru", "Сирийские войска оставили Хомс.", "non_violent_transfer_of_territory"),
        ("id", "Tentara Suriah meninggalkan Homs.", "non_violent_transfer_of_territory"),
        ("uk", "Бойовики увійшли до Хомса.", "non_state_actor_overtakes_territory"),
    ],
)
def test_a_town_that_troops_leave_or_enter_needs_no_word_for_towns(language: str, text: str, kind: str) -> None:
    assert told(text, language) == [(kind, "asserted")]


def test_who_reports_in_a_remark_does_not_act() -> None:
    (event,) = events("Солдаты, как сообщают активисты, казнили нескольких молодых мужчин.", "ru")
    assert (event.sub_event_type.value, event.actor) == ("attack", "Солдаты")


def test_people_who_were_freed_did_not_die_of_the_act_beside_them() -> None:
    (event,) = events("346 passengers were freed, 33 gunmen were killed by troops near Quetta.")
    assert [c.reported for c in event.casualties] == [33]


def test_an_attack_keeps_the_deaths_that_it_led_to() -> None:
    assert told("Taliban fighters attacked a police post in Panjshir and killed two soldiers.") == [
        ("armed_clash", "asserted")
    ]
    assert told("מחבלים הסתערו על תחנת משטרה בקאוקה והרגו שני שוטרים.", "he") == [("armed_clash", "asserted")]


def test_what_falls_into_the_hands_of_rebels_is_theirs() -> None:
    assert ("non_state_actor_overtakes_territory", "asserted") in told("شهر گوما به دست شورشیان افتاد.", "fa")


def test_what_came_down_on_a_place_struck_it() -> None:
    assert told("Un drone s'est abattu mardi sur un marché d'El-Obeid.", "fr") == [("air_drone_strike", "asserted")]
    assert told("Des obus se sont abattus dans la nuit sur Goma.", "fr") == [
        ("shelling_artillery_missile_attack", "asserted")
    ]


def test_a_suicide_drone_is_no_bomber() -> None:
    assert told("כטב״ם מתאבד התרסק על מחסן דלק באודסה.", "he") == [("air_drone_strike", "asserted")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Poland closed its border with Belarus."),
        ("fr", "Le Niger a fermé lundi sa frontière avec le Bénin."),
        ("fa", "گذرگاه‌های تورخم و چمن تا اطلاع ثانوی مسدود شد."),
        ("ru", "Польша закрыла границу с Белоруссией."),
    ],
)
def test_a_border_that_is_closed_is_another_development(language: str, text: str) -> None:
    assert told(text, language) == [("other", "asserted")]


def test_endings_are_told_apart_by_their_accents() -> None:
    freed = "Los rebeldes liberan a los rehenes."
    assert told(freed, "es") == [("agreement", "asserted")]
    assert told(freed.replace("liberan", "liberarán"), "es") == [("agreement", "planned")]


def test_a_common_word_is_no_country() -> None:
    (freed,) = events("Liberan a los rehenes que tenía el grupo armado.", "es")
    (killed,) = events("Des soldats ont tué trois civils à l'issue d'une réunion.", "fr")
    assert (freed.country, killed.country) == (None, None)


def test_who_denies_one_thing_may_offer_another() -> None:
    text = "El grupo armado negó haber puesto la bomba y se mostró dispuesto a pactar un cese al fuego si hay diálogo."
    assert ("agreement", "hypothetical") in told(text, "es")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Soldiers shot dead an eight-year-old boy."),
        ("he", "ילד בן 8 נהרג מירי חיילים."),
        ("es", "Un niño de ocho años fue asesinado por soldados."),
    ],
)
def test_an_age_counts_nobody(language: str, text: str) -> None:
    (event,) = events(text, language)
    assert event.casualties == () or [c.reported for c in event.casualties] == [1]
