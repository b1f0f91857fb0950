"""Attributes of events: who acts on whom, where, when, with what, as texts of several languages tell it."""

import pytest

from agents.extract.engine import Engine
from streams.records import ConflictEvent
from tests.support.extraction import article, languages


def event(language: str, body: str, published: str | None = None) -> ConflictEvent:
    """The one event of a text."""
    [found] = Engine(languages()).extract(article(body, language, published=published)).events
    return found


@pytest.mark.parametrize(
    ("language", "body", "target"),
    [
        ("en", "A delivery van hit a mine near Kherson on Monday.", "delivery van"),
        ("en", "Police used tear gas against students who rallied in Lagos.", "students"),
        (
            "en",
            "Government troops have recaptured the town of Kutum from the Rapid Support Forces.",
            "Rapid Support Forces",
        ),
        ("es", "Las tropas ocuparon la aldea y expulsaron a los separatistas, según el Ejército.", "separatistas"),
        ("ru", "Беспилотник ударил по школе в селе Казачья Лопань.", "школе"),
        ("tr", "Polis üç şüpheliyi gözaltına aldı.", "şüpheliyi"),
    ],
)
def test_the_target_is_what_such_acts_hit(language: str, body: str, target: str) -> None:
    """Not the ground that is taken, nor the weapon, nor bare people."""
    assert target in (event(language, body).target or "")


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("en", "Police arrested 61 people in Lagos."),
        ("en", "Russian artillery shelled the outskirts of Kupiansk."),
        ("en", "M23 rebels captured the town of Sake in eastern Congo."),
    ],
)
def test_people_and_places_as_such_are_no_target(language: str, body: str) -> None:
    assert event(language, body).target is None
