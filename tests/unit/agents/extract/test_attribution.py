"""Who says so: beside a verb, behind "according to", before a colon, in the next sentence, in a bulletin's title."""

import pytest

from agents.extract.analysis import analyse
from agents.extract.attribution import attribution, source
from tests.support.extraction import article, languages


def said(body: str, language: str = "en", title: str = "", sentence: int = 0) -> str | None:
    """The source of one sentence of the body."""
    pack = languages()[language]
    found = analyse(article(body, language, title), pack.lexicon)
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
    told_by = source(found, pack, next(s for s in found.sentences if not s.in_title))
    assert told_by is not None
    assert (told_by.name, told_by.body, told_by.person) == ("Sebius Tabuni", "TPNPB-OPM", True)
