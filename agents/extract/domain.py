"""What an article as a whole is about: sports, business, courts and quakes speak of battle, killing and ruin, too.

Frames whose words also belong to common crime, accidents or games (`Frame.weak`) fire only in an article that gives
other evidence of conflict: armed people, weapons of war, protests, named armed groups.
"""

from typing import Final

from agents.extract.actors import ActorNames
from agents.extract.analysis import Analysis
from agents.extract.concept_sets import ARMED, items
from agents.extract.concepts import bits
from agents.extract.text import Hit

_PEACEFUL: Final = frozenset(
    f"domain.{field}" for field in ("sport", "business", "culture", "game", "exercise", "crime", "disaster")
)
_FIELDS_OF_PLAY: Final = frozenset(
    ("domain.sport", "domain.business", "domain.culture", "domain.game", "domain.exercise")
)
_POLICE: Final = frozenset(("group.police", "group.officers", "group.guards", "group.security_guards", "actor.police"))
_MIN_EVIDENCE: Final = 4
_ALL_PLAY: Final = 5
_DISASTER: Final = 2
_OPENING: Final = 3
_FIRST_YEAR: Final = 1800
_RECENT_YEARS: Final = 3
_WAR: Final = frozenset(
    (
        *(concept for concept in ARMED if concept not in _POLICE),
        *items("artillery", "missile", "drone", "air_bomb", "explosive", "grenade", "chemical"),
        "act.shell",
        "act.shoot_down",
        "noun.ceasefire",
        "noun.air_strike",
        "noun.shelling",
        "noun.protest",
        "noun.protester",
        "noun.tear_gas",
        "noun.suicide_attack",
        "noun.ied_attack",
        "noun.rioter",
        "noun.mob",
        "noun.prisoner",
        "noun.hostage",
        "group.civilians",
    )
)

_TELLING: Final = _WAR | _PEACEFUL
_TELLING_BITS: Final = bits(*_TELLING)
_ANNIVERSARY: Final = bits("cue.anniversary")


class Evidence:
    """How much an article speaks of conflict, and how much of other things."""

    def __init__(self, analysis: Analysis, actors: ActorNames) -> None:
        self._analysis = analysis
        self._actors = actors
        self._groups: bool | None = None
        self._history: bool | None = None
        self.war = 0
        self.peaceful: dict[str, int] = {}
        for sentence in analysis.sentences:
            if sentence.concepts & _TELLING_BITS:
                self._count(sentence.hits)

    def _count(self, hits: list[Hit]) -> None:
        told = [hit for hit in hits if hit.concept in _TELLING]
        if told:
            self.war += len({hit.first for hit in told if hit.concept in _WAR})
            for concept, _ in {(hit.concept, hit.first) for hit in told if hit.concept in _PEACEFUL}:
                self.peaceful[concept] = self.peaceful.get(concept, 0) + 1

    @property
    def is_history(self) -> bool:
        """Whether the article opens with an anniversary and names an old year."""
        if self._history is None:
            self._history = self._opens_with_history()
        return self._history

    def _opens_with_history(self) -> bool:
        told = [s for s in self._analysis.sentences if s.concepts & _ANNIVERSARY]
        opening = [s for s in told if s.in_title or s.index <= _OPENING]
        if not any(hit.concept == "cue.anniversary" for sentence in opening for hit in sentence.hits):
            return False
        published = self._analysis.article.published or ""
        year = int(published[:4]) if published[:4].isdecimal() else None
        return any(
            len(token.text) == 4
            and token.text.isdecimal()
            and _FIRST_YEAR <= int(token.text) < (year or _FIRST_YEAR) - _RECENT_YEARS
            for sentence in self._analysis.sentences
            for token in map(sentence.tokens.__getitem__, sentence.numbers)
        )

    @property
    def is_play(self) -> bool:
        """Whether words of sports, business, culture or drills outweigh those of war, of which metaphors bring some."""
        most = self._most_play
        return most >= (_MIN_EVIDENCE if self.war else _MIN_EVIDENCE // 2) and 2 * most >= 3 * self.war

    @property
    def is_all_play(self) -> bool:
        """Whether the article reports such things through and through: its figures are of fans or seats."""
        return self._most_play >= _ALL_PLAY and self._most_play >= 2 * self.war

    @property
    def _most_play(self) -> int:
        return max((self.peaceful.get(field, 0) for field in _FIELDS_OF_PLAY), default=0)

    @property
    def allows_weak(self) -> bool:
        """Whether words that common crime and accidents share may tell of conflict here."""
        others = self.peaceful.get("domain.crime", 0) + self.peaceful.get("domain.disaster", 0)
        if self.war and 2 * self.war > others:
            return True
        if not self.war and self.peaceful.get("domain.disaster", 0) >= _DISASTER:
            return False
        return not self.peaceful or (others < _MIN_EVIDENCE and self._names_group())

    def _names_group(self) -> bool:
        """Whether a named armed group appears; looked up only when nothing else decides."""
        if self._groups is None:
            self._groups = any(map(self._actors.tells_armed_group, self._analysis.sentences))
        return self._groups
