"""From a story's ledger to the record that subscribers read: articles, sources, events merged by type and place."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from agents.total.contribution import Act, Contribution
from agents.total.ledger import Ledger
from streams.records import EvacuationTotal, Story, StoryArticle, StoryClaim, StoryEvent, StoryFigure
from streams.vocabulary import Modality

_Telling = tuple[tuple[str, int, int], Act]
"""An act with its place in time: published, else fetched; the offset of its article's first message; place in it."""

_MOST_PLACES = 8


def story(ledger: Ledger, totals: Mapping[str, EvacuationTotal]) -> Story:
    """The record of a story; of one that was merged into another only that."""
    if ledger.merged_into is not None:
        return _record(ledger, [], {})
    return _record(ledger, list(ledger.articles.items()), totals)


def _record(
    ledger: Ledger, articles: Sequence[tuple[str, Contribution]], totals: Mapping[str, EvacuationTotal]
) -> Story:
    told = [each for _, each in articles]
    moments = [_seen(each) for each in told]
    places = Counter(place for each in told for place in each.places)
    return Story(
        story_id=ledger.story_id,
        merged_into=ledger.merged_into,
        title=ledger.title,
        articles=tuple(_article(name, each) for name, each in articles),
        left_out=ledger.left_out if articles else 0,
        sources=tuple(sorted({each.source for each in told})),
        languages=tuple(sorted({each.language for each in told})),
        places=tuple(sorted(places, key=lambda place: (-places[place], place))[:_MOST_PLACES]),
        first_seen=min(moments, default=None),
        last_seen=max(moments, default=None),
        events=_events(told),
        figures=tuple(map(_figure, totals.values())),
        merged=ledger.merged if articles else (),
        state_revision=ledger.state_revision,
    )


def _article(article_id: str, told: Contribution) -> StoryArticle:
    return StoryArticle(
        article_id=article_id,
        revision=told.revision,
        language=told.language,
        source=told.source,
        title=told.title,
        url=told.url,
        published=told.published,
        fetched=told.fetched,
    )


def _seen(told: Contribution) -> str:
    return told.published or told.fetched


def _events(told: Sequence[Contribution]) -> tuple[StoryEvent, ...]:
    """Acts by type and place, those that most sources tell first."""
    by_key: dict[tuple[str, str], list[_Telling]] = {}
    for telling in _tellings(told):
        by_key.setdefault(telling[1].key, []).append(telling)
    events = [(key, _event(sorted(by_key[key], key=lambda telling: telling[0]))) for key in by_key]
    return tuple(event for _, event in sorted(events, key=lambda pair: (-len(pair[1].sources), pair[0])))


def _tellings(told: Sequence[Contribution]) -> Iterator[_Telling]:
    for each in told:
        for place, act in enumerate(each.acts):
            yield (_seen(each), each.joined, place), act


def _event(tellings: Sequence[_Telling]) -> StoryEvent:
    """One event of tellings in the order of time. Its place is written as where it was told first."""
    acts = [act for _, act in tellings]
    first = acts[0]
    return StoryEvent(
        event_type=first.event_type,
        sub_event_type=first.sub_event_type,
        place=first.place,
        country=next((act.country for act in acts if act.country), None),
        place_geoname_id=first.place_geoname_id,
        lat=first.lat,
        lon=first.lon,
        sources=tuple(sorted({act.claim.source for act in acts if act.claim.modality is Modality.ASSERTED})),
        first=first.claim,
        claims=_claims(acts),
    )


def _claims(acts: Sequence[Act]) -> tuple[StoryClaim, ...]:
    """Per source its latest claim, with a toll rather than without; sources in order of name."""
    claims: dict[str, StoryClaim] = {}
    for act in acts:
        before = claims.get(act.claim.source)
        if before is None or act.claim.casualties or not before.casualties:
            claims[act.claim.source] = act.claim
    return tuple(claims[source] for source in sorted(claims))


def _figure(total: EvacuationTotal) -> StoryFigure:
    return StoryFigure(
        total_id=total.total_id,
        origin=total.origin,
        origin_geoname_id=total.origin_geoname_id,
        term=total.term,
        unit=total.unit,
        lowest=total.lowest,
        highest=total.highest,
        sources=tuple(sorted({figure.source for figure in total.figures} | set(total.new_sums))),
    )
