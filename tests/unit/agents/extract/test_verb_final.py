"""Turkish and Azerbaijani: verbs stand last, their endings tell the mood, and endings of nouns tell who acts."""

import pytest

from streams.records import ConflictEvent, EvacuationCount
from tests.support.extraction import extracted


def events(language: str, body: str) -> list[ConflictEvent]:
    return list(extracted(body, language).events)


def counts(language: str, body: str) -> list[EvacuationCount]:
    return list(extracted(body, language).counts)


@pytest.mark.parametrize(
    ("language", "body", "kind", "modality"),
    [
        ("tr", "İsyancılar Sake kasabasını ele geçirdi.", "non_state_actor_overtakes_territory", "asserted"),
        ("tr", "İsyancılar Sake kasabasını ele geçirmedi.", "non_state_actor_overtakes_territory", "negated"),
        ("tr", "Ordu, Sake kasabasını bombaladığı iddiasını yalanladı.", "air_drone_strike", "negated"),
        ("tr", "Ordu yarın Sake kasabasından çekilecek.", "non_violent_transfer_of_territory", "planned"),
        ("tr", "Ordu Sake kasabasını bombalayabilir.", "air_drone_strike", "hypothetical"),
        ("az", "Ordu Sake qəsəbəsini bombalayıb.", "air_drone_strike", "asserted"),
        ("az", "Ordu Sake qəsəbəsini bombaladığını təkzib edib.", "air_drone_strike", "negated"),
        ("az", "Ordu sabah Sake qəsəbəsindən çəkiləcək.", "non_violent_transfer_of_territory", "planned"),
    ],
)
def test_the_ending_of_the_verb_tells_the_mood(language: str, body: str, kind: str, modality: str) -> None:
    assert [(e.sub_event_type.value, e.modality.value) for e in events(language, body)] == [(kind, modality)]


def test_an_owner_acts_in_what_a_speaker_who_opens_the_sentence_tells() -> None:
    [event] = events("tr", "Valilik, isyancıların Sake kasabasını ele geçirdiğini açıkladı.")
    assert (event.actor, event.attribution) == ("isyancıların", "Valilik")


def test_the_if_that_ends_its_clause_is_no_record_but_a_condition() -> None:
    [event] = events("tr", "Ordu saldırırsa isyancılar Sake kasabasını bombalayacak.")
    assert (event.sub_event_type.value, event.modality.value) == ("air_drone_strike", "hypothetical")


@pytest.mark.parametrize(
    ("language", "body", "unit", "quantifier", "reported"),
    [
        ("tr", "Sake kasabasından 20'den az aile otobüslerle tahliye edildi.", "household", "less_than", 20),
        ("tr", "Kasabadan 11 bin kadar kişi otobüslerle tahliye edildi.", "person", "approximately", 11000),
        ("az", "Kənddən 160-a yaxın sakin avtobuslarla təxliyə olunub.", "person", "approximately", 160),
    ],
)
def test_a_bound_behind_the_figure_and_a_case_ending_close_the_phrase(
    language: str, body: str, unit: str, quantifier: str, reported: int
) -> None:
    [count] = counts(language, body)
    assert (count.unit.value, count.quantifier.value, count.reported) == (unit, quantifier, reported)
