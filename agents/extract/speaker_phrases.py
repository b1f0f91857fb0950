"""Whether a noun phrase can be who speaks: a body, a role, people or a name; no thing, no place, no remark."""

from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.places import PLACES, ArticlePlaces
from agents.extract.speaker_names import BODIES, ROLE, SpeakerNames
from agents.extract.text import COMMAS

_THINGS: Final = ("noun.", "item.", "time.", "unit.", "act.", "cue.", "func.pronoun")
_BEARERS: Final = ("say.office", "say.role", "actor.", "group.")


class SpeakerPhrases:
    """Judges the noun phrases of one sentence as speakers."""

    def __init__(self, analysis: Analysis, language: Language, phrases: Phrases, names: SpeakerNames) -> None:
        self.analysis = analysis
        self.language = language
        self.phrases = phrases
        self.view = phrases.view
        self.sentence = phrases.view.sentence
        self._names = names

    def speaks(self, phrase: Phrase, behind: int | None) -> bool:
        """Whether a phrase can be a speaker: a body, a role, people, or a name; no adjunct unless right `behind`."""
        if behind is None and self.phrases.case(phrase) is not None:
            return False
        if self.phrases.after_preposition(phrase) and (behind is None or phrase.first - behind > 2):
            return False
        if self.view.touches(phrase, BODIES):
            return True
        if (behind is None and self.is_where(phrase)) or self._is_item(phrase):
            return False
        return self.phrases.acts(phrase) or self.phrases.is_named(phrase)

    def with_adjunct(self, phrase: Phrase) -> Phrase:
        """An office with the adjunct that its name holds: "Commission on Human Rights"."""
        if not any(h.last == phrase.last and h.concept == "say.office" for h in self.sentence.hits):
            return phrase
        following = next((p for p in self.phrases.all if p.first == phrase.last + 1), None)
        if following is None or not self.phrases.after_preposition(following):
            return phrase
        named = self.sentence.tokens[following.first].text[:1].isupper()
        return Phrase(phrase.first, following.last) if named and not self._is_place(following) else phrase

    def is_thing(self, phrase: Phrase) -> bool:
        """Whether a phrase names a thing, a time or an act, or only says where."""
        return self.sentence.names(phrase.first, phrase.last, _THINGS) or self.is_where(phrase)

    def is_where(self, phrase: Phrase) -> bool:
        """Whether a phrase only says where: a place behind a word of place."""
        places: ArticlePlaces | None = self.analysis.memo.get(PLACES)
        named = places.mentions(self.sentence) if places is not None else ()
        return any(m.cue is not None and m.first < phrase.last and phrase.first < m.last for m in named)

    def is_headed_by_body(self, phrase: Phrase) -> bool:
        """Whether a phrase names a body; by its first word where that is the head and no capital tells names."""
        if self.language.pack.noun_order == "head_last" or self.language.pack.capitals:
            known = self.language.actors.of(self.sentence, phrase).kind is not None
            return known or self.view.touches(phrase, BODIES)
        if any(h.first == phrase.first and h.concept.startswith(_BEARERS) for h in self.sentence.hits):
            return True
        head = self.language.actors.read(self.sentence, phrase.first, phrase.first + 1)
        return head.kind is not None or self.language.places.group_at(self.sentence.tokens, phrase.first) is not None

    def is_remark(self, phrase: Phrase) -> bool:
        """Whether a phrase stands alone between two commas: "Aliyev, by contrast, said"."""
        tokens = self.sentence.tokens
        around = tokens[phrase.first - 1 : phrase.first] + tokens[phrase.last : phrase.last + 1]
        return len(around) == 2 and all(t.text in {",", "،"} for t in around) and not self.speaks(phrase, None)

    def is_titled(self, phrase: Phrase) -> bool:
        """Whether a phrase between commas is the name to the role before it."""
        before = next((p for p in self.phrases.all if p.last == phrase.first - 1), None)
        return before is not None and self.view.touch(before, ROLE)

    def is_apposed(self, phrase: Phrase, verb: int) -> bool:
        """Whether a phrase stands between two commas before a verb: "the mayor, | Ann Smith, | said"."""
        tokens = self.sentence.tokens
        first = phrase.first
        while first and self._names.is_article(first - 1):
            first -= 1
        return first > 1 and phrase.last == verb - 1 and {tokens[first - 1].text, tokens[verb - 1].text} <= COMMAS

    def opens_with_name(self, phrase: Phrase) -> bool:
        """Whether a phrase can be a name though the sentence's first word always has a capital."""
        return phrase.first == 0 and self.language.pack.capitals and self.sentence.tokens[0].text[0].isupper()

    def _is_item(self, phrase: Phrase) -> bool:
        """Whether a phrase names a thing and nobody: "grenade" is a country's name, too."""
        head = phrase.first if self.language.pack.noun_order == "head_first" else phrase.last - 1
        held = [h.concept for h in self.sentence.hits if h.first <= head < h.last]
        return any(c.startswith("item.") for c in held) and not any(c.startswith(_BEARERS) for c in held)

    def _is_place(self, phrase: Phrase) -> bool:
        return self.language.actors.of(self.sentence, phrase).country is not None
