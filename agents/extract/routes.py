"""Where the people of a figure leave and where they go, as the text writes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.anaphora import Anaphora
from agents.extract.concepts import bits
from agents.extract.evacuation import Telling
from agents.extract.figures import Figure
from agents.extract.governed import GovernedReader
from agents.extract.language import Language
from agents.extract.mentions import Mention
from agents.extract.movements import Movement
from agents.extract.overlay import Place
from agents.extract.places import ArticlePlaces
from agents.extract.spots import VERBS, Spot, SpotReader
from agents.extract.view import View
from streams.vocabulary import Term

_HERE: Final = frozenset((Term.AWAITING_EVACUATION, Term.HOMELESS))
"""Terms whose place in the text is where people still are: the origin."""

_THERE: Final = frozenset((Term.SHELTERED, Term.RETURNED, Term.REFUGEE))
"""Terms whose place in the text is where people have come to: the destination."""

_CARRIED: Final = _HERE | {Term.FORCED_TO_FLEE}
"""Terms whose origin is the place that the text is about, where the sentence names none."""

_HERE_CUES: Final = ("at", "source")
"""Parts of places where people are or were."""

_RETURN: Final = bits("term.returned")

_NEAR: Final = 3
"""Tokens between a figure's noun and the place it is of ("5,000 residents of Flin Flon")."""


@dataclass(slots=True)
class Route:
    """Where people leave and where they go, as the text writes it; the other three are what the origin resolves to."""

    origin: str | None = None
    destination: str | None = None
    place: Place | None = None
    country: str | None = None
    mention: Mention | None = None


class Routes:
    """Reads the routes of one article."""

    def __init__(self, analysis: Analysis, language: Language, places: ArticlePlaces) -> None:
        self.analysis = analysis
        self.language = language
        self.places = places
        self.spots = SpotReader(analysis, language, places)
        self.governed = GovernedReader(analysis, language)
        self.anaphora = Anaphora(analysis, language, places)
        self._left: Route | None = None
        self._from: Route | None = None  # where those who returned before came from
        self._back: str | None = None  # where people go who return, no more said: what they left, or did return to

    def read(self, view: View, telling: Telling, own: range) -> Route:
        """Origin and destination of a figure; `own` are the tokens that no other figure of the sentence claims."""
        figure, told, first, last = telling.figure, telling.movement, telling.first, telling.last
        every = self.spots.read(view, figure, told)
        every += self.governed.read(view, figure, told, every)
        spots = [spot for spot in every if spot.first in own or spot.cue == "source"]
        goal = _goal(view, [s for s in every if s.first in own], told, first, last)
        if goal is None and told.term in _THERE:
            goal = _nearest([s for s in every if s.first < own.start and s.mention], first, last, "at")
        destination = self.spots.text(view, goal) if goal is not None else None
        if destination is None and told.term is Term.REFUGEE:
            destination = self._receiving(view)
        if told.term is Term.RETURNED:
            destination = destination or (None if view.has("site.home") else self._back)
            self._back = destination or self._back
        here = self._in_sentence(view, every, destination)
        left_from = [s for s in spots if s is not goal]
        owner = self._owner(view, left_from, figure, told)
        origin = _origin(left_from, told, owner, goal is None, first, last, own)
        if (origin is not None and origin.bare) or (origin is None and told.term in _CARRIED):
            left = here or self._meant(view, telling) or self._left_before(view, destination, first, last)
        elif origin is not None:
            left = _route(origin.mention)
            left.origin = self.spots.text(view, origin)
        elif told.term is Term.EVACUATED:
            left = here or self._meant(view, telling) or self._main(view, destination)
        elif told.term is Term.RETURNED:
            left = self._from or self._returned_from(view)
        else:
            left = Route()
        if told.term is Term.RETURNED and left.origin:
            self._from = left
        if told.term not in _THERE and left.origin:
            self._left = left
            self._back = left.origin
        country = left.country or self.places.setting
        return Route(left.origin, destination, left.place, country, left.mention)

    def _meant(self, view: View, telling: Telling) -> Route | None:
        """The place that "the town" means in the evidence."""
        left = self._left.mention if self._left is not None else None
        stay = telling.movement.term in _HERE
        meant = self.anaphora.among(view, range(telling.first, telling.last), left, stay)
        return _route(meant) if meant is not None else None

    def _main(self, view: View, destination: str | None) -> Route:
        """The place that the article is about, where people who are moved leave no other."""
        main = self.places.main_so_far(view.sentence)
        return _route(main) if main is not None and main.text != destination else Route()

    def _returned_from(self, view: View) -> Route:
        """The place that a title which speaks of a return names as left."""
        titles = (s for s in self.analysis.sentences[: view.sentence.index] if s.in_title and s.concepts & _RETURN)
        for title in titles:
            left = next((m for m in self.places.mentions(title) if m.cue == "source"), None)
            if left is not None and any(hit.concept == "term.returned" for hit in title.hits):
                return _route(left)
        return Route()

    def _left_before(self, view: View, destination: str | None, first: int, last: int) -> Route:
        """The place that the text has told people to leave, else the one that it is about."""
        if self._left is not None and self._left.origin != destination:
            return self._left
        carried = self.places.of_act(view.sentence, first, last)
        if carried.text is None or carried.text == destination or self._is_goal(view, carried.text):
            return Route()
        return Route(carried.text, None, carried.place, carried.country)

    def _in_sentence(self, view: View, spots: Sequence[Spot], destination: str | None) -> Route | None:
        """The first place that the sentence finds people at, other than where they go and what they pass."""
        passed = {spot.first for spot in spots if spot.cue == "via"}
        here = (m for m in self.places.mentions(view.sentence) if m.cue in _HERE_CUES and m.exactness > 1)
        return next((_route(m) for m in here if m.text != destination and m.first not in passed), None)

    def _owner(self, view: View, spots: Sequence[Spot], figure: Figure, told: Movement) -> Spot | None:
        """The place whose people are counted: `Flin Flon's roughly 5,000 residents`, `5,000 residents of Flin Flon`."""
        pack = self.language.pack
        for spot in spots:
            if spot.mention is None or spot.cue is not None:
                continue
            behind = figure.noun is not None and 0 <= spot.first - figure.last < _NEAR
            before = 0 <= figure.first - spot.last <= 1 and not view.sentence.names(spot.last, figure.first, VERBS)
            if behind and pack.verb_order != "sov":
                return spot
            if before and pack.noun_order == "head_last" and told.term not in _THERE:
                return spot
        return self.governed.owner(view, figure)

    def _is_goal(self, view: View, text: str) -> bool:
        return any(m.text == text and m.cue == "goal" for m in self.places.mentions(view.sentence))

    def _receiving(self, view: View) -> str | None:
        """The country that takes people in, as the subject of the sentence."""
        countries: Iterable[Mention] = (m for m in self.places.mentions(view.sentence) if m.exactness == 0)
        return next((m.text for m in countries if m.cue is None), None)


def _route(origin: Mention | None) -> Route:
    return Route(origin.text, None, origin.place, origin.country, origin) if origin is not None else Route()


def _origin(
    spots: Sequence[Spot], told: Movement, owner: Spot | None, goalless: bool, first: int, last: int, own: range
) -> Spot | None:
    """Where people leave: what words of leaving govern, whose people they are, or where the text finds them."""
    source = _nearest(spots, first, last, "source")
    if source is not None and told.term in _HERE:
        return source if source.first in own else _nearest(spots, first, last, "at") or source
    if source is not None or told.term is Term.RETURNED:
        return source
    if owner is not None or told.term in _THERE:
        return owner
    if told.term in _HERE or goalless:
        here = [s for s in spots if s.kind != "site" or told.term in _HERE]
        return _nearest(here, first, last, "at") or _danger(spots)
    return _danger(spots)


def _danger(spots: Sequence[Spot]) -> Spot | None:
    return next((s for s in spots if s.kind == "danger"), None)


def _goal(view: View, spots: Sequence[Spot], told: Movement, first: int, last: int) -> Spot | None:
    spots = [s for s in spots if s.kind in ("name", "site", "governed")]
    goal = _nearest(spots, first, last, "goal")
    if goal is not None and (told.term is not Term.AWAITING_EVACUATION or first <= goal.first < last):
        return goal
    if told.term is Term.AWAITING_EVACUATION:
        return None
    here = _nearest(spots, first, last, "at")
    if told.term is Term.SHELTERED:
        named = [s for s in spots if s.mention is not None]
        return _nearest(named, first, last, "at") or here or next((s for s in spots if s.kind == "site"), None)
    arrives = any(hit.last <= (here.first if here else 0) for hit in view.hits("move.arrive"))
    if here is not None and (told.term in _THERE or arrives):
        return here
    return None


def _nearest(spots: Sequence[Spot], first: int, last: int, cue: str) -> Spot | None:
    """The spot with this cue nearest to the evidence; a named one before others, the more exact first."""
    found = [s for s in spots if s.cue == cue]

    def rank(spot: Spot) -> tuple[int, bool, int]:
        return max(spot.first - last, first - spot.last, 0), spot.mention is None, -spot.exactness

    return min(found, key=rank, default=None)
