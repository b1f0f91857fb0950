"""The name of who speaks: a person's bare name out of a phrase with a role, or beside one in apposition."""

from dataclasses import dataclass
from typing import Final

from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.text import COMMAS, PUNCT, WORD

ROLE: Final = "say.role"
BODIES: Final = ("say.office", ROLE)
"""Concepts of words for offices and for those who hold one."""
_MAX_NAME: Final = 4


@dataclass(slots=True)
class Source:
    """Who says so. `body` is the force or office that a person speaks for, where the words around the name tell it.

    `itself`: the words mean the actor ("the group said"); `person` tells a person's name from a body's.
    """

    name: str
    body: str | None = None
    itself: bool = False
    person: bool = False


class SpeakerNames:
    """Finds the names of the speakers of one sentence."""

    def __init__(self, language: Language, phrases: Phrases) -> None:
        self.language = language
        self.phrases = phrases
        self.view = phrases.view
        self.sentence = phrases.view.sentence

    def source_of(self, phrase: Phrase) -> Source:
        """A person's bare name where the phrase ends in one, or where one stands in apposition; else the phrase."""
        roles = [h for h in self.view.hits(ROLE) if phrase.first <= h.first and h.last <= phrase.last]
        if not roles:
            named = self._at_end_of_adjunct(phrase)
            return Source(self.phrases.write(named or phrase), person=named is not None)
        role = max(roles, key=lambda h: h.last)
        person = self.person(phrase, role.last) if self.language.pack.capitals else None
        if person is not None:
            body = Phrase(role.last, person.first)
            rest = self.phrases.write(body) if body.last > body.first else ""
            return Source(self.phrases.write(person), rest or None, person=True)
        person = self._behind_adjunct(phrase) or self._in_apposition(phrase) or self._before_title(phrase)
        if person is not None:
            return Source(self.phrases.write(person), self.phrases.write(phrase), person=True)
        return Source(self.phrases.write(phrase))

    def person(self, phrase: Phrase, after: int) -> Phrase | None:
        """The capitalised words at the end of a phrase, at least two, that are no country or office."""
        last = phrase.last
        first = last
        while first > after and last - first < _MAX_NAME and self._is_name(first - 1):
            first -= 1
        return Phrase(first, last) if last - first >= 2 else None

    def _behind_adjunct(self, phrase: Phrase) -> Phrase | None:
        """The name behind a role and its adjunct: "министр | по чрезвычайным ситуациям Иван Петров"."""
        following = next((p for p in self.phrases.all if p.first == phrase.last + 1), None)
        return self._at_end_of_adjunct(following) if following is not None else None

    def _at_end_of_adjunct(self, phrase: Phrase) -> Phrase | None:
        """The name at the end of a phrase that hangs on a role by a preposition, behind a noun of the phrase's own."""
        if not (self.language.pack.capitals and self.phrases.after_preposition(phrase)):
            return None
        if not any(h.last == phrase.first - 1 for h in self.view.hits(ROLE)):
            return None
        named = self.person(phrase, phrase.first + 1)
        return named if named is not None and self.sentence.tokens[named.first - 1].text[0].islower() else None

    def _in_apposition(self, phrase: Phrase) -> Phrase | None:
        """The name that follows a role behind a comma: "the governor of the province, Ann Smith"."""
        tokens = self.sentence.tokens
        first = last = phrase.last + 1
        if first >= len(tokens) or tokens[phrase.last].text not in COMMAS:
            return None
        if not self.language.pack.capitals:
            ranked = any(h.first == first for h in self.view.hits(ROLE)) and self._between_marks(phrase.first)
            return ranked or self._between_marks(first)
        while last < len(tokens) and last - first < _MAX_NAME and self._is_name(last):
            last += 1
        return Phrase(first, last) if last - first >= 2 and tokens[last - 1].text[0].isupper() else None

    def _between_marks(self, first: int) -> Phrase | None:
        """A few words up to the next mark that the lexicon knows nothing of but a role, in scripts without capitals."""
        tokens = self.sentence.tokens
        last = next((i for i in range(first, len(tokens)) if tokens[i].kind == PUNCT), len(tokens))
        for role in self.view.hits(ROLE):
            first = role.last if role.first == first else first
        known = any(
            first <= h.first < last and not h.concept.startswith(("cue.", "say.role")) for h in self.sentence.hits
        )
        return Phrase(first, last) if 2 <= last - first <= _MAX_NAME and not known else None

    def _before_title(self, phrase: Phrase) -> Phrase | None:
        """The name before a comma and a role: "Ann Smith, | the governor of the province"."""
        tokens = self.sentence.tokens
        comma = phrase.first - 1
        while comma > 0 and self.is_article(comma):
            comma -= 1
        if comma < 1 or tokens[comma].text not in COMMAS:
            return None
        if not self.language.pack.capitals:
            marks = (i for i in range(comma - 1, -1, -1) if tokens[i].kind == PUNCT)
            found = self._between_marks(next(marks, -1) + 1)
            return found if found is not None and found.last == comma else None
        before = next((p for p in self.phrases.all if p.last == comma), None)
        return self.person(before, before.first) if before is not None else None

    def _is_name(self, index: int) -> bool:
        token = self.sentence.tokens[index]
        if token.text == "-":
            return True
        if token.kind != WORD or not (token.text[0].isupper() or token.norm in ("al", "bin", "van", "de", "von", "el")):
            return False
        if any(h.first <= index < h.last for h in self.view.hits("say.office")):
            return False
        return self.language.actors.read(self.sentence, index, index + 1).kind is None

    def is_article(self, index: int) -> bool:
        """Whether a token is an article."""
        return any(h.first <= index < h.last for h in self.view.hits("func.article"))
