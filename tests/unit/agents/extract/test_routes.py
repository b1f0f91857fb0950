"""Where people leave and where they go, until when a figure holds, and who gives it."""

import pytest

from agents.extract.analysis import analyse
from agents.extract.counts import evacuation_counts
from agents.extract.places import ArticlePlaces
from streams.records import EvacuationCount
from tests.support.extraction import article, languages

TUESDAY = "2024-05-14T18:00:00Z"


def counts(body: str, language: str = "en", title: str = "") -> tuple[EvacuationCount, ...]:
    ready = languages()[language]
    read = analyse(article(body, language, title, TUESDAY), ready.lexicon)
    return evacuation_counts(read, ready, ArticlePlaces(read, ready.places), "1")


@pytest.mark.parametrize(
    ("language", "text", "origin", "destination"),
    [
        ("en", "More than 600 people were moved out of 14 villages to a school in Dnipro.", "villages", "Dnipro"),
        ("en", "Some 300 families fled Goma.", "Goma", None),
        ("fr", "Près de 200 habitants ont été évacués mardi de Durban vers Narbonne.", "Durban", "Narbonne"),
        ("fr", "Une centaine de pensionnaires évacués ont été conduits à Narbonne.", None, "Narbonne"),
        ("ru", "Из Шебекина эвакуировали 300 человек в Белгород.", "Шебекина", "Белгород"),
        ("ru", "В Белгороде эвакуировали 300 человек.", "Белгороде", None),
        ("id", "Sebanyak 60 orang dievakuasi dari Teheran melalui Astara.", "Teheran", None),
        ("tr", "Trablus'tan 82 kişi Misrata üzerinden İstanbul'a tahliye edildi.", "Trablus'tan", "İstanbul'a"),
        ("fr", "À Luganville, 85 familles sont hébergées dans un gymnase.", None, "Luganville"),
        ("en", "Schools in Daraa are hosting 1,200 families.", None, "Daraa"),
        ("az", "İki təyyarə 108 turisti Brisbenə təxliyə edib.", None, "Brisbenə"),
        ("en", "On the island of Suwanose 47 people were evacuated to Kagoshima.", "Suwanose", "Kagoshima"),
        ("en", "19 children were evacuated to Egypt through the Rafah crossing.", None, "Egypt"),
    ],
)
def test_prepositions_endings_and_verbs_tell_the_route(
    language: str, text: str, origin: str | None, destination: str | None
) -> None:
    count = counts(text, language)[0]
    assert (count.origin is None) == (origin is None)
    assert origin is None or origin in (count.origin or "")
    assert (count.destination is None) == (destination is None)
    assert destination is None or destination in (count.destination or "")


@pytest.mark.parametrize(
    ("language", "text", "origin", "destination"),
    [
        ("he", "27 משפחות ברחו לטייבה.", None, "לטייבה"),
        ("ru", "За день на север вернулись более 300 тысяч человек.", None, "север"),
        ("uk", "Наземні роботи вивезли з передової щонайменше 12 поранених.", "передової", None),
        ("ru", "С собой эвакуировали 12 раненых с детьми.", None, None),
        ("fa", "حدود ۷۰۰ نفر از روستاهای مرزی گریخته‌اند.", "روستاهای مرزی", None),
        ("en", "Some 600 people fled from the shelling on Tuesday.", None, None),
    ],
)
def test_a_direction_beside_a_movement_needs_no_list(
    language: str, text: str, origin: str | None, destination: str | None
) -> None:
    count = counts(text, language)[0]
    assert (count.origin, count.destination) == (origin, destination)


@pytest.mark.parametrize(
    ("language", "text", "origin"),
    [
        ("ru", "Эвакуировали более двухсот жителей Кривоозёрского округа.", "Кривоозёрского"),
        ("fr", "Environ 6 500 habitants de Zemio ont trouvé refuge en RDC.", "Zemio"),
        ("id", "Bulan Sabit Merah mengevakuasi 500 keluarga Badui.", None),
    ],
)
def test_people_are_counted_of_the_place_they_leave(language: str, text: str, origin: str | None) -> None:
    assert counts(text, language)[0].origin == origin


@pytest.mark.parametrize(
    ("language", "text", "origin"),
    [
        ("az", "Qırmızı Aypara 34 yaralını Rəfah keçidindən Misirə təxliyə edib.", None),
        ("en", "About 300 people were stranded at the Torkham crossing.", "Torkham"),
    ],
)
def test_a_crossing_is_passed_unless_people_are_stuck_there(language: str, text: str, origin: str | None) -> None:
    found = counts(text, language)[0].origin
    assert found == origin or (origin is not None and origin in (found or ""))


def test_who_returns_goes_where_others_left_unless_the_text_says_home() -> None:
    left = "Some 57,000 people have fled Goma since Monday."
    assert counts(f"{left} Only about 800 people have gone back.")[1].destination == "Goma"
    assert counts(f"{left} Only about 800 people have gone back to their homes.")[1].destination is None


def test_there_is_the_place_told_before() -> None:
    found = counts("Тысячи жителей бежали из Дженина. Оттуда бежали 300 семей.", "ru")
    assert [count.origin for count in found] == ["Дженина", "Дженина"]


@pytest.mark.parametrize(
    ("language", "text", "holds"),
    [
        ("en", "By 18:30 on Monday 1,200 people had been evacuated from Goma.", "2024-05-13T18:30"),
        ("es", "Hasta las seis de la mañana habían sido evacuadas 594 personas.", "2024-05-14T06:00"),
        ("fr", "38 personnes attendaient encore leur évacuation lundi soir.", "2024-05-13T18:00"),
        ("en", "Since Monday morning 1,200 people have been evacuated from Goma.", None),
        ("en", "300 people were evacuated from Goma on Monday morning.", None),
    ],
)
def test_a_figure_holds_until_the_time_that_is_said(language: str, text: str, holds: str | None) -> None:
    assert counts(text, language)[0].as_of == holds


def test_a_bulletins_time_holds_for_its_sums() -> None:
    body = "So far 1,200 people have been evacuated. Another 40 residents were evacuated yesterday."
    first, second = counts(body, title="Goma: evening update, 18:00")
    assert (first.as_of, second.as_of) == ("2024-05-14T18:00", None)


def test_a_line_of_its_own_names_who_tells_what_follows() -> None:
    body = "Governor Jean Bakomito on the past day:\n\nMore than 1,200 people were evacuated from Goma."
    assert counts(body)[0].attribution == "Jean Bakomito"


def test_the_body_beside_a_rival_figure_gives_it() -> None:
    body = "Some 10,000 people fled Goma, the Red Cross said; the town hall counted fewer than 6,000."
    sources = [count.attribution for count in counts(body)]
    assert sources == ["Red Cross", "town hall"]


def test_houses_that_are_evacuated_count_households() -> None:
    (count,) = counts("Police evacuated 15 homes in Goma.")
    assert (count.unit, count.reported) == ("household", 15)


def test_headlines_inside_the_body_have_verbs_with_capitals() -> None:
    assert [count.reported for count in counts("10,000 Displaced by Assam Floods")] == [10_000]
    assert not counts("The army reached Camp Displaced Ten on Monday, 300 people said.")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Some 2,000 people were evacuated. The Red Cross counted 600 people.", [2000, 600]),
        ("Some 2,000 people were evacuated. The mayor said 300 people attended a concert.", [2000]),
    ],
)
def test_another_source_s_figure_of_people_ends_its_sentence(text: str, figures: list[int]) -> None:
    assert [count.reported for count in counts(text)] == figures


@pytest.mark.parametrize(
    ("language", "text", "source"),
    [
        ("fr", "Le HCR prévoit de transférer 1 500 ménages vers le camp de Farchana.", "HCR"),
        ("uk", "Уряд планує переселити в Ідліб від 250 до 300 бедуїнських родин.", "Уряд"),
        ("fa", "دفتر سازمان ملل شمار آوارگان را ۴۵ هزار نفر اعلام کرد.", "دفتر سازمان ملل"),
        ("en", "By noon 1,800 people had been evacuated; 300 were still trapped, police said.", None),
    ],
)
def test_who_plans_or_stands_before_a_figure_gives_it(language: str, text: str, source: str | None) -> None:
    assert counts(text, language)[0].attribution == source


def test_another_planned_figure_has_a_source_of_its_own() -> None:
    first, second = counts("According to the UN, 500 people were evacuated. Another 640 will be evacuated on Friday.")
    assert first.attribution is not None
    assert second.attribution is None


@pytest.mark.parametrize(
    ("language", "text", "group"),
    [
        ("en", "About 40 elderly residents were evacuated.", "elderly"),
        ("fr", "Plus de 2 500 touristes et habitants ont été évacués.", None),
        ("fr", "Plus de 2 500 touristes ont été évacués.", "tourists"),
        ("tr", "İlçede 35 bin sivil mahsur kaldı.", "civilians"),
    ],
)
def test_a_group_is_of_one_kind_only(language: str, text: str, group: str | None) -> None:
    assert counts(text, language)[0].group == group


@pytest.mark.parametrize(
    ("language", "body", "origin"),
    [
        ("en", "Some 40,000 fled Gaza on Friday, while dozens of families are still trapped in Nuseirat.", "Nuseirat"),
        ("id", "Mereka diterbangkan ke Dekai, sedangkan delapan orang lainnya masih terjebak di hutan.", "hutan"),
        ("ru", "Из трёх населённых пунктов в Степанакерт переселены 187 семей.", "трёх населённых пунктов"),
        ("tr", "İki mahalleden en az 3 bin 150 kişi otobüslerle tahliye edildi.", "İki mahalleden"),
        ("fr", "Les rebelles ont pris Sake. Quelque 45 000 habitants ont fui la cité depuis samedi.", "Sake"),
    ],
)
def test_people_leave_what_the_sentence_finds_them_in(language: str, body: str, origin: str) -> None:
    """Those who wait are where they wait, whatever others of the sentence left; villages may be counted."""
    assert origin in (counts(body, language)[-1].origin or "")
