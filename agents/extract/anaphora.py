"""Which place "the town", "the camp", "the region", "the capital" or "there" means: one that the text told before."""

from collections.abc import Iterable
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.language import Language
from agents.extract.mentions import REGION, TOWN, Mention
from agents.extract.numerals import numbers_of
from agents.extract.places import ArticlePlaces
from agents.extract.text import WORD, Hit, Sentence
from agents.extract.view import View

_THERE: Final = "told.there"
_NOUNS: Final = ("told.town", "told.site", "told.region", "told.capital", _THERE)


class Anaphora:
    """Resolves the common nouns for places of one article."""

    def __init__(self, analysis: Analysis, language: Language, places: ArticlePlaces) -> None:
        self.analysis = analysis
        self.language = language
        self.places = places

    def at(self, view: View, index: int, told: Mention | None) -> Mention | None:
        """The place that such a noun in the clause of a token means, None without one or where none was told.

        `told` is the place of the act before in the paragraph, which comes first. Nobody acts where he comes from.
        """
        for hit in view.hits_of(_NOUNS):
            there = hit.concept == _THERE and view.part[hit.first] == view.part[index] and hit.last <= index
            if (there or view.same_clause(hit.first, index)) and not self._is_left(view.sentence, hit):
                found = self._resolved(view.sentence, hit, told)
                if found is not None:
                    return found
        return None

    def among(self, view: View, tokens: range, left: Mention | None, stay: bool) -> Mention | None:
        """The place that such a noun among these tokens means, which people leave or where they `stay`.

        `left` is the one that people were told to leave before, which comes first.
        """
        for hit in view.hits_of(_NOUNS):
            if hit.first in tokens and (stay or hit.concept != _THERE or self._is_left(view.sentence, hit)):
                found = self._resolved(view.sentence, hit, left)
                if found is not None:
                    return found
        return None

    def _resolved(self, sentence: Sentence, hit: Hit, told: Mention | None) -> Mention | None:
        return self._told(sentence, hit.concept, told) if self._stands_alone(sentence, hit) else None

    def _is_left(self, sentence: Sentence, hit: Hit) -> bool:
        words = self.language.places.words_of(sentence)
        thence = words[hit.last - 1].folded in self.language.places.spelling.thence
        return thence or (hit.first > 0 and words[hit.first - 1].cue == "source")

    def _told(self, sentence: Sentence, concept: str, told: Mention | None) -> Mention | None:
        if concept == _THERE:
            return self._nearest(sentence)
        return told if told is not None and self._fits(concept, told) else self._before(sentence, concept)

    def _fits(self, concept: str, mention: Mention) -> bool:
        """Whether a mention is a place of the kind that the noun names."""
        if concept == "told.town":
            return self._is_town(mention)
        if concept == "told.site":
            return mention.site
        return mention.exactness == REGION if concept == "told.region" else self.places.is_capital(mention)

    def _nearest(self, sentence: Sentence) -> Mention | None:
        """The last place of the sentence before in the paragraph."""
        if not sentence.index:
            return None
        before = self.analysis.sentences[sentence.index - 1]
        told = self.places.mentions(before) if before.paragraph == sentence.paragraph else ()
        return next((m for m in reversed(told) if m.cue is not None and m.exactness >= REGION), None)

    def _stands_alone(self, sentence: Sentence, hit: Hit) -> bool:
        """Whether no name or figure stands beside the noun, which then means another one."""
        tokens, first, last = sentence.tokens, hit.first, hit.last
        words = self.language.places.words_of(sentence)
        if any(number.last == first for number in numbers_of(self.language.figures.numerals, sentence)):
            return False
        behind = tokens[last] if last < len(tokens) else None
        ends = behind is None or behind.kind != WORD or (last in sentence.taken() and not words[last].link)
        if not self.language.pack.capitals or self.language.pack.noun_order == "head_first":
            return ends
        named = first > 1 and tokens[first - 1].kind == WORD and words[first - 1].capital
        return not named and not (behind is not None and behind.kind == WORD and words[last].capital)

    def _before(self, sentence: Sentence, concept: str) -> Mention | None:
        """The latest place of the kind in the paragraph, else that of the title, the main one, or the latest of all."""
        before = self.analysis.sentences[: sentence.index]
        near = self._latest((s for s in before if s.paragraph == sentence.paragraph), concept)
        titled = near or self._latest((s for s in before if s.in_title), concept)
        main = self.places.main
        if titled is None and main is not None and main.sentence < sentence.index and self._fits(concept, main):
            return main
        return titled or self._latest(before, concept)

    def _is_town(self, mention: Mention) -> bool:
        """Whether a mention is a town; a capital without a word for where may be its government."""
        return mention.exactness == TOWN and (mention.cue is not None or not self.places.is_capital(mention))

    def _latest(self, sentences: Iterable[Sentence], concept: str) -> Mention | None:
        """The first place of the last of these sentences that names one, in titles without a word for where, too."""
        for sentence in reversed(list(sentences)):
            for mention in self.places.mentions(sentence):
                if self._fits(concept, mention) and (
                    mention.cue is not None or (sentence.in_title and not self.places.is_capital(mention))
                ):
                    return mention
        return None
