"""Where the people of a figure leave and where they go, as the text writes it."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from agents.extract.analysis import Analysis
from agents.extract.figures import Figure
from agents.extract.language import Language
from agents.extract.movements import Movement
from agents.extract.names import Phrases
from agents.extract.overlay import Place
from agents.extract.place_reader import Mention
from agents.extract.places import ArticlePlaces
from agents.extract.text import Hit
from agents.extract.view import View
from streams.vocabulary import Term

_HERE: Final = frozenset((Term.AWAITING_EVACUATION, Term.HOMELESS))
"""Terms whose place in the text is where people still are: the origin."""

_THERE: Final = frozenset((Term.SHELTERED, Term.RETURNED, Term.REFUGEE))
"""Terms whose place in the text is where people have come to: the destination."""

_CARRIED: Final = _HERE | {Term.FORCED_TO_FLEE}
"""Terms whose origin is the place that the text is about, where the sentence names none."""

_NEAR: Final = 3
"""Tokens between a figure's noun and the place it is of ("5,000 residents of Flin Flon")."""

_SITES: Final = ("site.shelter", "site.new_site", "site.safety")
_MAX_SITE_TOKENS: Final = 7


class Route(NamedTuple):
    """Where people leave and where they go, as the text writes it; `place` and `country` are those of the origin."""

    origin: str | None = None
    destination: str | None = None
    place: Place | None = None
    country: str | None = None


class Routes:
    """Reads the routes of one article."""

    def __init__(self, analysis: Analysis, language: Language, places: ArticlePlaces) -> None:
        self.analysis = analysis
        self.language = language
        self.places = places

    def read(self, view: View, figure: Figure, told: Movement, first: int, last: int) -> Route:
        """Origin and destination of a figure told in tokens `first`..`last`."""
        destination = self._destination(view, figure, told, first, last)
        if told.term in _THERE:
            origin = self._cued(view, "source", first, last)
            return self._route(origin, destination, view, None)
        zone = next(view.hits("site.danger"), None)
        origin = self._cued(view, "source", first, last) or self._owner(view, figure)
        if origin is None and (told.term in _HERE or destination is None):
            origin = self._cued(view, "at", first, last)
        if origin is None and zone is None and told.term in _CARRIED:
            carried = self.places.of_act(view.sentence, first, last)
            return Route(carried.text, destination, carried.place, carried.country)
        return self._route(origin, destination, view, zone)

    def _route(self, origin: Mention | None, destination: str | None, view: View, zone: Hit | None) -> Route:
        if origin is None and zone is not None:
            beside = next((m for m in self.places.mentions(view.sentence) if 0 <= m.first - zone.last <= _NEAR), None)
            text = beside.text if beside is not None else self._text(view, zone.first, zone.last)
            return Route(text, destination, beside.place if beside else None, self.places.setting)
        return Route(
            origin=origin.text if origin else None,
            destination=destination,
            place=origin.place if origin else None,
            country=(origin.country if origin else None) or self.places.setting,
        )

    def _cued(self, view: View, cue: str, first: int, last: int) -> Mention | None:
        """The place with this cue nearest to the evidence, the more exact first."""
        found = [m for m in self.places.mentions(view.sentence) if m.cue == cue]
        return min(found, key=lambda m: (max(m.first - last, first - m.last, 0), -m.exactness), default=None)

    def _owner(self, view: View, figure: Figure) -> Mention | None:
        """The place whose people are counted: `Flin Flon's roughly 5,000 residents`, `5,000 residents of Flin Flon`."""
        for mention in self.places.mentions(view.sentence):
            behind = figure.noun is not None and 0 <= mention.first - figure.last < _NEAR
            if mention.cue in (None, "source") and (behind or 0 <= figure.first - mention.last <= 1):
                return mention
        return None

    def _destination(self, view: View, figure: Figure, told: Movement, first: int, last: int) -> str | None:
        goal = self._cued(view, "goal", first, last)
        if goal is not None:
            return goal.text
        site = self._site(view, figure, told)
        here = self._cued(view, "at", first, last)
        arrives = any(hit.last <= (here.first if here else 0) for hit in view.hits("move.arrive"))
        if here is not None and (told.term in _THERE or arrives):
            return here.text
        if site is not None and told.term is not Term.AWAITING_EVACUATION:
            return site
        return self._receiving(view) if told.term is Term.REFUGEE else None

    def _site(self, view: View, figure: Figure, told: Movement) -> str | None:
        """A camp, school or the like behind the verb, with its phrase."""
        after = max(figure.last, told.trigger[1] if told.trigger else 0)
        for hit in view.hits(*_SITES):
            if hit.first >= min(after, figure.first) and hit.first not in range(figure.first, figure.last):
                return self._phrase(view, hit)
        return None

    def _phrase(self, view: View, hit: Hit) -> str:
        phrases = Phrases.of(self.analysis, self.language, view)
        whole = next((p for p in phrases.all if p.first <= hit.first < p.last), None)
        if whole is None or whole.last - whole.first > _MAX_SITE_TOKENS:
            return self._text(view, hit.first, hit.last)
        return phrases.write(whole)

    def _receiving(self, view: View) -> str | None:
        """The country that takes people in, as the subject of the sentence."""
        countries: Iterable[Mention] = (m for m in self.places.mentions(view.sentence) if m.exactness == 0)
        return next((m.text for m in countries if m.cue is None), None)

    def _text(self, view: View, first: int, last: int) -> str:
        start, end = view.sentence.span(first, last)
        return self.analysis.text[start:end]
