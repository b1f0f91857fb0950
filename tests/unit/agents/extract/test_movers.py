"""Who moves, lodges or orders out the people that a figure counts."""

import pytest

from tests.support.extraction import extracted


def movers(language: str, body: str) -> list[str | None]:
    """Who moves the people of each count of a text, in order."""
    return [count.actor for count in extracted(body, language).counts]


@pytest.mark.parametrize(
    ("language", "body", "mover"),
    [
        ("en", "The Red Cross is sheltering 300 families in two schools.", "Red Cross"),
        ("en", "Officials in Tacna county evacuated 900 residents on Friday.", "Officials"),
        ("es", "El ayuntamiento de Tacna alojó a 90 familias en un colegio.", "ayuntamiento de Tacna"),
        ("fa", "استانداری کرمان ۴۰۰ خانوار را در مدارس اسکان داده است.", "استانداری کرمان"),
        ("id", "UNHCR menampung 250 keluarga di dua sekolah.", "UNHCR"),
    ],
)
def test_who_does_something_to_those_counted_moves_them(language: str, body: str, mover: str) -> None:
    """Offices and helpers too, and who gives shelter."""
    assert movers(language, body) == [mover]


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "According to the police, 300 people were evacuated from Tacna."),
        ("en", "About 300 families have returned to Tacna from Chile."),
        ("ru", "По данным МЧС, эвакуировали более 900 человек."),
    ],
)
def test_a_source_or_a_place_moves_nobody(language: str, body: str) -> None:
    """Nor do those who move by themselves."""
    assert movers(language, body) == [None]
