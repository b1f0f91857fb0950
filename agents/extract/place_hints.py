"""What the words of an act say of the places named beside it: which is its own, and which is a speaker's or a goal."""

from collections.abc import Sequence
from typing import Final

from agents.extract.mentions import Mention
from agents.extract.results import TERRITORY, Draft
from agents.extract.text import Hit
from streams.vocabulary import SubEventType as T

_OWN_CLAUSE: Final = 1.0
_ENTERED: Final = 1.0
"""What a goal is worth where the act takes ground ("entered Lachin")."""

_TARGET: Final = 1.8
_OTHER_TALK: Final = -1.5
_FAR: Final = -1.5
_DATELINE: Final = -1.5
_NEVER: Final = -9.0
_DISTANCE_REACH: Final = 6
_SEAT: Final = 1
_SPEAKER: Final = 5
"""Words between an office and the town that it is in, and between that town and the word for who says so."""

_MOVED: Final = ("term.", "move.")
_DASHES: Final = frozenset("-–—/(|,")
_DATELINE_WORDS: Final = 3


class PlaceHints:
    """Judges mentions of the sentence that tells an act; `beside` are all drafts of the sentence."""

    def __init__(self, draft: Draft, beside: Sequence[Draft]) -> None:
        self.draft = draft
        self.beside = beside
        self.view = draft.view
        self.takes = draft.type in TERRITORY
        self.agrees = draft.type is T.AGREEMENT
        self.leaves = draft.type is T.NON_VIOLENT_TRANSFER_OF_TERRITORY

    def of(self, mention: Mention) -> float:
        """How much more, or less, a mention fits than its own cue tells."""
        if self.leaves and mention.cue == "goal":
            return _NEVER
        same = self.view.same_clause(mention.first, self.draft.trigger.first)
        if self.agrees and mention.cue is None:
            return _NEVER  # a party, as "Tel Aviv signed"
        if (not same and self._is_of_next(mention)) or self._is_moved_to(mention) or self._is_of_office(mention):
            return _NEVER
        if self._is_condition(mention):
            return _NEVER
        hint = _OWN_CLAUSE if same else 0.0
        if self.takes and same and mention.cue == "goal":
            hint += _ENTERED
        if self._is_acted_on(mention):
            hint += _TARGET
        elif not same and self._is_talk(mention):
            hint += _OTHER_TALK
        if self._is_far(mention):
            hint += _FAR
        return hint + (_DATELINE if self._is_dateline(mention) else 0.0)

    def _is_of_next(self, mention: Mention) -> bool:
        """Whether the mention's clause comes later and tells an act of its own ("..., and in Goma they burnt ...")."""
        if mention.first < self.draft.trigger.last:
            return False
        later = (d for d in self.beside if self.view.same_clause(d.trigger.first, mention.first))
        return any(d is not self.draft and d.roles.actor != self.draft.roles.actor for d in later)

    def _is_condition(self, mention: Mention) -> bool:
        """Whether the mention belongs to a condition behind the act: "will shell the ports unless Gaza is relieved"."""
        first = self.draft.trigger.last
        return any(first <= h.first < mention.first for h in self.view.hits("cue.conditional"))

    def _is_moved_to(self, mention: Mention) -> bool:
        """Whether people of another verb go there: "shot nine villagers; 120 families have fled to Bankass"."""
        if (mention.cue != "goal" or self.takes) and not self.agrees:
            return False
        first = self.draft.trigger.last
        return any(first <= h.first < mention.first for h in self.view.sentence.hits if h.concept.startswith(_MOVED))

    def _is_of_office(self, mention: Mention) -> bool:
        """Whether the name is that of a speaker's seat: "the general staff in Kyiv", "the prosecutor of Dixinn"."""
        if not any(0 <= mention.first - h.last <= _SEAT for h in self.view.hits("say.office")):
            return False
        spoken = any(0 <= h.first - mention.last <= _SEAT for h in self.view.hits("say.verb"))
        return spoken or any(0 <= mention.first - h.last <= _SPEAKER for h in self.view.hits("say.according"))

    def _is_acted_on(self, mention: Mention) -> bool:
        target = self.draft.roles.target
        return target is not None and target.first <= mention.first < target.last

    def _is_talk(self, mention: Mention) -> bool:
        """Whether the mention's clause is that of a verb of saying."""
        return any(self.view.same_clause(h.first, mention.first) for h in self.view.hits("say.verb", "say.according"))

    def _is_far(self, mention: Mention) -> bool:
        """ "Twenty kilometres west of Goma": the act is not in Goma."""

        def close(hit: Hit) -> bool:
            return 0 <= mention.first - hit.last <= _DISTANCE_REACH and self.view.same_clause(hit.first, mention.first)

        return any(close(hit) for hit in self.view.hits("unit.length"))

    def _is_dateline(self, mention: Mention) -> bool:
        """Whether the mention opens the sentence before a dash, in capitals or alone."""
        tokens = self.view.sentence.tokens
        if mention.first >= _DATELINE_WORDS or mention.last >= len(tokens):
            return False
        return mention.text.isupper() and tokens[mention.last].text in _DASHES
