"""Who says so: beside a verb, behind "according to", before a colon, in the next sentence, in a bulletin's title."""

import pytest

from agents.extract.analysis import analyse
from agents.extract.attribution import attribution, source
from agents.extract.places import ArticlePlaces
from tests.support.extraction import article, extracted, languages


def said(body: str, language: str = "en", title: str = "", sentence: int = 0) -> str | None:
    """The source of one sentence of the body."""
    pack = languages()[language]
    found = analyse(article(body, language, title), pack.lexicon)
    ArticlePlaces(found, pack.places)
    return attribution(found, pack, [s for s in found.sentences if not s.in_title][sentence])


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "According to the UN refugee agency, 300 people fled.", "UN refugee agency"),
        ("en", "Rebels took the town, Deputy Mayor Frantz Dorvil said by phone.", "Frantz Dorvil"),
        (
            "en",
            "The Kenya National Commission on Human Rights said police shot two people.",
            "Kenya National Commission",
        ),
        ("en", "“They burned the market,” said trader Amina Salimo.", "Amina Salimo"),
        ("en", "Hamas: all hostages are alive.", "Hamas"),
        ("en", "Rebels took the town on Monday.", None),
        ("id", "Menurut juru bicara Staf Umum Ukraina Dmytro Lysenko, desa itu direbut.", "Dmytro Lysenko"),
        ("id", "Tentara mundur, kata Kementerian Pertahanan Rusia.", "Kementerian Pertahanan Rusia"),
        ("en", "Rebels took the town, the mayor, Jean-Robert Louis, said.", "Jean-Robert Louis"),
        ("en", "Ann Smith, the governor of the province, said rebels took the town.", "Ann Smith"),
        ("en", "Security forces shot dead four demonstrators, the opposition said.", "opposition"),
        ("es", "Tres pescadores fueron secuestrados por hombres armados, denunció la cooperativa.", "cooperativa"),
        ("es", "Según la Defensoría, doce campesinos fueron secuestrados.", "Defensoría"),
        ("ru", "Город взят, подтвердил нам по телефону её представитель Олег Сорокин.", "Олег Сорокин"),
        ("ru", "Город взят, сообщил министр по чрезвычайным ситуациям Пётр Белов.", "Пётр Белов"),
        ("en", "Shopkeepers on Nairobi's Moi Avenue said rebels took the town.", "Shopkeepers"),
        ("uk", "ЗСУ відбили 46 штурмів, зазначили в Генштабі.", "Генштабі"),
        ("fa", "سرتیپ ناصر العتیبی، سخنگوی ائتلاف عربی، اعلام کرد حمله هوایی انجام شد.", "ناصر العتیبی"),
        ("ar", "وقال المتحدث باسم القوة المشتركة، أحمد آدم نور، إن الجيش صد هجوماً.", "أحمد آدم نور"),
        ("fr", "Une grenade lancée dans un débit de boissons a fait trois blessés.", None),
        ("en", "Gunmen stormed Gidan Turbe in Zamfara state, residents told reporters.", "residents"),
        ("ar", "الوضع الأمني: فجّر انتحاري نفسه في كابل.", None),
    ],
)
def test_the_source_in_the_sentence(language: str, text: str, name: str | None) -> None:
    found = said(text, language)
    assert (found is None) if name is None else (found is not None and found.startswith(name))


def test_a_sentence_that_points_back_names_the_source_of_the_one_before() -> None:
    body = "Tentara merebut desa. Hal tersebut dinyatakan dalam laporan Kementerian Pertahanan Rusia."
    assert said(body, "id") == "Kementerian Pertahanan Rusia"


def test_a_quotation_over_two_sentences_has_one_speaker() -> None:
    body = "“They came at night. They burned the school,” said teacher Amina Salimo."
    assert said(body, sentence=0) == "Amina Salimo"


def test_a_pronoun_speaks_for_who_spoke_before() -> None:
    body = "Governor William Ibarra said rebels left. The town is empty, he said."
    assert said(body, sentence=1) == "William Ibarra"


def test_a_bulletin_speaks_for_the_body_in_its_title() -> None:
    title = "Defence Ministry daily briefing"
    assert said("Our units took two villages.", title=title) == "Defence Ministry"


def test_who_a_person_speaks_for_is_kept() -> None:
    pack = languages()["id"]
    found = analyse(
        article("Juru bicara TPNPB-OPM Sebius Tabuni mengklaim anggotanya membunuh 17 orang.", "id"), pack.lexicon
    )
    told_by = source(found, pack, next(s for s in found.sentences if not s.in_title), 0, None, ())
    assert told_by is not None
    assert (told_by.name, told_by.body, told_by.person) == ("Sebius Tabuni", "TPNPB-OPM", True)


def told(body: str, language: str = "en") -> list[tuple[str, str | None]]:
    """Modality and source of each event of a text."""
    events = extracted(body, language).events
    return [(event.modality.value, event.attribution) for event in events]


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        (
            "en",
            "Residents said soldiers opened fire on unarmed herders; the government denied it.",
            [("asserted", "Residents"), ("negated", "government")],
        ),
        (
            "id",
            "Militer Thailand menuduh Kamboja melepaskan roket ke Sisaket; Phnom Penh menyangkal tudingan itu.",
            [("asserted", "Militer Thailand"), ("negated", "Phnom Penh")],
        ),
    ],
)
def test_who_tells_an_act_and_who_denies_it(language: str, body: str, expected: list[tuple[str, str]]) -> None:
    assert told(body, language) == expected


def test_a_source_behind_a_semicolon_tells_its_own_act_alone() -> None:
    body = "Russia shelled the town of Sumy; soldiers captured Toretsk, the General Staff said."
    assert [name for _, name in told(body)] == [None, "General Staff"]


def test_a_source_behind_a_semicolon_tells_the_act_by_its_victims() -> None:
    body = "Gunmen ambushed an army convoy near Goma; four soldiers were killed, the Defence Ministry said."
    assert told(body) == [("asserted", "Defence Ministry")]


def test_said_that_tells_nothing_of_what_stands_before() -> None:
    body = "Rebels shelled the town of Sake, and the army said that soldiers had recaptured Minova."
    assert [name for _, name in told(body)] == [None, "army"]


def test_who_denies_one_thing_may_claim_another() -> None:
    body = "The army denied that soldiers had shot civilians in Goma and said rebels had shelled the town of Sake."
    assert ("asserted", "army") in told(body)


def test_an_entry_of_a_live_report_is_told_by_who_opens_it() -> None:
    body = "15:05 – Hamas: we blew up a bomb under a troop carrier near Rafah. Two soldiers were killed."
    assert said(body) == said(body, sentence=1) == "Hamas"


def test_a_witness_is_named_before_her_words() -> None:
    body = "Amina Salimo woke at three. “They burned the school,” she says."
    assert said(body, sentence=1) == "Amina Salimo"


def test_in_her_words_speaks_for_who_spoke_before() -> None:
    body = "Rebels left, governor William Ibarra said. According to him, 300 people fled."
    assert said(body, sentence=1) == "William Ibarra"


def test_a_body_that_a_sentence_names_apart_does_not_speak_for_the_others() -> None:
    title = "Interior Ministry: weekly summary"
    body = "Crews evacuated 1,847 people, the Interior Ministry reports. Russia launched 162 drones at Kyiv."
    assert said(body, title=title, sentence=1) is None
