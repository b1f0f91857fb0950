"""A figure's own break-down: "over half of them children", "among them 41 wounded", "58 men and 31 women"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents.extract.figures import Figure, group_name
from agents.extract.hits import Around
from agents.extract.text import PUNCT, Hit
from agents.extract.view import View
from streams.records import Part

_REACH: Final = 4
"""Words that may stand between a share and the group it is of ("most of them are women")."""

_GAP: Final = 9
"""Words that may stand between a figure and its break-down."""


@dataclass(slots=True)
class Piece:
    """A part with the figure that tells it and the token after its last word."""

    part: Part
    figure: Figure
    last: int


def parts_of(view: View, figures: Sequence[Figure], index: int) -> list[Piece]:
    """The break-down that follows the figure at `index` in its sentence, in order; empty for none."""
    pieces: list[Piece] = []
    end = figures[index].last
    for figure in figures[index + 1 :]:
        piece = _piece(view, figures[index], figure, end, bool(pieces))
        if piece is None:
            if figure.share is None:
                break
            continue
        pieces.append(piece)
        end = piece.last
    return pieces


def leading_part(view: View, figures: Sequence[Figure], index: int) -> Piece | None:
    """The figure as a part of the one right behind it: "9'u çocuk 35 kişi", "18-i uşaq olmaqla 93 nəfər"."""
    figure = figures[index]
    main = figures[index + 1] if index + 1 < len(figures) else None
    if (
        main is None
        or figure.group is None
        or figure.share is not None
        or not main.of_people
        or not _fits(main, figure)
    ):
        return None
    words = set(range(figure.last, main.first))
    for hit in view.hits("part.including"):
        words -= set(range(hit.first, hit.last))
    return None if words else _counted(figure, figure.group, figure.last)


def pieces_of_sentence(figures: Sequence[Figure]) -> list[Piece]:
    """All figures of a sentence as parts of the figure told before it; those without a group are none."""
    return [_counted(figure, figure.group, figure.last) for figure in figures if figure.group is not None]


def _counted(figure: Figure, group: str, last: int) -> Piece:
    count = figure.count
    part = Part(group=group, quantifier=count.quantifier, reported=count.reported, low=count.low, high=count.high)
    return Piece(part, figure, last)


def _piece(view: View, main: Figure, figure: Figure, end: int, begun: bool) -> Piece | None:
    group, last = _group(view, figure)
    if group is None:
        return None
    if figure.share is not None:
        return Piece(_share(group, figure), figure, last) if figure.first - end <= 2 * _GAP else None
    if not (begun and figure.first - end <= 3) and not _says_part(view, main, figure, end, last):
        return None
    if not _fits(main, figure):
        return None
    return _counted(figure, group, last)


def _fits(main: Figure, figure: Figure) -> bool:
    """A part is smaller than the whole."""
    whole = main.count.reported or main.count.low or main.count.high
    part = figure.count.reported or figure.count.low or figure.count.high
    return whole is None or part is None or part < whole or (main.count.high is None and main.count.reported is None)


def _says_part(view: View, main: Figure, figure: Figure, end: int, last: int) -> bool:
    """Whether the words before or behind the figure say that it is part of the one before."""
    if figure.first - end > _GAP + 8:
        return False
    tokens = view.sentence.tokens
    if any(end <= hit.first and hit.last <= figure.first and figure.first - hit.last <= 2 for hit in _cues(view)):
        return True
    if any(0 <= hit.first - last <= 2 for hit in view.hits("part.of_them", "part.including")):
        return True
    if (figure.of_people or figure.noun is None) and _is_of_them(view, figure):
        return True
    opened = end < len(tokens) and tokens[end].text == "(" and figure.first - end <= 2
    return opened and main.noun is not None


def _is_of_them(view: View, figure: Figure) -> bool:
    """Whether "of them" stands right behind a figure: "312 of them minors", "2000 نفر آنان کودک"."""
    ends = (figure.last, figure.number.last if figure.number else figure.last)
    return any(hit.first in ends for hit in view.hits("part.of_them"))


def _cues(view: View) -> list[Hit]:
    return list(view.hits("part.of_them", "part.including"))


def _group(view: View, figure: Figure) -> tuple[str | None, int]:
    """The group that a part or share is of, and the token after it."""
    if figure.group is not None:
        return figure.group, figure.last
    if figure.share is None and figure.noun is not None and not _is_of_them(view, figure):
        return None, figure.last
    reach = figure.last
    tokens, around = view.sentence.tokens, Around.of(view.sentence)
    while reach < len(tokens) and reach - figure.last <= _REACH:
        if tokens[reach].kind == PUNCT and tokens[reach].text not in "—–-՝":
            break
        for hit in sorted(around.starting(reach), key=lambda h: h.first - h.last):
            if hit.concept.startswith("group."):
                name = group_name(hit.concept)
                if name is not None:
                    return name, hit.last
        reach += 1
    return None, figure.last


def _share(group: str, figure: Figure) -> Part:
    assert figure.share is not None
    low, high = figure.share
    return Part(group=group, quantifier=figure.count.quantifier, share_low=low, share_high=high)
