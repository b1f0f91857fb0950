"""The closed word lists of the data contract, and the tables that follow from them.

Sources: ACLED codebook (event and sub-event types), PLOVER codebook (types), IDMC / helix-server (terms,
quantifiers, units, stock and flow).
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Modality(StrEnum):
    """How a claim is told."""

    ASSERTED = "asserted"
    NEGATED = "negated"
    HYPOTHETICAL = "hypothetical"
    PLANNED = "planned"


class EventType(StrEnum):
    """ACLED's six event types."""

    BATTLES = "battles"
    EXPLOSIONS_REMOTE_VIOLENCE = "explosions_remote_violence"
    VIOLENCE_AGAINST_CIVILIANS = "violence_against_civilians"
    PROTESTS = "protests"
    RIOTS = "riots"
    STRATEGIC_DEVELOPMENTS = "strategic_developments"


class SubEventType(StrEnum):
    """ACLED's 25 sub-event types, in snake case."""

    ARMED_CLASH = "armed_clash"
    GOVERNMENT_REGAINS_TERRITORY = "government_regains_territory"
    NON_STATE_ACTOR_OVERTAKES_TERRITORY = "non_state_actor_overtakes_territory"
    CHEMICAL_WEAPON = "chemical_weapon"
    AIR_DRONE_STRIKE = "air_drone_strike"
    SUICIDE_BOMB = "suicide_bomb"
    SHELLING_ARTILLERY_MISSILE_ATTACK = "shelling_artillery_missile_attack"
    REMOTE_EXPLOSIVE_LANDMINE_IED = "remote_explosive_landmine_ied"
    GRENADE = "grenade"
    SEXUAL_VIOLENCE = "sexual_violence"
    ATTACK = "attack"
    ABDUCTION_FORCED_DISAPPEARANCE = "abduction_forced_disappearance"
    PEACEFUL_PROTEST = "peaceful_protest"
    PROTEST_WITH_INTERVENTION = "protest_with_intervention"
    EXCESSIVE_FORCE_AGAINST_PROTESTERS = "excessive_force_against_protesters"
    VIOLENT_DEMONSTRATION = "violent_demonstration"
    MOB_VIOLENCE = "mob_violence"
    AGREEMENT = "agreement"
    ARRESTS = "arrests"
    CHANGE_TO_GROUP_ACTIVITY = "change_to_group_activity"
    DISRUPTED_WEAPONS_USE = "disrupted_weapons_use"
    HEADQUARTERS_OR_BASE_ESTABLISHED = "headquarters_or_base_established"
    LOOTING_PROPERTY_DESTRUCTION = "looting_property_destruction"
    NON_VIOLENT_TRANSFER_OF_TERRITORY = "non_violent_transfer_of_territory"
    OTHER = "other"


class PloverType(StrEnum):
    """The PLOVER types that an ACLED sub-event type can map to."""

    ASSAULT = "ASSAULT"
    PROTEST = "PROTEST"
    AGREE = "AGREE"
    COERCE = "COERCE"
    MOBILIZE = "MOBILIZE"
    RETREAT = "RETREAT"


class Term(StrEnum):
    """IDMC's words for what happened to the people counted."""

    EVACUATED = "evacuated"
    DISPLACED = "displaced"
    FORCED_TO_FLEE = "forced_to_flee"
    RELOCATED = "relocated"
    SHELTERED = "sheltered"
    REFUGEE = "refugee"
    RETURNED = "returned"
    HOMELESS = "homeless"
    AWAITING_EVACUATION = "awaiting_evacuation"


class Quantifier(StrEnum):
    """How the wording bounds a figure; the bounds themselves are in the count (`streams.records.Count`)."""

    EXACT = "exact"
    APPROXIMATELY = "approximately"
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    UP_TO = "up_to"
    BETWEEN = "between"
    VAGUE = "vague"


class Unit(StrEnum):
    """What an evacuation figure counts."""

    PERSON = "person"
    HOUSEHOLD = "household"


class Flow(StrEnum):
    """Whether a figure is a movement within a stated period or a running sum."""

    NEW = "new"
    CUMULATIVE = "cumulative"
    UNKNOWN = "unknown"


class CasualtyKind(StrEnum):
    """What happened to the people a conflict event hit."""

    KILLED = "killed"
    WOUNDED = "wounded"
    MISSING = "missing"
    CAPTURED = "captured"


class PlacePrecision(StrEnum):
    """How exactly a resolved place is known."""

    POINT = "point"
    CITY = "city"
    REGION = "region"
    COUNTRY = "country"


class DuplicateKind(StrEnum):
    """Why an article repeats an earlier one."""

    SAME_URL = "same_url"
    SAME_GUID = "same_guid"
    SAME_TEXT = "same_text"
    NEAR = "near"
    EXCERPT = "excerpt"


class Stage(StrEnum):
    """The worker roles: each is one Faust app, one process, one consumer group."""

    POLL = "poll"
    DEDUPLICATE = "deduplicate"
    EXTRACT = "extract"
    TOTAL = "total"


class FeedStatus(StrEnum):
    """How a feed does. Only `disabled` is not polled; `gone` is looked at again once a week."""

    OK = "ok"
    DEGRADED = "degraded"
    BACKOFF = "backoff"
    GONE = "gone"
    DISABLED = "disabled"


class PollOutcome(StrEnum):
    """What came of one poll of a feed (or of one fetch of a page)."""

    READ = "read"
    NOT_MODIFIED = "not_modified"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    NOT_A_FEED = "not_a_feed"
    PARSE_TIMED_OUT = "parse_timed_out"
    PARSE_FAILED = "parse_failed"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    TIMED_OUT = "timed_out"
    NO_ADDRESS = "no_address"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls_failed"
    BROKEN_HTTP = "broken_http"
    FORBIDDEN_ADDRESS = "forbidden_address"
    BAD_URL = "bad_url"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    UNSAFE_REDIRECT = "unsafe_redirect"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    CHALLENGE = "challenge"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    ROBOTS = "robots"


class DeadReason(StrEnum):
    """Why a message could not be processed."""

    UNDECODABLE = "undecodable"
    INVALID = "invalid"
    TOO_LARGE = "too_large"
    STAGE_ERROR = "stage_error"
    TIMED_OUT = "timed_out"


_SUB_TYPES: Final[dict[EventType, tuple[SubEventType, ...]]] = {
    EventType.BATTLES: (
        SubEventType.ARMED_CLASH,
        SubEventType.GOVERNMENT_REGAINS_TERRITORY,
        SubEventType.NON_STATE_ACTOR_OVERTAKES_TERRITORY,
    ),
    EventType.EXPLOSIONS_REMOTE_VIOLENCE: (
        SubEventType.CHEMICAL_WEAPON,
        SubEventType.AIR_DRONE_STRIKE,
        SubEventType.SUICIDE_BOMB,
        SubEventType.SHELLING_ARTILLERY_MISSILE_ATTACK,
        SubEventType.REMOTE_EXPLOSIVE_LANDMINE_IED,
        SubEventType.GRENADE,
    ),
    EventType.VIOLENCE_AGAINST_CIVILIANS: (
        SubEventType.SEXUAL_VIOLENCE,
        SubEventType.ATTACK,
        SubEventType.ABDUCTION_FORCED_DISAPPEARANCE,
    ),
    EventType.PROTESTS: (
        SubEventType.PEACEFUL_PROTEST,
        SubEventType.PROTEST_WITH_INTERVENTION,
        SubEventType.EXCESSIVE_FORCE_AGAINST_PROTESTERS,
    ),
    EventType.RIOTS: (SubEventType.VIOLENT_DEMONSTRATION, SubEventType.MOB_VIOLENCE),
    EventType.STRATEGIC_DEVELOPMENTS: (
        SubEventType.AGREEMENT,
        SubEventType.ARRESTS,
        SubEventType.CHANGE_TO_GROUP_ACTIVITY,
        SubEventType.DISRUPTED_WEAPONS_USE,
        SubEventType.HEADQUARTERS_OR_BASE_ESTABLISHED,
        SubEventType.LOOTING_PROPERTY_DESTRUCTION,
        SubEventType.NON_VIOLENT_TRANSFER_OF_TERRITORY,
        SubEventType.OTHER,
    ),
}

EVENT_TYPE_OF: Final = MappingProxyType({sub: event for event, subs in _SUB_TYPES.items() for sub in subs})
"""ACLED event type of each sub-event type (ACLED codebook, table of event types)."""

_PLOVER: Final[dict[PloverType, tuple[SubEventType, ...]]] = {
    PloverType.ASSAULT: (
        *_SUB_TYPES[EventType.BATTLES],
        *_SUB_TYPES[EventType.EXPLOSIONS_REMOTE_VIOLENCE],
        *_SUB_TYPES[EventType.VIOLENCE_AGAINST_CIVILIANS],
        SubEventType.EXCESSIVE_FORCE_AGAINST_PROTESTERS,
        SubEventType.MOB_VIOLENCE,
    ),
    PloverType.PROTEST: (
        SubEventType.PEACEFUL_PROTEST,
        SubEventType.PROTEST_WITH_INTERVENTION,
        SubEventType.VIOLENT_DEMONSTRATION,
    ),
    PloverType.AGREE: (SubEventType.AGREEMENT,),
    PloverType.COERCE: (
        SubEventType.ARRESTS,
        SubEventType.DISRUPTED_WEAPONS_USE,
        SubEventType.LOOTING_PROPERTY_DESTRUCTION,
    ),
    PloverType.MOBILIZE: (
        SubEventType.CHANGE_TO_GROUP_ACTIVITY,
        SubEventType.HEADQUARTERS_OR_BASE_ESTABLISHED,
    ),
    PloverType.RETREAT: (SubEventType.NON_VIOLENT_TRANSFER_OF_TERRITORY,),
}

PLOVER_TYPE_OF: Final = MappingProxyType({sub: plover for plover, subs in _PLOVER.items() for sub in subs})
"""PLOVER type of each sub-event type; `OTHER` has none (the contract's PLOVER table)."""

_COUNTRIES: Final = """
ABW AFG AGO AIA ALA ALB AND ANT ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM
BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM
CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP
GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR
JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL
MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK
PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SCG SDN SEN SGP SGS SHN SJM SLB SLE SLV
SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA
UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM XKX YEM ZAF ZMB ZWE
"""

COUNTRIES: Final = tuple(_COUNTRIES.split())
"""Every code that `country` of an event can have: ISO 3166-1 alpha-3 as GeoNames has it, with Kosovo (XKX) and two
countries that are no more."""
