"""The concepts of figures, movements of people and time: their part of the inventory in `concepts`."""

from typing import Final

_BOUNDS: Final = {
    "approximately": "about, some, around, almost, nearly",
    "more_than": "more than, over, upwards of",
    "at_least": "at least, no fewer than",
    "less_than": "fewer than, under, just under",
    "up_to": "up to, as many as, at most",
}

UNITS: Final = {
    "person": "people, persons, residents, citizens: a figure with it counts people as such",
    "household": "family, household",
    "percent": "per cent as a word",
    "length": "kilometre, mile, metre: distances and areas",
    "money": "dollar, euro, rupiah, currency codes",
    "duration": "hour, day, week, month, year",
    "age": "years old, aged, -year-old",
    "mass": "tonne, kilogram, litre, calibre",
    "thing": "beds, seats, jobs, flights, tents, votes: counted things that are neither people nor in `item`",
    "place": "villages, countries, camps, schools as counted places",
    "animal": "cattle, dogs, sheep",
    "numbered": "route, highway, brigade, article, number: what stands before a figure that is a name",
    "event": "attacks, times, incidents, fires: counted happenings",
}

TERMS: Final = {
    "evacuated": "evacuate, airlift out, move out of danger, bring to safety",
    "displaced": "displace, uproot, be internally displaced",
    "forced_to_flee": "flee, escape fighting, take flight",
    "relocated": "relocate, resettle, rehouse, move to a new site",
    "sheltered": "shelter, take refuge in a camp or school, be housed, be hosted",
    "refugee": "cross a border, seek asylum, register as refugees",
    "returned": "return, go home, go back",
    "homeless": "become homeless, lose one's home",
    "awaiting_evacuation": "be stranded, trapped, cut off, wait for evacuation",
}

_MOVES: Final = {
    "take": "take, bring, fly, carry, transfer people: evacuated, where people are its object",
    "leave": "leave, go, set out: forced to flee, where the article tells of flight",
    "cross": "cross, enter: refugees, with a border or a country",
    "arrive": "arrive, reach, come: of people in flight",
    "stay": "stay, live, sleep: sheltered, with a shelter",
    "remain": "remain, be left, still be in: awaiting evacuation",
    "receive": "receive, take in, host: sheltered, refugees with a country",
    "order": "order, tell or urge people to leave; evacuation order: evacuated, planned",
    "none": "affected, at risk, in need, vaccinated: figures of people who are not moved",
    "again": "home, back: with a verb of motion, returned",
}

_PEOPLE: Final = {
    "evacuee": "evacuees, the evacuated: noun",
    "displaced": "displaced people, the displaced: noun",
    "fugitive": "those fleeing, fugitives: noun",
    "refugee": "refugees: noun",
    "refugee_or_displaced": "one word for both, as Indonesian pengungsi",
    "arrival": "arrivals, new arrivals: noun",
    "returnee": "returnees, those returning: noun",
    "homeless": "the homeless: noun",
    "stranded": "the stranded, those waiting: noun",
    "relocated": "settlers, resettled people: noun",
}

_SITES: Final = {
    "border": "border, abroad, neighbouring country",
    "home": "home, homes, villages of origin",
    "shelter": "school, camp, hotel, gym, relatives, host families",
    "new_site": "new site, new settlement, permanent housing",
    "danger": "conflict zone, danger zone, combat area: where people are moved from",
    "safety": "safety, safe area: where people are moved to",
}

_SHARES: Final = {
    "half": "half",
    "third": "a third",
    "two_thirds": "two thirds",
    "quarter": "a quarter",
    "three_quarters": "three quarters",
    "fifth": "a fifth",
    "out_of": "in, out of: between the two numbers of a share (three in five)",
    "most": "most, the majority, mostly, mainly",
}

_PARTS: Final = {
    "of_them": "of them, of whom, among them: refers to the figure before",
    "including": "including, among them: a part follows",
    "another": "another, a further, more: added to the figure before",
    "others": "others, the rest",
    "number_of": "the number of, the figure: the figure stands apart from its noun",
    "total": "total, in all: sums up",
    "compared": "compared to, as against: a figure of another time follows",
}

_FLOWS: Final = {
    "new": "in the past day, overnight, per day, alone: within a stated period",
    "cumulative": "so far, since, in all, to date, already",
    "as_of": "as of, by, until, as at: a holding time follows",
    "until": "by, until: a time of day alone may follow (by noon)",
    "as_of_after": "the same where the time stands before it (itibarıyla, դրությամբ)",
}

_DAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]

_TIMES: Final = {
    **{day: f"the weekday {day}, also as an adverb" for day in _DAYS},
    **{month: f"the month {month}, with its short forms" for month in _MONTHS},
    "today": "today, this day",
    "tonight": "tonight",
    "yesterday": "yesterday",
    "tomorrow": "tomorrow",
    "day_before_yesterday": "the day before yesterday",
    "last_night": "last night",
    "this_night": "the night that ended on the day of publication",
    "this_morning": "this morning",
    "morning": "morning, dawn",
    "noon": "noon, midday",
    "afternoon": "afternoon",
    "evening": "evening, nightfall",
    "night": "night",
    "since": "since, from: beside a day, the one that a sum runs from",
    "after": "after, before: what follows is an act of another time",
    "same_day": "the same day, that day, that evening",
    "later": "hours later, shortly afterwards: on the day told before",
    "day_after": "the next day, a day later: the one after the day told before",
    "day_before": "the day before, a day earlier: the one before the day told before",
    "next": "next, coming: the day named lies ahead",
    "last": "last, past: the day named lies behind",
    "period": "past day, last week, past 24 hours: a period up to now",
    "year": "the word year, where it follows a year's number",
    "clock": "o'clock, hrs: an hour stands beside it",
}

WEEKDAYS: Final = tuple(_DAYS)
MONTHS: Final = tuple(_MONTHS)

QUANTITY_FAMILIES: Final[dict[str, tuple[dict[str, str], str]]] = {
    "quant": (
        _BOUNDS
        | {"exactly": "exactly, a total of: says nothing about bounds"}
        | {f"{name}_after": f"{meaning}: after the figure" for name, meaning in _BOUNDS.items()},
        "quantity",
    ),
    "unit": (UNITS, "quantity"),
    "term": (TERMS, "evacuation"),
    "move": (_MOVES, "evacuation"),
    "displaced": (_PEOPLE, "evacuation"),
    "site": (_SITES, "evacuation"),
    "share": (_SHARES, "parts"),
    "part": (_PARTS, "quantity, parts, evacuation"),
    "flow": (_FLOWS, "evacuation, dates"),
    "time": (_TIMES, "dates"),
}
"""Families with their names, meanings and the module that reads them, as `concepts` joins them."""
