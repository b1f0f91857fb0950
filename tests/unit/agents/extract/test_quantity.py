"""What figures count and how wordings bound them; and all that looks like a figure and counts nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.extract.quantifiers import bounds
from streams.records import Count
from streams.vocabulary import Quantifier, Unit
from tests.support.extraction import cut, figures, reader


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "312 people", bounds(Quantifier.EXACT, 312)),
        ("en", "about 1,200 people", bounds(Quantifier.APPROXIMATELY, 1200)),
        ("en", "nearly a million people", bounds(Quantifier.APPROXIMATELY, 1_000_000)),
        ("en", "more than 17,000 people", bounds(Quantifier.MORE_THAN, 17_000)),
        ("en", "700+ people", bounds(Quantifier.MORE_THAN, 700)),
        ("en", "no fewer than 40 families", bounds(Quantifier.AT_LEAST, 40)),
        ("en", "just under 6,000 people", bounds(Quantifier.LESS_THAN, 6000)),
        ("en", "no more than 250 people", bounds(Quantifier.UP_TO, 250)),
        ("en", "as many as 800 families", bounds(Quantifier.UP_TO, 800)),
        ("en", "between 400 and 500 families", Count(quantifier=Quantifier.BETWEEN, reported=None, low=400, high=500)),
        ("en", "dozens of people", Count(quantifier=Quantifier.VAGUE, reported=None, low=12, high=None)),
        ("en", "several families", Count(quantifier=Quantifier.VAGUE, reported=None, low=3, high=None)),
        ("id", "lebih dari 2 ribu orang", bounds(Quantifier.MORE_THAN, 2000)),
        ("id", "sedikitnya 310 keluarga", bounds(Quantifier.AT_LEAST, 310)),
        ("id", "kurang dari 20 orang", bounds(Quantifier.LESS_THAN, 20)),
        ("id", "paling banyak 60 orang", bounds(Quantifier.UP_TO, 60)),
        ("id", "60-an orang", bounds(Quantifier.APPROXIMATELY, 60)),
        ("id", "belasan orang", Count(quantifier=Quantifier.VAGUE, reported=None, low=11, high=None)),
        ("ru", "не менее семи тысяч человек", bounds(Quantifier.AT_LEAST, 7000)),
        ("uk", "менш як двісті осіб", bounds(Quantifier.LESS_THAN, 200)),
    ],
)
def test_quantifiers_bound_as_the_contract_says(language: str, text: str, expected: Count) -> None:
    (figure,) = figures(text, language)
    assert figure.count == expected
    assert figure.of_people


@pytest.mark.parametrize(
    ("text", "unit", "group"),
    [
        ("2,300 residents", Unit.PERSON, None),
        ("900 households", Unit.HOUSEHOLD, None),
        ("120 hospital patients", Unit.PERSON, "patients"),
        ("541,527 displaced people", Unit.PERSON, None),
        ("42 heavily armed soldiers", Unit.PERSON, "soldiers"),
    ],
)
def test_units_and_groups(text: str, unit: Unit, group: str | None) -> None:
    (figure,) = figures(text, "en")
    assert (figure.unit, figure.group) == (unit, group)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It is 60 kilometres away, cost 4 dollars, took 14 minutes and weighed 412 tonnes."),
        ("en", "Amina Salimo, 34, heard the motorbikes on Highway 10 on 18 February 2025."),
        ("en", "The girls, aged 13 and 15, left 25 villages and 900 beds."),
        ("en", "Shares fell 11.4 per cent at 6.30 p.m."),
        ("en", "Flight 19 left gate 4 in 2024."),
        ("id", "Jaraknya 25 km, sewanya Rp1.500, pukul 20.40 WIB, Rabu (27/12)."),
        ("id", "Neneknya berumur 81 tahun dan tinggal di 12 desa."),
    ],
)
def test_what_counts_no_people(language: str, text: str) -> None:
    assert [f for f in figures(text, language) if f.of_people] == []


def test_shares_carry_their_bounds() -> None:
    (whole, share) = figures("57,034 people, more than half of them children", "en")
    assert whole.share is None
    assert share.share == (0.5, None)
    (_, third) = figures("300 people, 40 per cent of them women", "en")
    assert third.share == (0.4, 0.4)


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.sampled_from("123 .,-%kmpeoflish up to-more than"), max_size=120))
def test_figures_lie_within_their_sentence(text: str) -> None:
    for sentence in cut(text, "en"):
        for figure in reader("en").read(sentence):
            assert 0 <= figure.first < figure.last <= len(sentence.tokens)
