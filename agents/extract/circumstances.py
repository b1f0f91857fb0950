"""What is told around a figure of people moved: since when, until when, where from, where to, and by whom."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from agents.extract.analysis import Analysis
from agents.extract.dates import days
from agents.extract.language import Language
from agents.extract.names import Phrases
from agents.extract.overlay import Place
from agents.extract.place_reader import Mention
from agents.extract.places import ArticlePlaces
from agents.extract.roles import roles
from agents.extract.text import Hit, Sentence
from agents.extract.view import View
from streams.vocabulary import Flow, Modality, Term

_AS_OF_REACH: Final = 3
_HERE: Final = frozenset((Term.AWAITING_EVACUATION, Term.HOMELESS))
"""Terms whose place in the text is where people still are: the origin."""

_THERE: Final = frozenset((Term.SHELTERED, Term.RETURNED, Term.REFUGEE))
"""Terms whose place in the text is where people have come to: the destination."""

_MOVED_BY_OTHERS: Final = frozenset((Term.EVACUATED, Term.RELOCATED, Term.RETURNED))


class Route(NamedTuple):
    """Where people leave and where they go, as the text writes it; `place` and `country` are those of the origin."""

    origin: str | None = None
    destination: str | None = None
    place: Place | None = None
    country: str | None = None


class Scope(NamedTuple):
    """The tokens whose words of time belong to a figure: up to the figures beside it, or its whole sentence part."""

    first: int
    last: int
    anchor: int


def scope(view: View, anchor: int, others: Iterable[int]) -> Scope:
    """The scope of the figure at token `anchor`, `others` being the first tokens of the figures beside it.

    The first figure of a sentence also has what stands before it; words of time behind the last belong to the last,
    and to the others if they have none of their own.
    """
    others = list(others)
    low, high = view.part_bounds(anchor)
    own_low = anchor if any(low <= other < anchor for other in others) else low
    own_high = min((other for other in others if anchor < other < high), default=high)
    if _has_time(view, own_low, own_high):
        return Scope(own_low, own_high, anchor)
    return Scope(low, high, anchor)


def _has_time(view: View, first: int, last: int) -> bool:
    timed = ("flow.", "time.")
    return any(first <= hit.first < last and hit.concept.startswith(timed) for hit in view.sentence.hits)


def flow(view: View, where: Scope, holds: str | None, dated: bool) -> Flow:
    """Whether a figure adds to a period or sums up; the word nearest to it decides."""
    new, summed = _nearest(view, where, "flow.new"), _nearest(view, where, "flow.cumulative")
    if summed is not None and (new is None or summed <= new):
        return Flow.CUMULATIVE
    if new is not None:
        return Flow.NEW
    return Flow.CUMULATIVE if holds is not None else Flow.NEW if dated else Flow.UNKNOWN


def _nearest(view: View, where: Scope, concept: str) -> int | None:
    """Tokens from the figure to the nearest hit in its scope."""
    gaps = (
        max(hit.first - where.anchor, where.anchor - hit.last, 0)
        for hit in view.hits(concept)
        if where.first <= hit.first < where.last
    )
    return min(gaps, default=None)


def as_of(analysis: Analysis, view: View, where: Scope, modality: Modality) -> str | None:
    """The day, with its time, until which a figure is said to hold."""
    if modality in (Modality.PLANNED, Modality.HYPOTHETICAL):
        return None
    for day in days(analysis, view):
        if not where.first <= day.first < where.last:
            continue
        before = any(0 <= day.first - hit.last < _AS_OF_REACH for hit in view.hits("flow.as_of"))
        after = any(0 <= hit.first - day.last < _AS_OF_REACH for hit in view.hits("flow.as_of_after"))
        if before or after:
            return day.iso
    return None


def is_dated(analysis: Analysis, view: View, where: Scope) -> bool:
    """Whether a day is named in a figure's scope."""
    return any(where.first <= day.first < where.last for day in days(analysis, view))


def route(places: ArticlePlaces, view: View, term: Term, first: int, last: int) -> Route:
    """Origin and destination told in or near tokens `first`..`last`."""
    sentence = view.sentence
    origin = places.origin(sentence, first, last)
    destination = places.destination(sentence, first, last)
    here = _place_at(places, sentence, first, last)
    if term in _THERE:
        destination = destination or here
    elif term in _HERE:
        origin = origin or here
    elif origin is None:
        zone = next(view.hits("site.danger"), None)
        if zone is not None:
            return Route(_text(sentence, zone), destination.text if destination else None, None, places.setting)
        origin = here if destination is None else None
    return Route(
        origin=origin.text if origin else None,
        destination=destination.text if destination else None,
        place=origin.place if origin else None,
        country=(origin.country if origin else None) or places.setting,
    )


def _place_at(places: ArticlePlaces, sentence: Sentence, first: int, last: int) -> Mention | None:
    """The place named as where something is, nearest to the tokens."""
    at = [m for m in places.mentions(sentence) if m.cue == "at"]
    return min(at, key=lambda m: max(m.first - last, first - m.last, 0), default=None)


def _text(sentence: Sentence, hit: Hit) -> str:
    texts = [token.text for token in sentence.tokens[hit.first : hit.last]]
    return " ".join(texts)


def mover(
    analysis: Analysis, language: Language, view: View, term: Term, trigger: tuple[int, int] | None
) -> str | None:
    """Who moves the people, told by the verb or by the same verb in the sentence before."""
    if term not in _MOVED_BY_OTHERS or trigger is None:
        return None
    own = _actor(analysis, language, view, trigger)
    if own is not None or term is not Term.EVACUATED:
        return own
    index = view.sentence.index - 1
    if index < 0 or analysis.sentences[index].paragraph != view.sentence.paragraph:
        return None
    before = View.of(analysis, analysis.sentences[index])
    for hit in before.hits("term.evacuated"):
        return _actor(analysis, language, before, (hit.first, hit.last))
    return None


def _actor(analysis: Analysis, language: Language, view: View, trigger: tuple[int, int]) -> str | None:
    phrases = Phrases.of(analysis, language, view)
    found = roles(phrases, Hit("", *trigger), nominal=False).actor
    if found is None or any(token.text.isdigit() for token in view.sentence.tokens[found.first : found.last]):
        return None
    actor = language.actors.read(view.sentence, *found)
    return phrases.write(found) if actor.kind is not None else None
