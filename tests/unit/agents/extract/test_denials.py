"""Denials that name no act deny the one told before; those that name one, or nobody's, do not."""

import pytest

from streams.records import ConflictEvent
from streams.vocabulary import Modality
from streams.vocabulary import SubEventType as T
from tests.support.extraction import extracted

CAPTURE = "M23 rebels captured the town of Sake on Monday, residents said. "


def negated(body: str, language: str = "en") -> list[ConflictEvent]:
    """The negated events of a text."""
    return [e for e in extracted(body, language).events if e.modality is Modality.NEGATED]


@pytest.mark.parametrize(
    "denial",
    ["The Congolese army denied it.", "The Congolese army has denied losing the town.", "Kinshasa denies the claim."],
)
def test_a_bare_denial_negates_what_was_told_before(denial: str) -> None:
    """One record more, of the same type, with the denial as evidence and its speaker as source."""
    (event,) = negated(CAPTURE + denial)
    assert event.sub_event_type is T.NON_STATE_ACTOR_OVERTAKES_TERRITORY
    assert event.quote in denial
    assert event.attribution is not None


def test_it_works_in_another_word_order() -> None:
    """The verb of denial stands last."""
    text = "Suriye ordusu Kamışlı'yı havan toplarıyla bombaladı, SDG duyurdu. Savunma Bakanlığı bu iddiayı reddetti."
    assert [e.attribution for e in negated(text, "tr")] == ["Savunma Bakanlığı"]


def test_responsibility_denied_is_for_the_act_told_before() -> None:
    """Whatever the denial calls it."""
    before = "Gunmen massacred twelve farmers near Sake on Monday, the governor said. "
    (event,) = negated(before + "The rebels denied all responsibility for the killings.")
    assert event.sub_event_type is T.ATTACK


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        (
            "en",
            "Gunners shelled a funeral in Sake. The army denied targeting civilians.",
            T.SHELLING_ARTILLERY_MISSILE_ATTACK,
        ),
        (
            "az",
            "Ordu Xankəndini raketlə vurub. İrəvan mülki əhalinin hədəfə alındığını rədd edir.",
            T.SHELLING_ARTILLERY_MISSILE_ATTACK,
        ),
        (
            "tr",
            "Sudan ordusu sarayı geri aldığını duyurdu. HDK sarayın düştüğü haberlerini yalanladı.",
            T.GOVERNMENT_REGAINS_TERRITORY,
        ),
    ],
)
def test_harm_or_loss_denied_is_of_the_act_told_before(language: str, text: str, kind: T) -> None:
    """Civilians who were not targeted, a town that did not fall: whose act it was, and by what means, was told."""
    (event,) = negated(text, language)
    assert event.sub_event_type is kind


def test_means_denied_tell_the_type() -> None:
    """An act that nobody names otherwise."""
    (event,) = negated("The rebels attacked the army near Sake. The army denies any use of mortars.")
    assert event.sub_event_type is T.SHELLING_ARTILLERY_MISSILE_ATTACK


@pytest.mark.parametrize(
    "denial",
    [
        "The governor denied that anyone had died.",
        "Nobody denied it.\n\nThe talks go on.",
    ],
)
def test_a_denial_of_something_else_negates_nothing(denial: str) -> None:
    """A toll that is denied, or a denial without a speaker."""
    assert not [e for e in negated(CAPTURE + denial) if e.rule == "act denied"]


def test_nothing_told_means_nothing_denied() -> None:
    """A denial in another paragraph points nowhere."""
    assert not negated(CAPTURE + "\n\nThe minister denied it.")
