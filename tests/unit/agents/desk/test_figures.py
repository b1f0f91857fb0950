"""Maps, plots, pace and words of the desk."""

import re
from pathlib import Path

import pytest

from agents.desk import moments, outlines, plots
from agents.desk.atlas import atlas
from agents.desk.overview import line
from agents.desk.projection import WORLD, project, window
from agents.desk.store import Store
from agents.desk.wording import country_name, joined, language_name, name_of
from streams.vocabulary import EventType, FeedStatus, SubEventType, Term
from tests.support.desk import NOW, article, event, health, many, message

WORLD_FILE = Path(outlines.__file__).parent / "static" / "world.svg"


def test_north_is_up_and_the_bering_strait_is_the_edge() -> None:
    assert project(60, 0)[1] < project(0, 0)[1] == 0
    assert project(66, -170)[0] > project(66, 179)[0] > project(66, -168)[0]


def test_a_window_holds_its_points_and_keeps_its_shape() -> None:
    points = [project(46, 32), project(13, 25)]
    shown = window(points)
    assert all(shown.x < x < shown.x + shown.width and shown.y < y < shown.y + shown.height for x, y in points)
    assert shown.width / shown.height == pytest.approx(1.9)
    assert window([]) == WORLD
    assert window([project(70, 179)]).x + window([project(70, 179)]).width <= WORLD.x + WORLD.width


def test_every_country_of_the_world_file_is_a_closed_shape() -> None:
    svg = WORLD_FILE.read_text()
    codes = re.findall(r'id="([A-Z]{3})"', svg)
    assert len(codes) == len(set(codes)) > 200
    assert {"UKR", "SDN", "PSE", "AZE", "ARM", "COD", "MLT", "SGP"} <= set(codes)
    assert all(re.fullmatch(r"(M-?\d+ -?\d+l[-\d ]+z)+", path) for path in re.findall(r' d="([^"]*)"', svg))
    assert len(svg) < 150_000


def test_outlines_share_a_simplified_border() -> None:
    zigzag = [[0, 0], [20, 1], [20, -1], [20, 0]]  # to the east along the equator
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [0, 0]},
        "arcs": [zigzag, [[60, 0], [0, 40], [-60, 0], [0, -40]], [[0, 0], [0, -40], [60, 0], [0, 40]]],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "id": "1", "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "id": "2", "arcs": [[[2, -1]]]},
                ]
            }
        },
    }
    svg = outlines.outlines(topology, {1: "AAA", 2: "BBB"})
    north, south = re.findall(r'id="(?:AAA|BBB)".* d="([^"]+)"', svg)
    assert north == "M0 0l200 -5 100 5 0-203-300 0z" or "M0 0l" in north
    assert north.count("l") == south.count("l") == 1


def test_the_atlas_counts_countries_and_places() -> None:
    store = Store(1000, 10**12)
    told = article()
    for record in (*many(200), event(told, at=1, country=None, lat=None, lon=None)):
        store.apply(message(record))
    drawn = atlas(list(store.claims.values()))
    assert sum(country.claims for country in drawn.countries) == 200
    assert sum(dot.claims for dot in drawn.dots) == 200
    assert drawn.unplaced == 1
    assert {country.name for country in drawn.countries} >= {"Ukraine", "Sudan", "Azerbaijan"}
    assert drawn.labels


def test_a_range_holds_each_value_until_the_next() -> None:
    plot = plots.range_plot([plots.Step(0, 5, 10, 10), plots.Step(100, 5, 20, 20)], width=108, height=28)
    assert plot is not None
    assert plot.top == "M4.0 14.0L104.0 14.0L104.0 4.0L104.0 4.0"
    assert plot.dots == ((4.0, 14.0), (104.0, 4.0))
    assert plots.range_plot([plots.Step(0, 5, 10, 10)]) is None
    assert plots.range_plot([plots.Step(0, None, None, None), plots.Step(9, None, None, None)]) is None


def test_bars_rise_to_the_highest() -> None:
    assert plots.bars([0, 2, 4], height=10).path == "M4 10v-5.0h3v5.0zM8 10v-10.0h3v10.0z"
    assert plots.bars([]).path == plots.bars([0, 0]).path == ""


def test_the_line_tells_pace_freshness_and_feeds() -> None:
    store = Store(1000, 10**12)
    told = article(fetched=moments.instant(NOW - 4000))
    bad = health("bad", status=FeedStatus.BACKOFF, failures=3)
    for record in (told, event(told), health("good"), bad):
        store.apply(message(record))
    store.apply(message(article("old"), NOW - 7_200_000))
    found = line(store, NOW + 60_000)
    assert (found.articles, found.claims) == (1, 1)
    assert (found.freshness, found.slowest) == ("4.0 s", "4.0 s")
    assert (found.feeds_well, found.feeds_all, [h.feed_id for h in found.failing]) == (1, 2, ["bad"])


@pytest.mark.parametrize(
    ("ms", "words"),
    [(NOW, "22:13"), (NOW - 86_400_000, "13 Nov, 22:13"), (0, "1 Jan 1970, 00:00"), (1 << 60, "31 Dec 9999, 00:00")],
)
def test_moments_in_words(ms: int, words: str) -> None:
    assert moments.moment_words(ms, NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.84, "0.8 s"), (42, "42 s"), (300, "5 min"), (10_000, "3 h"), (1_000_000, "12 d")]
)
def test_spans_in_words(seconds: float, words: str) -> None:
    assert moments.span_words(seconds) == words


@pytest.mark.parametrize("wrong", ["", "soon", "9999-99-99", None])
def test_what_is_no_instant_has_no_milliseconds(wrong: str | None) -> None:
    assert moments.milliseconds(wrong) is None


def test_names() -> None:
    assert (country_name("AZE"), country_name("XXX")) == ("Azerbaijan", "XXX")
    assert (language_name("fa"), language_name("und"), language_name("zz")) == ("Persian", "Unknown language", "zz")
    assert joined(["a"]) == "a"
    assert joined(["a", "b"]) == "a and b"
    assert joined(["a", "b", "c", "d"]) == "a, b, c and d"
    assert joined(["a", "b", "c", "d", "e"]) == "a, b, c and 2 others"
    names = [name_of(word) for kind in (SubEventType, EventType, Term) for word in kind]
    assert all("_" not in name and name[0].isupper() for name in names)
