"""Where a sentence puts people: places, camps and schools, stretches of ground, each with its part in a movement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.figures import Figure
from agents.extract.language import Language
from agents.extract.mentions import Mention
from agents.extract.movements import Movement
from agents.extract.names import Phrases
from agents.extract.numerals import numbers_of
from agents.extract.place_words import Word
from agents.extract.places import ArticlePlaces
from agents.extract.text import NUMBER, PUNCT, WORD, Hit
from agents.extract.view import View
from streams.vocabulary import Term

_ARRIVING: Final = ("move.take", "move.arrive", "term.relocated", "term.returned", "term.refugee", "move.cross")
"""Words of motion that look to where it ends; "evacuated in" tells where it began."""

_LEAD: Final = 4
"""Words that may stand between a preposition and the name or noun that it governs."""

_JOINED: Final = 3
"""Words between a camp or school and the place that it is in ("the schools of the town of Tawila")."""

_WAY: Final = 2
"""Words between a place that people only pass and the word that says so."""

_GATE: Final = 2
"""Words between a crossing's name and the noun that says what it is ("через пункт пропуска «Верхний Ларс»")."""

_MAX_TOKENS: Final = 9
_SITES: Final = ("site.shelter", "site.new_site", "site.safety", "site.danger")
_GROUNDS: Final = ("unit.place", "noun.territory", "item.hospital")
VERBS: Final = ("term.", "move.", "act.", "say.verb", "func.verb")
_ENDS: Final = (
    *VERBS,
    "group.",
    "unit.person",
    "unit.household",
    "unit.length",
    "quant.",
    "displaced.",
    "time.",
    "flow.",
    "func.stop",
)
_AWAY: Final = 7
"""Words between a verb of leaving and an "of" that means "from" ("déplacer 300 ménages du site")."""
_BEHIND: Final = 3
"""Words that a common noun for a place takes behind it ("villages of the border")."""
_INNER: Final = "-‐‑'’\"“”«»„"


@dataclass(slots=True)
class Spot:
    """A place in tokens `first`..`last`; `cue` (at, source, goal, None) says what part the words around give it.

    `bare`: a common noun alone ("the town"), which means the place that the text is about.
    """

    first: int
    last: int
    cue: str | None
    mention: Mention | None = None
    kind: str = "name"
    bare: bool = False

    @property
    def exactness(self) -> int:
        """0 country to 3 site, as of mentions."""
        return self.mention.exactness if self.mention is not None else 1


class SpotReader:
    """Finds the spots of the sentences of one article."""

    def __init__(self, analysis: Analysis, language: Language, places: ArticlePlaces) -> None:
        self.analysis = analysis
        self.language = language
        self.places = places
        self.names = language.places
        self.spelling = language.places.spelling

    def read(self, view: View, figure: Figure, told: Movement) -> list[Spot]:
        """All spots of a sentence, as the movement of a figure in it sees them."""
        own = range(figure.first, figure.last)
        names = [self._named(view, m, told) for m in self.places.mentions(view.sentence) if m.first not in own]
        sites = [self._site(view, hit, names, told) for hit in view.hits_of(_SITES) if hit.first not in own]
        held = {id(name) for site in sites for name in names if site.first <= name.first and name.last <= site.last}
        names = [name for name in names if id(name) not in held]
        spots = [*sites, *names, *self._unlisted(view, names, told)]
        return [*spots, *self._grounds(view, own, spots, told)]

    def text(self, view: View, spot: Spot) -> str:
        """A spot as the text writes it."""
        if spot.mention is not None and (spot.first, spot.last) == (spot.mention.first, spot.mention.last):
            return spot.mention.text
        last = spot.last
        if last < view.size and self.language.pack.noun_order == "head_last":
            last += self.names.word(view.sentence.tokens[last]).kind_after
        start, end = view.sentence.span(spot.first, last)
        return self.analysis.text[start:end]

    def _named(self, view: View, mention: Mention, told: Movement) -> Spot:
        cue = self._by_verb(view, mention.first, told) or mention.cue
        if self._is_way(view, mention, told):
            cue = "via"
        elif cue is None and (self._is_bare_goal(view, mention) or self._ends_in_goal(view, mention, told)):
            cue = "goal"
        return Spot(mention.first, mention.last, cue, mention)

    def _unlisted(self, view: View, names: Sequence[Spot], told: Movement) -> Iterator[Spot]:
        """A name that no list has, behind a verb of leaving and its "of" ("évacués de Durban")."""
        tokens = view.sentence.tokens
        if told.trigger is None:
            return
        for at in range(told.trigger[0] + 1, len(tokens) - 1):
            name = tokens[at + 1]
            if self._is_away(view, at, told):
                if name.text[0].isupper() and not any(spot.first <= at + 1 < spot.last for spot in names):
                    yield Spot(at + 1, at + 2, "source")
                return
            if not self._passes(view, at):
                return

    def _is_away(self, view: View, at: int, told: Movement) -> bool:
        """Whether an "of" stands behind a verb of leaving with no other word of place or verb between."""
        if told.trigger is None or at <= told.trigger[0]:
            return False
        if self.names.word(view.sentence.tokens[at]).folded not in self.spelling.away:
            return False
        between = range(told.trigger[0] + 1, at)
        return len(between) <= _AWAY and all(self._passes(view, index) for index in between)

    def _passes(self, view: View, index: int) -> bool:
        token = view.sentence.tokens[index]
        word = self.names.word(token)
        if token.kind == PUNCT:
            return token.text in _INNER
        return word.cue in (None, "at") and word.folded not in self.spelling.toward and not word.capital

    def _site(self, view: View, hit: Hit, names: Sequence[Spot], told: Movement) -> Spot:
        """A camp, school or the like, joined with the place that it is in."""
        beside = [name for name in names if self._is_joined(view, hit, name)]
        kind = "danger" if hit.concept == "site.danger" else "site"
        if not beside:
            first, last = self._phrase(view, hit)
            return Spot(first, last, self._cue(view, first, last, told), kind=kind)
        first = min(hit.first, *(name.first for name in beside), hit.first)
        last = max(hit.last, *(name.last for name in beside), hit.last)
        cue = self._cue(view, first, last, told) or beside[0].cue
        return Spot(first, last, cue, beside[0].mention, kind)

    def _is_joined(self, view: View, hit: Hit, name: Spot) -> bool:
        first, last = (hit.last, name.first) if name.first >= hit.last else (name.last, hit.first)
        if first > last:
            return True
        if last - first > _JOINED or view.sentence.names(first, last, VERBS):
            return False
        between = range(first, last)
        if any(self.names.word(view.sentence.tokens[i]).cue in ("source", "goal") for i in between):
            return False
        return all(view.sentence.tokens[i].kind == WORD or view.sentence.tokens[i].text in _INNER for i in between)

    def _grounds(self, view: View, own: range, spots: Sequence[Spot], told: Movement) -> Iterator[Spot]:
        """Common nouns for places that people leave, are at or pass, where no name or camp stands beside them."""
        taken = {i for spot in spots for i in range(spot.first - self._lead(view, spot), spot.last + 2)}
        taken.update(range(*told.trigger) if told.trigger is not None else ())
        counts = self._counts(view)
        for hit in view.hits_of(_GROUNDS):
            if hit.first in own or hit.first in taken:
                continue
            first, last = self._phrase(view, hit)
            cue = self._cue(view, first, last, told)
            if cue not in (None, "goal"):
                taken.update(range(first, last))
                bare = (first, last) == (hit.first, hit.last) and first not in counts
                yield Spot(counts.get(first, first), last, cue, None, "ground", bare)

    def _counts(self, view: View) -> dict[int, int]:
        """The first token of each number by the token behind it; no number with an ending of its own ("the 29th")."""
        tokens = view.sentence.tokens
        numbers = numbers_of(self.language.figures.numerals, view.sentence)
        return {n.last: n.first for n in numbers if tokens[n.last - 1].kind == NUMBER or n.last - n.first == 1}

    def _lead(self, view: View, spot: Spot) -> int:
        """How many words before a spot may be a part of it: none where it begins with a word for where to."""
        begun = spot.cue == "goal" and self._preposition(view, spot.first) == spot.first - 1
        return 0 if begun else 2

    def _phrase(self, view: View, hit: Hit) -> tuple[int, int]:
        """The words that belong to a common noun: its noun phrase without verbs."""
        phrases = Phrases.of(self.analysis, self.language, view)
        whole = next((p for p in phrases.all if p.first <= hit.first < p.last), None)
        if whole is None:
            return hit.first, hit.last
        first, last = hit.first, hit.last
        while first > whole.first and first > hit.last - _MAX_TOKENS and not self._ends(view, first - 1):
            first -= 1
        behind = whole.last if self.language.pack.noun_order == "head_first" else hit.last
        while last < behind and last < hit.last + _BEHIND and not self._ends(view, last):
            last += 1
        small = view.held_by("func.link", "func.article")
        while first < hit.first and first in small:
            first += 1
        while last > hit.last and last - 1 in small:
            last -= 1
        return self._unquoted(view, first, last, hit)

    def _unquoted(self, view: View, first: int, last: int, hit: Hit) -> tuple[int, int]:
        """Without a mark at an end whose partner is not inside."""
        tokens = view.sentence.tokens
        marks = [index for index in range(first, last) if tokens[index].kind == PUNCT]
        if len(marks) == 1:
            first += first == marks[0] and first < hit.first
            last -= last - 1 == marks[0] and last > hit.last
        return first, last

    def _ends(self, view: View, index: int) -> bool:
        """Whether a token belongs to no place's phrase: verbs, figures with their endings, people, marks."""
        tokens = view.sentence.tokens
        if tokens[index].kind != WORD and tokens[index].text not in _INNER:
            return True
        if index > 1 and tokens[index - 1].text in _INNER and tokens[index - 2].kind == NUMBER:
            return True
        return any(h.first <= index < h.last and h.concept.startswith(_ENDS) for h in view.sentence.hits)

    def _cue(self, view: View, first: int, last: int, told: Movement) -> str | None:
        """What stands before a noun, or its own ending, says of its part."""
        at = self._preposition(view, first)
        if at is not None:
            return self._by_verb(view, first, told) or self.names.word(view.sentence.tokens[at]).cue
        inside = next((w.cue for w in (self.names.word(t) for t in view.sentence.tokens[first:last]) if w.cue), None)
        return (
            self.names.word(view.sentence.tokens[last - 1]).ending
            or self.names.word(view.sentence.tokens[first]).ending
            or inside
        )

    def _preposition(self, view: View, first: int) -> int | None:
        """The word of place that governs what begins at a token."""
        tokens = view.sentence.tokens
        for index in range(first - 1, max(-1, first - 1 - _LEAD), -1):
            token = tokens[index]
            if token.kind == PUNCT and token.text not in _INNER:
                return None
            word = self.names.word(token)
            if word.cue or word.folded in self.spelling.toward or word.folded in self.spelling.away:
                return index
            if not word.link and view.sentence.names(index, index + 1, VERBS):
                return None
        return None

    def _by_verb(self, view: View, first: int, told: Movement) -> str | None:
        """The part that only verb and ending tell: "в Киев" and "в Киеве", "conduits à Nice", "évacués de Nice"."""
        at = self._preposition(view, first)
        if at is None:
            return None
        tokens = view.sentence.tokens
        word = self.names.word(tokens[at]).folded
        trigger = told.trigger
        if word in self.spelling.away:
            return "source" if self._is_away(view, at, told) else None
        if word not in self.spelling.toward:
            return None
        if self.spelling.locatives:
            governed = tokens[at + 1].text.lower()
            return "at" if governed.endswith(self.spelling.locatives) else "goal"
        behind = trigger is not None and at >= trigger[1]
        return "goal" if behind and told.rule.startswith(_ARRIVING) else None

    def _is_way(self, view: View, mention: Mention, told: Movement) -> bool:
        """Whether people only pass the place ("through Kerem Shalom", "Misrata üzerinden", "the Torkham crossing")."""
        words = self.language.places.words_of(view.sentence)
        if self.language.pack.noun_order == "head_last" and self.language.pack.verb_order == "sov":
            beside = words[mention.last : mention.last + _WAY]
        else:
            beside = words[max(0, mention.first - _WAY) : mention.first]
        if any(word.folded in self.spelling.via for word in beside):
            return True
        return told.term is not Term.AWAITING_EVACUATION and self._is_gate(words, mention)

    def _is_gate(self, words: Sequence[Word], mention: Mention) -> bool:
        """Whether a noun for a crossing is part of a name or stands right beside it, before or behind as nouns do."""
        own = words[mention.first : mention.last]
        if self.language.pack.noun_order == "head_first":
            beside = words[max(0, mention.first - _GATE) : mention.first][::-1]
        else:
            beside = words[mention.last : mention.last + _GATE] if own[-1].ending is None else []
        near = takewhile(lambda word: word.cue is None, beside)
        return any(word.folded in self.spelling.gates for word in (*own, *near))

    def _ends_in_goal(self, view: View, mention: Mention, told: Movement) -> bool:
        """Whether a name that is one with its ending, too, stands before the movement: "Brisbenə təxliyə edib"."""
        if told.trigger is None or self.language.pack.verb_order != "sov":
            return False
        ending = self.names.word(view.sentence.tokens[mention.last - 1]).ending
        return ending == "goal" and 0 <= told.trigger[0] - mention.last <= 1

    def _is_bare_goal(self, view: View, mention: Mention) -> bool:
        """Whether a name without any ending beside a verb of motion says where it ends ("Երևան տեղափոխել")."""
        if not self.spelling.bare_goal:
            return False
        verbs = [h for h in view.sentence.hits if h.concept.startswith(("move.take", "move.arrive", "term."))]
        beside = any(0 <= h.first - mention.last <= 1 or 0 <= mention.first - h.last <= 1 for h in verbs)
        bases = self.names.word(view.sentence.tokens[mention.last - 1]).starts
        return beside and bool(bases) and bases[0][0].cost == 0.0
