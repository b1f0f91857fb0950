"""One spelling for one address, and never one spelling for two pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.urls import canonical_url, url_identity


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Example.com:80/a/../b?utm_source=x&id=3#frag", "http://example.com/b?id=3"),
        ("https://пример.рф/а б", "https://xn--e1afmkfd.xn--p1ai/%D0%B0%20%D0%B1"),
        ("https://a.com/%d0%b0", "https://a.com/%D0%B0"),
        ("https://user:secret@a.com/x?", "https://a.com/x"),
        ("https://a.com/x?b=2&a=1", "https://a.com/x?a=1&b=2"),
        ("https://a.com/x?at_medium=RSS&fbclid=1&gclid=2&xtor=RSS-1&source=rss", "https://a.com/x"),
        ("https://a.com/x?b=2&amp;a=1", "https://a.com/x?a=1&b=2"),
        ("https://a.com./x", "https://a.com/x"),
        (" https://a.com/x\n", "https://a.com/x"),
        ("https://a.com/#!/news/12", "https://a.com/#!/news/12"),
    ],
)
def test_spellings_of_one_page(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.com/?cid=12", "https://a.com/?cid=13"),
        ("https://a.com/news?12345", "https://a.com/news?12346"),
        ("https://a.com/1?back=https://a.com/", "https://a.com/2?back=https://a.com/"),
        ("https://a.com/x?ref=8812", "https://a.com/x?ref=8813"),
        ("https://a.com/#!/news/12", "https://a.com/#!/news/13"),
        ("https://a.com/A", "https://a.com/a"),
    ],
)
def test_different_pages_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)
    assert url_identity(canonical_url(one)) != url_identity(canonical_url(other))


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "ftp://a.com/x",
        "//a.com/x",
        "http://[::1/",
        "\ud800",
        "https://a/" + "x" * 5000,
    ],
)
def test_what_is_no_page_has_no_form(url: str | None) -> None:
    assert canonical_url(url) is None


def test_identity_leaves_scheme_and_www_out() -> None:
    same = ("http://www.a.com/x/", "https://a.com/x")
    assert len({url_identity(canonical_url(url)) for url in same}) == 1


def test_the_front_page_identifies_nothing() -> None:
    assert url_identity(canonical_url("https://a.com/")) is None
    assert url_identity(None) is None


@given(st.text(), st.text())
def test_any_text_gives_a_stable_form_or_none(path: str, query: str) -> None:
    for url in (path, f"https://a.com/{path}?{query}#{path}"):
        canonical = canonical_url(url)
        assert canonical is None or canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://0x7f000001..../a", "http://127.0.0.1/a"),
        ("Http://example.org/?a=1&Amp;amp;b=2", "http://example.org/?a=1&b=2"),
        ("http:/./EXAMPLE.org:80/a/../b/", "http://example.org/b/"),
    ],
)
def test_what_reads_otherwise_once_it_is_in_order_is_read_again(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical
