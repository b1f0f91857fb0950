"""Dates of a text, absolute from the day of publication."""

import pytest

from agents.extract.dates import days
from agents.extract.view import View
from tests.support.extraction import analysis

WEDNESDAY = "2024-05-15T09:00:00Z"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "They left on Monday.", ["2024-05-13"]),
        ("en", "They left on Wednesday morning.", ["2024-05-15T06:00"]),
        ("en", "They will leave next Friday.", ["2024-05-17"]),
        ("en", "They left yesterday.", ["2024-05-14"]),
        ("en", "They left this morning.", ["2024-05-15T06:00"]),
        ("en", "As of 18 February 2023 nobody had left.", ["2023-02-18"]),
        ("en", "They left on October 3.", ["2023-10-03"]),
        ("en", "They left by 18:30 on Tuesday.", ["2024-05-14T18:30"]),
        ("id", "Mereka pergi pada Senin malam.", ["2024-05-13T18:00"]),
        ("id", "Mereka pergi tanggal 3 Mei.", ["2024-05-03"]),
        ("id", "Hingga pagi ini mereka pergi.", ["2024-05-15T06:00"]),
        ("ru", "Они уехали во вторник вечером.", ["2024-05-14T18:00"]),
        ("uk", "Вони виїхали 10 травня.", ["2024-05-10"]),
        ("en", "They may leave on foot.", []),
    ],
)
def test_days(language: str, text: str, expected: list[str]) -> None:
    read = analysis(text, language, published=WEDNESDAY)
    found = [day.iso for s in read.sentences for day in days(read, View.of(read, s))]
    assert found == expected


def test_without_a_publication_time_relative_dates_stay_open() -> None:
    read = analysis("They left on Monday, others on 3 May 2024.", published=None)
    found = [day.iso for s in read.sentences for day in days(read, View.of(read, s))]
    assert found == ["2024-05-03"]


def test_an_impossible_day_is_none() -> None:
    read = analysis("They left on 31 February.", published=WEDNESDAY)
    assert days(read, View.of(read, read.sentences[0])) == ()
