"""Evacuation counts: from the figures of an article to records of people moved, moving, told to move, back or stuck."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import BIT, bits, starting
from agents.extract.dates import published_day, year_so_far
from agents.extract.figures import Figure
from agents.extract.language import Language
from agents.extract.modality import Mood, mood
from agents.extract.movements import FEW, MOVING, ORDERABLE, Context, Movement, movement, own_term
from agents.extract.names import Phrases
from agents.extract.parts import Piece, leading_part, parts_of, pieces_of_sentence
from agents.extract.quantity import figures_of
from agents.extract.roles import is_passive
from agents.extract.text import PUNCT, Hit, Sentence
from agents.extract.view import View
from streams.vocabulary import Modality, Quantifier, Term, Unit

MAX_QUOTE_WORDS: Final = 25

MAX_PEOPLE: Final = 200_000_000
"""Larger figures count money or things."""

_SEVERAL: Final = 3
"""The least that "several" says."""

_THEMES: Final = starting("term.", "displaced.", "move.order", "site.danger", "site.safety")
"""What an article that counts moved people speaks of somewhere."""
_THEME_BITS: Final = bits(*_THEMES)
_EXERCISE: Final = bits("cue.exercise")

_OF_THE_VERB: Final = (Modality.NEGATED, Modality.HYPOTHETICAL)
"""What a word inside the verb itself does not say of the figure ("cannot leave", "sought refuge")."""

_AHEAD: Final = (Modality.HYPOTHETICAL, Modality.PLANNED)
_LEFT: Final = "move.leave"
"""A common word for leaving: whoever may have to leave before a flood or fire is evacuated."""

_FOLLOW_SENTENCES: Final = 2
"""How far back a figure without words of its own may look for the figure it continues."""

_PART_REACH: Final = 3
_PEOPLE_REACH: Final = 2
_SAY_REACH: Final = 8
"""Words between a verb of saying and the figure that its speaker gives; fewer where it counts people by a noun."""

_SUBJECT_REACH: Final = 3
"""Words at the start of a clause within which its subject's name stands."""

_RELATIVE_REACH: Final = 2
"""Tokens from a name to the verb's clause that describes it, its comma one of them."""

_DWELLINGS: Final = ("item.home", "item.house", "item.apartment")
_HARM: Final = tuple(f"act.{verb}" for verb in ("kill", "die", "wound", "arrest", "abduct", "murder", "shoot", "rape"))
_CRIMES: Final = ("act.murder", "act.shoot", "act.abduct")
_CRIME_BITS: Final = bits(*_CRIMES)
_ADDED: Final = ("part.of_them", "part.another", "part.number_of", "part.total", "part.others")
_ADDED_BITS: Final = bits(*_ADDED)
_HELPERS: Final = frozenset(["rescuers", "firefighters", "medics", "aid workers", "doctors", "nurses", "peacekeepers"])
_NOT_MOVED: Final = frozenset(
    [
        *_HELPERS,
        *("soldiers", "officers", "police", "fighters", "rebels", "militants", "insurgents", "terrorists", "gunmen"),
        *("attackers", "militiamen", "auxiliaries", "mercenaries", "troops", "servicemen", "police officers", "guards"),
        *("conscripts", "recruits", "bodies", "volunteers", "protesters", "prisoners", "hostages", "inmates"),
    ]
)
"""Groups whose figures are no displacement unless a word of evacuation itself governs them."""


@dataclass(slots=True, eq=False)
class Telling:
    """A figure of people in its sentence with the movement it tells. `first`, `last` are the tokens of the quote.

    `follows` is the figure before it that it may continue; `continues`: its words say so ("another 300", "of these").
    """

    sentence: Sentence
    figure: Figure
    movement: Movement
    modality: Modality
    unit: Unit
    group: str | None
    pieces: tuple[Piece, ...]
    first: int
    last: int
    follows: "Telling | None" = None
    continues: bool = False


def tellings(analysis: Analysis, language: Language) -> list[Telling]:
    """All figures of people moved that an article tells, in order; title and body told once."""
    if not _may_tell(analysis):
        return []
    return _once(_Reader(analysis, language).run())


def _may_tell(analysis: Analysis) -> bool:
    """Whether the article speaks of people moving at all, and not of a drill."""
    themed, drills = False, 0
    for sentence in analysis.sentences:
        if not themed and sentence.concepts & _THEME_BITS:
            themed = any(hit.concept in _THEMES for hit in sentence.hits)
        if sentence.concepts & _EXERCISE:
            drilled = sum(hit.concept == "cue.exercise" for hit in sentence.hits)
            drills += 2 * drilled if sentence.in_title else drilled
    return themed and drills < 2


def _names(analysis: Analysis, concept: str) -> bool:
    """Whether the article names a concept anywhere."""
    bit = BIT[concept]
    named = [sentence for sentence in analysis.sentences if sentence.concepts & bit]
    return any(hit.concept == concept for sentence in named for hit in sentence.hits) if named else False


class _Reader:
    """One pass over the sentences of an article; `previous` is the telling that a bare figure may continue."""

    def __init__(self, analysis: Analysis, language: Language) -> None:
        self.analysis, self.language = analysis, language
        self.flight = _names(analysis, "term.forced_to_flee")
        self.evacuation = _names(analysis, "term.evacuated")
        self.disaster = _names(analysis, "domain.disaster")
        self.previous: Telling | None = None

    def run(self) -> list[Telling]:
        found: list[Telling] = []
        for sentence in self.analysis.sentences:
            if not sentence.concepts & MOVING and not self._is_near(sentence):
                continue
            figures = figures_of(self.language.figures, sentence)
            if found and _breaks_down(figures, found[-1], sentence):
                found[-1] = self.previous = replace(found[-1], pieces=tuple(pieces_of_sentence(figures)))
            else:
                found += self._of_sentence(sentence, figures)
        return found

    def _is_near(self, sentence: Sentence) -> bool:
        """Whether figures of a sentence that names no movement may continue the figure told last."""
        before = self.previous
        return before is not None and sentence.index - before.sentence.index <= _FOLLOW_SENTENCES

    def _of_sentence(self, sentence: Sentence, figures: Sequence[Figure]) -> Iterator[Telling]:
        view = View.of(self.analysis, sentence) if figures else None
        used = 0
        leading: list[Piece] = []
        for index, figure in enumerate(figures):
            if view is None or index < used or figure.share is not None:
                continue
            part = leading_part(view, figures, index)
            if part is not None:
                leading = [part]
                continue
            pieces = parts_of(view, figures, index)
            telling = self._telling(view, figures, index, [*leading, *pieces])
            leading = []
            if telling is not None:
                self.previous = telling
                used = index + 1 + len(pieces)
                yield telling

    def _telling(self, view: View, figures: Sequence[Figure], index: int, pieces: Sequence[Piece]) -> Telling | None:
        figure = figures[index]
        dwellings = figure.noun in _DWELLINGS
        if dwellings:
            figure = replace(figure, unit=Unit.HOUSEHOLD)
        elif figure.noun is not None and figure.unit is None:
            return None
        follows = self._follows(view)
        before = follows.movement.term if follows is not None else None
        parts = [piece.figure for piece in pieces]
        others = [f for f in figures if all(f is not part for part in parts)] if parts else figures
        verb_last = self.language.pack.verb_order == "sov"
        acts, host = partial(self._acts, view), partial(self._is_by_country, view)
        context = Context(others, before, self.flight, self.evacuation, verb_last, acts, host)
        told = movement(view, figure, context)
        if told is None and follows is not None and self._continues(view, figure):
            told = Movement(follows.movement.term, None, follows.movement.ordered, "follows")
        if told is None and own_term(figure) is not None and figure.count.reported != 1 and not _negligible(view):
            told = Movement(own_term(figure) or Term.DISPLACED, (figure.first, figure.last), False, figure.noun or "")
        if told is None or not self._believed(figure, told) or (dwellings and not _are_emptied(figure, told)):
            return None
        if _is_aside(view, figure) or _is_population(view, figure) or _is_among(view, figure, told, follows):
            return None
        if _is_led_away(view, figure, told) or _is_behind(view, figure, "part.compared"):
            return None  # another is only measured by it: "5,600 people, compared to 6,200 in 2018"
        return self._made(view, figure, told, pieces, follows)

    def _believed(self, figure: Figure, told: Movement) -> bool:
        if figure.group in _NOT_MOVED:
            return told.term is Term.EVACUATED and told.rule.startswith("term.") and figure.group not in _HELPERS
        if max(figure.count.reported or 0, figure.count.low or 0, figure.count.high or 0) > MAX_PEOPLE:
            return False
        if told.trigger is None:
            return True
        if figure.unknown:
            many = (figure.count.reported or figure.count.low or 0) >= FEW
            return many and (told.ordered or told.rule.startswith("term.")) and _gap(figure, told.trigger) <= 8
        return figure.of_people or _gap(figure, told.trigger) <= 12

    def _follows(self, view: View) -> Telling | None:
        """The figure before this one, if it stands near enough to be continued."""
        before = self.previous
        if before is None or before.sentence.in_title != view.sentence.in_title:
            return None
        near = view.sentence.index - before.sentence.index <= _FOLLOW_SENTENCES
        return before if near and before.sentence.paragraph == view.sentence.paragraph else None

    def _continues(self, view: View, figure: Figure) -> bool:
        """Whether a figure without a movement of its own continues the one before: another, of them, a source's own."""
        if figure.unknown or figure.group is not None or _negligible(view) or view.has("cue.refusal"):
            return False
        elsewhere = self.previous is not None and self.previous.sentence is not view.sentence
        if elsewhere and _is_behind(view, figure, "part.of_them"):
            return False
        if _is_added(view, figure):
            return True
        if any(hit.last <= figure.first for hit in view.hits("part.number_of")):
            return True
        if self._joins_previous(view, figure):
            return True
        if figure.of_people and not _ends_sentence(view, figure):
            return False
        reach = _PEOPLE_REACH if figure.of_people else _SAY_REACH
        return any(_distance(hit, figure) <= reach for hit in view.hits("say.verb", "say.according", "say.office"))

    def _joins_previous(self, view: View, figure: Figure) -> bool:
        """Whether it stands beside a figure of the same sentence: "... and 300", "34 families, 133 people"."""
        before = self.previous
        if before is None or before.sentence is not view.sentence:
            return False
        if figure.of_people:
            return before.unit != figure.unit
        return any(hit.last == figure.first for hit in view.hits("cue.and"))

    def _acts(self, view: View, verb: Hit) -> bool:
        """Whether the subject before a verb is who acts; only where the language's word order tells."""
        pack = self.language.pack
        if pack.verb_order != "svo" or not (pack.morphology.passive_prefixes or pack.morphology.passive_suffixes):
            return False
        return not is_passive(Phrases.of(self.analysis, self.language, view), verb)

    def _is_by_country(self, view: View, verb: Hit) -> bool:
        """Whether a country is the subject of a verb: "Polonia ha acogido", "Le Rwanda dit avoir accueilli"."""
        tokens, pack = view.sentence.tokens, self.language.pack
        start = view.clause_bounds(verb.first)[0]
        if any(relative.first == start for relative in view.hits("cue.relative")):
            start = max(start - _RELATIVE_REACH, 0)
        ahead = range(start, min(start + _SUBJECT_REACH, verb.first))
        behind = range(verb.last, min(verb.last + 1, view.size)) if pack.verb_order == "vso" else range(0)
        for at in (*ahead, *behind):
            if tokens[at].norm in self.language.prepositions:
                return False
            if self.language.places.countries.named(tokens[at].text) is not None:
                return True
        return False

    def _is_long_ago(self, view: View) -> bool:
        """Whether the paragraph so far tells of a day in an earlier year, and the sentence names none of its own."""
        published = published_day(self.analysis)
        if published is None:
            return False
        year = year_so_far(self.analysis, view.sentence)
        return year is not None and year < published.year - 1

    def _modality(self, view: View, figure: Figure, told: Movement, how: Mood) -> Modality | None:
        """How the figure is told; "since 2018" is no other time, and "cannot leave" denies nothing."""
        trigger = told.trigger or (figure.first, figure.last)
        if how.modality is None and how.cue is None and view.has("flow.cumulative"):
            return Modality.ASSERTED
        if how.cue is not None and _is_of_the_verb(view, told, how.modality, how.cue):
            return Modality.ASSERTED
        if how.modality is Modality.PLANNED and how.cue is not None and self._is_noun_ahead(how.cue, trigger):
            return Modality.ASSERTED
        if how.modality is not Modality.ASSERTED or told.term is Term.AWAITING_EVACUATION:
            return how.modality
        if view.part[figure.first] != view.part[trigger[0]] and _lies_ahead(view, figure):
            return Modality.PLANNED
        return _between(view, figure, trigger)

    def _is_noun_ahead(self, cue: Hit, trigger: tuple[int, int]) -> bool:
        """Whether a word of the future is a noun before a verb that stands last: "sığınacaq tapıb", found shelter."""
        return self.language.pack.verb_order == "sov" and trigger[0] <= cue.first < trigger[1] - 1

    def _made(
        self, view: View, figure: Figure, told: Movement, pieces: Sequence[Piece], follows: Telling | None
    ) -> Telling | None:
        trigger = told.trigger or (figure.first, figure.last)
        how = mood(self.analysis, view, trigger[0], trigger[1])
        modality = self._modality(view, figure, told, how)
        if _is_urged(told, how):
            told, modality = replace(told, term=Term.EVACUATED, ordered=True), Modality.PLANNED
        if modality is None or self._is_long_ago(view):
            return None
        if modality in _AHEAD and self.disaster and told.rule == _LEFT:
            told = replace(told, term=Term.EVACUATED)
        if told.ordered and modality is Modality.ASSERTED:
            modality = Modality.PLANNED
        unit, group = figure.unit, figure.group
        if unit is None:
            named = figure.unknown or _names_people_behind(view, figure)
            taken = follows is not None and not named and figure.count.quantifier is not Quantifier.VAGUE
            unit = follows.unit if follows is not None and taken else _unit_numbered(view)
            group = follows.group if follows is not None else None
        elif group is None and follows is not None and _are_others(view, figure):
            group = follows.group
        first, last = _quote(view, figure, told, pieces)
        return Telling(
            sentence=view.sentence,
            figure=figure,
            movement=told,
            modality=modality,
            unit=unit,
            group=group,
            pieces=tuple(pieces),
            first=first,
            last=last,
            follows=follows,
            continues=_is_added(view, figure),
        )


def _is_urged(told: Movement, how: Mood) -> bool:
    """Whether people are called on to leave, which tells of an evacuation as an order does."""
    called = how.cue is not None and how.cue.concept == "cue.urge"
    return called and told.trigger is not None and told.term in ORDERABLE


def _are_others(view: View, figure: Figure) -> bool:
    """Whether the figure's people are but "others" of those counted before: "eight others hid in the forest"."""
    people = {(hit.first, hit.last) for hit in view.hits("unit.person") if figure.first < hit.first <= figure.last}
    return any((hit.first, hit.last) in people for hit in view.hits("part.others", "part.another"))


def _lies_ahead(view: View, figure: Figure) -> bool:
    """Whether a figure in a part of its own is of those who will be next: "20 were flown out; 100 more will follow"."""
    return any(
        0 <= hit.first - figure.last <= _PEOPLE_REACH and view.same_clause(hit.first, figure.last - 1)
        for hit in view.hits("cue.future", "cue.plan")
    )


def _is_of_the_verb(view: View, told: Movement, modality: Modality | None, cue: Hit) -> bool:
    """Whether a modal word is but a part of what is told: "cannot leave", "wait to be moved", "asked to leave"."""
    if told.ordered and any(order.first <= cue.first < order.last for order in view.hits("move.order")):
        return True
    if told.trigger is None or not told.trigger[0] <= cue.first < told.trigger[1]:
        return False
    return modality in _OF_THE_VERB or told.term is Term.AWAITING_EVACUATION


def own_tokens(view: View, telling: Telling, others: Sequence[Telling]) -> range:
    """The tokens of a sentence that belong to one telling: up to the clauses of those with verbs of their own."""
    low, high = 0, view.size
    first, last = _extent(telling)
    for other in others:
        begin, end = _extent(other)
        if other.movement.trigger in (None, telling.movement.trigger):
            continue
        if end <= first:
            low = max(low, _border(view, end, first, first))
        elif begin >= last:
            high = min(high, _border(view, last, begin, begin))
    return range(low, high)


def _extent(telling: Telling) -> tuple[int, int]:
    trigger = telling.movement.trigger or (telling.figure.first, telling.figure.last)
    return min(telling.figure.first, trigger[0]), max(telling.figure.last, trigger[1])


def _border(view: View, first: int, last: int, default: int) -> int:
    """Where the clause changes between two tokens, at the last comma or "and"; `default` where it does not."""
    joins = {hit.first for hit in view.hits("cue.and")}
    for index in range(last - 1, first - 1, -1):
        if index in joins or (index and view.clause[index] != view.clause[index - 1]):
            return index
    return default


def _are_emptied(figure: Figure, told: Movement) -> bool:
    """Whether houses are themselves evacuated ("15 homes were evacuated"), which moves their households."""
    near = told.trigger is not None and _gap(figure, told.trigger) <= _PART_REACH
    return near and told.rule == "term.evacuated"


def _between(view: View, figure: Figure, trigger: tuple[int, int]) -> Modality:
    """What a modal word between figure and verb says ("displaced may be tens of thousands"), else asserted."""
    first, last = min(figure.last, trigger[1]), max(figure.first, trigger[0])
    for concepts, modality in (
        (("cue.possible", "cue.threat"), Modality.HYPOTHETICAL),
        (("cue.future", "cue.plan"), Modality.PLANNED),
    ):
        if any(first <= hit.first and hit.last <= last for hit in view.hits_of(concepts)):
            return modality
    return Modality.ASSERTED


def _is_aside(view: View, figure: Figure) -> bool:
    """Whether a figure is one person who speaks ("says a teacher"), or "several" of what is not known to be people."""
    if figure.count.quantifier is Quantifier.VAGUE:
        return not figure.of_people and figure.count.low == _SEVERAL
    return figure.count.reported == 1 and any(_distance(hit, figure) == 0 for hit in view.hits("say.verb"))


def _is_led_away(view: View, figure: Figure, told: Movement) -> bool:
    """Whether those who are taken are then killed or abducted: "took five from their homes and shot them"."""
    if told.term is not Term.EVACUATED or told.ordered or not view.sentence.concepts & _CRIME_BITS:
        return False
    part, last = view.part[figure.first], figure.last
    return any(0 <= hit.first - last <= _SAY_REACH and view.part[hit.first] == part for hit in view.hits_of(_CRIMES))


def _is_among(view: View, figure: Figure, told: Movement, before: Telling | None) -> bool:
    """Whether a figure is of the people just counted by the same words: "5,409 evacuated, including 225 Saudis"."""
    if before is None or before.sentence is not view.sentence or told.trigger != before.movement.trigger:
        return False
    return _is_behind(view, figure, "part.including", "part.of_them")


def _is_population(view: View, figure: Figure) -> bool:
    """Whether a figure tells how large a place is: "a town of 23,000 inhabitants"."""
    places = view.hits("item.settlement", "item.town", "item.village")
    return bool(places) and any(
        place.last == link.first and link.last == figure.first for link in view.hits("func.link") for place in places
    )


def _negligible(view: View) -> bool:
    """Whether the sentence tells of the dead, the held or a crowd instead."""
    return view.has(*_HARM)


def _breaks_down(figures: Sequence[Figure], before: Telling, sentence: Sentence) -> bool:
    """Whether a sentence breaks down the figure of the one before: groups that add up to it ("58 men, 31 women")."""
    if before.pieces or before.sentence.index + 1 != sentence.index or len(figures) < 2:
        return False
    total = sum(figure.count.reported or 0 for figure in figures)
    return total == before.figure.count.reported and all(figure.group is not None for figure in figures)


def _ends_sentence(view: View, figure: Figure) -> bool:
    """Whether nothing is said of a figure's people behind it: "the Red Cross speaks of 600 people." """
    return all(token.kind == PUNCT for token in view.sentence.tokens[figure.last :])


def _is_added(view: View, figure: Figure) -> bool:
    """Whether a word beside a figure adds it to others; behind a mark it adds the next: "184 families, another 300"."""
    if not view.sentence.concepts & _ADDED_BITS:
        return False
    beside = (hit for hit in view.hits_of(_ADDED) if _distance(hit, figure) <= _PART_REACH)
    return any(not _is_parted(view, figure, hit) for hit in beside)


def _is_parted(view: View, figure: Figure, hit: Hit) -> bool:
    return any(token.kind == PUNCT for token in view.sentence.tokens[figure.last : hit.first])


def _is_behind(view: View, figure: Figure, *concepts: str) -> bool:
    """Whether a figure stands right behind one of these words, or their comma: "of them, 760 are Russians"."""
    for concept in concepts:
        for hit in view.hits(concept):
            if 0 <= figure.first - hit.last <= 1:
                return True
    return False


def _gap(figure: Figure, span: tuple[int, int]) -> int:
    return max(span[0] - figure.last, figure.first - span[1], 0)


def _names_people_behind(view: View, figure: Figure) -> bool:
    """Whether people stand behind a link after the figure: "700 of the residents" are no households."""
    return any(hit.first - figure.last == 1 for hit in view.hits("unit.person", "group.residents", "group.people"))


def _unit_numbered(view: View) -> Unit:
    """What a figure without a noun counts: households where the sentence speaks of their number, else people."""
    numbers = view.hits("part.number_of")
    households = view.hits("unit.household") if numbers else ()
    beside = any(-_PART_REACH < family.first - number.last <= 1 for family in households for number in numbers)
    return Unit.HOUSEHOLD if beside else Unit.PERSON


def _distance(hit: Hit, figure: Figure) -> int:
    return _gap(figure, (hit.first, hit.last))


def _quote(view: View, figure: Figure, told: Movement, pieces: Sequence[Piece]) -> tuple[int, int]:
    """The tokens of the clause that holds figure, movement and parts; at most `MAX_QUOTE_WORDS` words."""
    trigger = told.trigger or (figure.first, figure.last)
    first, last = min(figure.first, trigger[0]), max(figure.last, trigger[1], *(piece.last for piece in pieces), 0)
    low, _ = view.clause_bounds(first)
    _, high = view.clause_bounds(last - 1)
    tokens = view.sentence.tokens
    size = sum(token.kind != PUNCT for token in tokens[first:last])
    while size > MAX_QUOTE_WORDS and last > max(figure.last, trigger[1]):
        last -= 1
        size -= tokens[last].kind != PUNCT
    while first > low and size + (tokens[first - 1].kind != PUNCT) <= MAX_QUOTE_WORDS:
        first -= 1
        size += tokens[first].kind != PUNCT
    while last < high and size + (tokens[last].kind != PUNCT) <= MAX_QUOTE_WORDS:
        size += tokens[last].kind != PUNCT
        last += 1
    while first < figure.first and tokens[first].kind == PUNCT:
        first += 1
    while last > figure.last and tokens[last - 1].kind == PUNCT and tokens[last - 1].text not in ')”»"’':
        last -= 1
    return first, last


def _once(found: Sequence[Telling]) -> list[Telling]:
    """Drop what the title repeats, and figures told twice in the same words."""
    body = [t for t in found if not t.sentence.in_title]
    kept: list[Telling] = []
    seen: set[object] = set()
    for telling in found:
        if telling.sentence.in_title and any(_retells(telling, other) for other in body):
            continue
        key = (telling.movement.term, telling.unit, telling.figure.count, telling.modality, telling.group)
        if key not in seen:
            seen.add(key)
            kept.append(telling)
    return kept


def _retells(title: Telling, told: Telling) -> bool:
    """Whether a figure of the title is one of the body: "hundreds flee" sums up whatever the body counts exactly."""
    if title.unit is not told.unit and title.figure.count.quantifier is not Quantifier.VAGUE:
        return False
    same = title.movement.term is told.movement.term or title.figure.count == told.figure.count
    return same or title.figure.count.quantifier is Quantifier.VAGUE


__all__ = ["Telling", "own_tokens", "tellings"]
