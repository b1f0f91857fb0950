import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.poll.clean import MAX_BODY, line, scrub, text_hash, to_body, to_html, to_text
from agents.poll.entry import Text

anything = st.text(st.characters(codec=None), max_size=300) | st.text("<>/&;\"'= abpdiv!-[]x#\n", max_size=300)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br>Two<br/><br/>Three", "One\nTwo\nThree"),
        ("a <b>bold</b>\n word", "a bold word"),
        ("<ul><li>x<li>y</ul>", "x\ny"),
        ("AT&amp;T &lt;tag&gt; &#8217; &nbsp;2\u202f000", "AT&T <tag> ’ \xa02\u202f000"),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("safe <iframe src='http://x/'> text", "safe text"),
        ("<noscript>only <img src=x></noscript>this", "only this"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1\n2"),
        ("no markup at all", "no markup at all"),
        ("", ""),
    ],
)
def test_blocks_become_lines_and_entities_characters(markup: str, text: str) -> None:
    assert to_text(markup) == text


def test_letters_are_not_normalised() -> None:
    decomposed = "e\u0301 \ufb01 \u0130 ﷺ"
    assert to_text(decomposed) == decomposed


def test_a_lone_surrogate_is_replaced_one_for_one_and_controls_go() -> None:
    assert scrub("a\ud800b\udfffc\x00d\x85e\tf") == "a\ufffdb\ufffdcde\tf"


def test_unsafe_markup_does_not_come_through() -> None:
    html = to_html(
        '<a href="javascript:alert(1)" onclick="x()">l</a><img src="data:text/html,x" onerror=x>'
        "<form action=http://e/><input></form><svg onload=x><a href=' java\nscript:x'>y</a>"
    )
    assert not re.search(r"javascript|data:|\bon\w+=|<form|<input|<svg", html)


def test_relative_links_are_resolved_or_left_out() -> None:
    assert 'href="http://e.org/a/q"' in to_html('<a href="q">x</a>', "http://e.org/a/b")
    assert "href" not in to_html('<a href="q">x</a>')
    assert "x" in to_html('<a href="q">x</a>', "no base")


def test_plain_text_keeps_what_looks_like_markup() -> None:
    body, html = to_body(Text(value="1 < 2 and\r\n\r\n3 > 2", html=False))
    assert (body, html) == ("1 < 2 and\n3 > 2", None)


def test_titles_are_one_line_and_once_unescaped() -> None:
    assert line(Text(value="Q&amp;A:\n a  <i>title</i>", html=False)) == "Q&A: a title"
    assert line(Text(value="5 < 6 & 7", html=False)) == "5 < 6 & 7"
    assert line(None) == ""


@pytest.mark.parametrize("evil", ["<div>" * 100_000, "<" * 300_000, '<a b="' * 60_000, "<!--" * 60_000, "&" * 300_000])
@pytest.mark.timeout(20)
def test_time_is_bounded(evil: str) -> None:
    body, html = to_body(Text(value=evil, html=True))
    assert len(body) <= MAX_BODY
    assert html is None or len(html) <= MAX_BODY


def test_the_hash_sees_words_alone() -> None:
    assert text_hash("A  title", "Some\nwords") == text_hash("a title", "some words ")
    assert text_hash("A title", "12 dead") != text_hash("A title", "13 dead")


@given(anything)
def test_nothing_breaks_it_and_what_comes_out_is_clean(text: str) -> None:
    body, html = to_body(Text(value=text, html=True), "http://example.org/")
    assert body.encode("utf-8").decode() == body
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", body + (html or ""))
    assert all(part == part.strip(" ") and part for part in body.split("\n")) or body == ""
    assert "<script" not in (html or "")


@given(anything)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once, _ = to_body(Text(value=text, html=False))
    assert to_body(Text(value=once, html=False))[0] == once


def test_a_control_character_that_is_written_as_a_number_does_not_come_back() -> None:
    assert to_html("<p>a&#6;b</p>") == "<p>ab</p>"
    assert line(Text(value="<b>a&#6;b", html=True)) == "ab"
