"""Evacuation counts of short texts: which movement a figure tells, how it is told, and what is no count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.extract.analysis import analyse
from agents.extract.counts import evacuation_counts
from agents.extract.places import ArticlePlaces
from streams.records import EvacuationCount
from streams.vocabulary import Flow, Modality, Term, Unit
from tests.support.extraction import article, extracted, languages


def counts(body: str, language: str = "en", title: str = "") -> tuple[EvacuationCount, ...]:
    ready = languages()[language]
    read = analyse(article(body, language, title, "2024-05-15T09:00:00Z"), ready.lexicon)
    return evacuation_counts(read, ready, ArticlePlaces(read, ready.places), "1")


def told(body: str, language: str = "en", title: str = "") -> list[tuple[Term, int | None, Modality]]:
    return [(c.term, c.reported or c.low, c.modality) for c in counts(body, language, title)]


@pytest.mark.parametrize(
    ("body", "term"),
    [
        ("Rescuers evacuated 312 people from the valley.", Term.EVACUATED),
        ("Floods displaced 312 people.", Term.DISPLACED),
        ("312 people fled the town.", Term.FORCED_TO_FLEE),
        ("312 people were relocated to a new settlement.", Term.RELOCATED),
        ("312 people are sheltering in a school.", Term.SHELTERED),
        ("312 people crossed the border into Chad.", Term.REFUGEE),
        ("312 people have returned home.", Term.RETURNED),
        ("The storm left 312 people homeless.", Term.HOMELESS),
        ("312 people are still trapped in the town.", Term.AWAITING_EVACUATION),
    ],
)
def test_terms(body: str, term: Term) -> None:
    assert told(body) == [(term, 312, Modality.ASSERTED)]


@pytest.mark.parametrize(
    ("body", "modality"),
    [
        ("The mayor denied that 312 people had been evacuated.", Modality.NEGATED),
        ("312 people could be evacuated if the dam breaks.", Modality.HYPOTHETICAL),
        ("312 people will be evacuated on Friday.", Modality.PLANNED),
        ("Officials ordered 312 residents to leave their homes.", Modality.PLANNED),
    ],
)
def test_modalities(body: str, modality: Modality) -> None:
    assert [found[2] for found in told(body)] == [modality]


def test_a_figure_without_a_noun_continues_the_one_before() -> None:
    body = "Some 400 families fled Djibo, the Red Cross said. The town hall counted no more than 250."
    first, second = counts(body)
    assert (first.term, first.unit, second.term, second.unit) == (
        Term.FORCED_TO_FLEE,
        Unit.HOUSEHOLD,
        Term.FORCED_TO_FLEE,
        Unit.HOUSEHOLD,
    )
    assert second.high == 250


def test_people_of_households_are_two_records() -> None:
    assert [(c.unit, c.reported) for c in counts("34 families, 133 people in all, were evacuated.")] == [
        (Unit.HOUSEHOLD, 34),
        (Unit.PERSON, 133),
    ]


def test_parts_belong_to_their_figure() -> None:
    (count,) = counts("Crews evacuated 1,847 people, among them 203 children and 41 wounded, from the region.")
    assert [(part.group, part.reported) for part in count.parts] == [("children", 203), ("wounded", 41)]


def test_the_title_is_told_once() -> None:
    found = counts("More than 300 people were evacuated from Kaya.", title="Hundreds evacuated from Kaya")
    assert [(c.reported, c.quote[:4]) for c in found] == [(300, "More")]


@pytest.mark.parametrize(
    "body",
    [
        "The shop was evacuated for an hour; 212 stores closed and 4,300 jobs are at risk.",
        "Twelve people were killed and 40 wounded as thousands marched.",
        "The flood destroyed 146 houses and 900 tonnes of grain.",
        "On 24 March 1946 the army burned the city. More than 200,000 residents fled that night.",
        "About 900 tonnes of stock has been evacuated to a cold store in Wakefield, 25 km away.",
        "In the exercise, 412 make-believe evacuees were evacuated by bus; the drill lasted two hours.",
    ],
)
def test_no_count(body: str) -> None:
    assert told(body) == []


def test_flow_and_as_of() -> None:
    body = "As of 14 May, 57,140 people had returned to Goma since January, 3,204 of them in the past week."
    stock, flow = counts(body)
    assert (stock.flow, stock.as_of) == (Flow.CUMULATIVE, "2024-05-14")
    assert (flow.term, flow.flow, flow.as_of) == (Term.RETURNED, Flow.NEW, None)


def test_a_quote_stands_at_its_offsets() -> None:
    body = "Yesterday 🚌 “buses” brought 40 families to safety – 133 people in all."
    for count in counts(body):
        assert ("\n\n" + body)[count.start : count.end] == count.quote


def test_equal_figures_of_one_text_have_ids_of_their_own() -> None:
    found = counts("Police evacuated 300 people. Police evacuated 300 families. Soldiers may evacuate 300 people.")
    assert len({count.count_id for count in found}) == len(found) == 3


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            [
                "300",
                "people",
                "families",
                "were",
                "evacuated",
                "fled",
                "and",
                ",",
                ".",
                "from",
                "Goma",
                "more",
                "than",
                "half",
                "of",
                "them",
                "children",
                "no",
                "if",
                "will",
                "–",
                "“",
                "”",
                "return",
                "2",
                "to",
                "5",
                "million",
                "😀",
                "\u200f",
                "homes",
                "on",
                "Monday",
            ]
        ),
        max_size=60,
    ),
    language=st.sampled_from(("en", "id", "ru", "xx")),
)
def test_any_text_gives_records_that_quote_it(words: list[str], language: str) -> None:
    body = " ".join(words)
    for count in counts(body, language if language != "xx" else "en"):
        assert ("\n\n" + body)[count.start : count.end] == count.quote
        assert count.low is None or count.high is None or count.low <= count.high


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("es", "Los bomberos sacaron a 1.200 personas atrapadas en sus coches.", (Term.EVACUATED, 1200)),
        ("es", "Unas 1.200 personas atrapadas en sus coches esperan.", (Term.AWAITING_EVACUATION, 1200)),
        ("es", "El domingo regresarán las 60 familias realojadas en Chiva.", (Term.RETURNED, 60)),
        ("es", "El domingo fueron trasladadas 60 familias realojadas en Chiva.", (Term.RELOCATED, 60)),
    ],
)
def test_what_becomes_of_people_tells_more_than_what_describes_them(
    language: str, body: str, expected: tuple[Term, int]
) -> None:
    assert [found[:2] for found in told(body, language)] == [expected]


@pytest.mark.parametrize(
    ("language", "body", "term"),
    [
        ("es", "Polonia ha acogido a 1.200 personas.", Term.REFUGEE),
        ("es", "El gimnasio ha acogido a 1.200 personas.", Term.SHELTERED),
        ("fr", "Le Rwanda dit avoir accueilli 1 200 personnes.", Term.REFUGEE),
        ("fr", "Au Rwanda, un gymnase a accueilli 1 200 personnes.", Term.SHELTERED),
    ],
)
def test_guests_of_a_country_have_crossed_a_border(language: str, body: str, term: Term) -> None:
    assert [found[0] for found in told(body, language)] == [term]


def test_a_percentage_behind_its_word_counts_nobody() -> None:
    body = "Gazze'de 1,9 milyon kişi, yani nüfusun yüzde 90'ı yerinden edildi."
    assert [found[1] for found in told(body, "tr")] == [1_900_000]


def test_an_order_that_stands_behind_the_movement_it_holds() -> None:
    body = "Valilik 16 bin kişiye bölgeyi terk etme emri verdi."
    assert told(body, "tr") == [(Term.EVACUATED, 16_000, Modality.PLANNED)]


def test_one_who_speaks_is_not_counted() -> None:
    body = "Le village a été évacué. « Il reste une cinquantaine de vieillards sur place », confie un instituteur."
    assert [found[1] for found in told(body, "fr")] == [50]


def test_what_two_dashes_set_off_keeps_no_figure_from_its_verb() -> None:
    body = "Más de un millón de gazatíes —la mitad de la población— han tenido que dejar su hogar."
    assert told(body, "es") == [(Term.FORCED_TO_FLEE, 1_000_000, Modality.ASSERTED)]


def test_a_joined_clause_has_a_verb_of_its_own() -> None:
    body = "Quelque 112 000 Ivoiriens ont gagné le Liberia et un million d'Abidjanais auraient quitté leur quartier."
    assert [found[:2] for found in told(body, "fr")] == [(Term.REFUGEE, 112_000), (Term.FORCED_TO_FLEE, 1_000_000)]


def test_people_who_cross_to_their_own_country_return() -> None:
    body = "نزح 300 شخص. وعبر أكثر من 15600 سوري إلى بلدهم من معبر المصنع."
    assert [found[0] for found in told(body, "ar")] == [Term.DISPLACED, Term.RETURNED]


@pytest.mark.parametrize(
    ("body", "figures"),
    [
        ("Israel evacuará Kiryat Shmona, una localidad de 23.000 habitantes.", []),
        ("Israel evacuará a 23.000 habitantes de Kiryat Shmona.", [23_000]),
    ],
)
def test_how_large_a_place_is_counts_nobody(body: str, figures: list[int]) -> None:
    assert [found[1] for found in told(body, "es")] == figures


def test_those_among_the_people_just_counted_are_not_counted_again() -> None:
    assert [found[1] for found in told("5,409 people were evacuated, including 225 Saudis.")] == [5409]
    both = told("5,409 people were evacuated, while 225 Saudis returned home.")
    assert [found[1] for found in both] == [5409, 225]


def test_thousands_are_people_though_households_were_told_before() -> None:
    assert [c.unit for c in counts("Some 400 families fled Djibo. Thousands more fled Arbinda.")][1:] == [Unit.PERSON]


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        (
            "en",
            "Buses took 300 people home after the flood, and 20 were evacuated.",
            (Term.RETURNED, 300, Modality.ASSERTED),
        ),
        (
            "tr",
            "Hükümet sel nedeniyle tahliye edilen 250 aileyi geri götürdü.",
            (Term.RETURNED, 250, Modality.ASSERTED),
        ),
        (
            "fr",
            "Quelque 400 000 Gomatraciens ont reçu l'ordre de quitter la ville.",
            (Term.EVACUATED, 400_000, Modality.PLANNED),
        ),
        ("ru", "В пансионате без жилья остались 190 семей.", (Term.HOMELESS, 190, Modality.ASSERTED)),
        ("ar", "لم يستبعد الوالي إجلاء 4000 نسمة من القرية.", (Term.EVACUATED, 4000, Modality.HYPOTHETICAL)),
    ],
)
def test_verbs_with_a_word_beside_them(language: str, body: str, expected: tuple[Term, int, Modality]) -> None:
    """Taken home or back; ordered to leave; left without; not ruled out."""
    assert expected in told(body, language)


def test_a_number_of_a_number_of_things_counts_nobody() -> None:
    assert told("Ten of the eighteen districts were evacuated, and 300 people fled.") == [
        (Term.FORCED_TO_FLEE, 300, Modality.ASSERTED)
    ]


def test_who_may_have_to_leave_before_a_flood_is_evacuated() -> None:
    """Before fighting people flee."""
    flood = "Evacuation has begun. If the flood rises, 300 people may have to set out for the hills."
    assert told(flood) == [(Term.EVACUATED, 300, Modality.HYPOTHETICAL)]


def test_hebrew_thousands_are_not_two_thousand() -> None:
    vague, exact = counts("אלפים ברחו לבורונדי.\n\nאלפיים ברחו לצ׳אד.", "he")
    assert (vague.reported, vague.low, exact.reported) == (None, 1000, 2000)


def test_people_named_behind_a_link_are_no_households() -> None:
    """Although the figure before counts families."""
    units = [c.unit for c in counts("إن 300 عائلة باتت بلا مأوى، وإن قرابة 700 من السكان أمضوا ليلتهم في مدرسة.", "ar")]
    assert units == [Unit.HOUSEHOLD, Unit.PERSON]


@pytest.mark.parametrize(
    ("language", "body", "term"),
    [
        ("en", "Fighting goes on near Goma. About 312 people fled to Rwanda.", Term.REFUGEE),
        ("ru", "Идут бои. 312 человек бежали в Чад.", Term.REFUGEE),
        ("en", "Fighting goes on near Goma. About 312 people fled to Bukavu.", Term.FORCED_TO_FLEE),
        ("en", "Fighting goes on. About 312 people fled from Kharkiv to Ukraine.", Term.FORCED_TO_FLEE),
        ("az", "Təxliyə davam edir. 312 nəfər hündür yerlərə köçürülüb.", Term.EVACUATED),
    ],
)
def test_where_people_go_decides_the_term(language: str, body: str, term: Term) -> None:
    assert [t for t, _, _ in told(body, language)] == [term]


def test_people_who_are_described_after_a_figure_are_no_figure_of_their_own() -> None:
    assert len(counts("Some 2,110 people have been evacuated. Of them, 760 are Russians.")) == 1


@pytest.mark.parametrize(
    ("language", "body", "modality"),
    [
        ("es", "Los evacuados son 20. El gobernador no descarta evacuar a 300 personas.", Modality.HYPOTHETICAL),
        ("he", "20 איש פונו. הרשויות הורו ל־300 כפריים לעזוב את בתיהם.", Modality.PLANNED),
        ("fr", "Le pont est coupé. Vingt malades ont été évacués ; 300 autres suivront vendredi.", Modality.PLANNED),
    ],
)
def test_what_is_not_ruled_out_ordered_or_to_follow_has_not_happened(
    language: str, body: str, modality: Modality
) -> None:
    assert (Term.EVACUATED, 300, modality) in told(body, language)


def test_a_verb_that_ends_its_clause_tells_its_own_figure_and_of_whom_the_next_is_a_part() -> None:
    body = "۱۱ هزار نفر به مناطق مرتفع منتقل شده‌اند که دست‌کم ۲ هزار نفر آنان کودک هستند و تخلیه ادامه دارد."
    (count,) = counts(body, "fa")
    assert (count.reported, [part.group for part in count.parts]) == (11_000, ["children"])


def test_who_is_taken_and_then_killed_is_not_evacuated() -> None:
    body = "Hubo evacuados. Hombres armados sacaron de sus casas a cinco campesinos y los ejecutaron."
    assert told(body, "es") == []


def test_a_figure_beside_a_month_counts_where_it_can_be_no_day_or_year() -> None:
    assert told("ونزحت خلال أكتوبر 120 أسرة من الضالع.", "ar") == [(Term.DISPLACED, 120, Modality.ASSERTED)]


def test_others_are_of_the_group_counted_before() -> None:
    first, second = counts("Helicopters evacuated 35 miners from Djibo. Eight others are still trapped in the forest.")
    assert (first.group, second.reported, second.group) == ("miners", 8, "miners")


def test_a_word_that_adds_the_next_figure_gives_the_one_before_it_no_source() -> None:
    body = "Some 700 families fled Djibo, the IOM said. 184 families reached Kaya, another 300 reached Dori."
    assert [one.attribution for one in counts(body)] == ["IOM", None, None]


def test_what_may_happen_takes_over_no_sum() -> None:
    body = "So far 20 families have returned to Djibo; another 70 could return if the bridge is repaired."
    assert [(one.modality, one.flow) for one in counts(body)] == [
        (Modality.ASSERTED, Flow.CUMULATIVE),
        (Modality.HYPOTHETICAL, Flow.UNKNOWN),
    ]


def test_who_returns_left_the_place_that_the_title_names() -> None:
    (count,) = counts("As of Monday 4,300 people had returned through Torkham.", title="Return from Pakistan goes on")
    assert count.origin == "Pakistan"


def test_of_them_may_stand_between_a_part_and_its_noun() -> None:
    (found,) = extracted("More than 1,000 residents, 312 of them minors, fled the town.", "en").counts
    assert [(part.group, part.reported) for part in found.parts] == [("children", 312)]
