"""What an article as a whole is about: sports, business and drills speak of battle and mean none."""

from collections import Counter
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.frames import ARMED, items

_PEACEFUL: Final = ("domain.sport", "domain.business", "domain.culture", "domain.game", "domain.exercise")
_MIN_EVIDENCE: Final = 4
_WAR: Final = frozenset(
    (
        *ARMED,
        *items("artillery", "missile", "aircraft", "drone", "air_bomb", "explosive", "grenade", "chemical"),
        "act.kill",
        "act.murder",
        "act.arrest",
        "act.die",
        "act.wound",
        "act.shell",
        "act.shoot",
        "noun.ceasefire",
        "noun.air_strike",
        "noun.shelling",
        "noun.protest",
        "noun.protester",
        "noun.tear_gas",
        "noun.suicide_attack",
        "noun.ied_attack",
        "group.civilians",
    )
)


def is_conflict(analysis: Analysis) -> bool:
    """Whether the article may tell events: not where words of a peaceful field outweigh those of war two to one."""
    peaceful: Counter[str] = Counter()
    war = 0
    for sentence in analysis.sentences:
        seen_war: set[int] = set()
        for hit in sentence.hits:
            if hit.concept in _PEACEFUL:
                peaceful[hit.concept] += 1
            elif hit.concept in _WAR and hit.first not in seen_war:
                seen_war.add(hit.first)
                war += 1
    most = max(peaceful.values(), default=0)
    return most < _MIN_EVIDENCE or most < 2 * war
