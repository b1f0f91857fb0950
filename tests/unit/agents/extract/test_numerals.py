"""Numbers in thirteen languages: round trips, mixtures, ranges, vague words, and what is no number."""

import random
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from agents.extract.numeral_words import Numerals, NumeralsError
from agents.extract.numerals import Number, find_numbers
from tests.support.extraction import cut, numbers, reader

SPOKEN = ("id", "en", "ru", "uk", "az", "tr", "ar", "fa", "he", "es", "fr")
CODES = (*SPOKEN, "hy", "ka")


def _spelled_wrong(value: int, language: str) -> bool:
    """num2words drops a `one` before a thousand (az, tr) and garbles Arabic millions that end in one or two."""
    if language in ("az", "tr"):
        return any(group % 10 == 1 and group > 1 for group in (value // 1000 % 1000, value // 1_000_000))
    return language == "ar" and value >= 1_000_000


@pytest.mark.parametrize("language", SPOKEN)
def test_every_number_word_is_read_back(language: str) -> None:
    draw = random.Random(language)
    values = [*range(2, 1200), *(draw.randint(1200, 10 ** draw.randint(4, 9)) for _ in range(400))]
    wrong = {}
    for value in values:
        if not _spelled_wrong(value, language):
            words = num2words(value, lang=language).replace(",", "")
            read = [number.value for number in numbers(words, language)]
            if read != [value]:
                wrong[words] = read
    assert not wrong


_GEORGIAN = (
    "ნული ერთი ორი სამი ოთხი ხუთი ექვსი შვიდი რვა ცხრა ათი თერთმეტი თორმეტი ცამეტი თოთხმეტი თხუთმეტი თექვსმეტი "
    "ჩვიდმეტი თვრამეტი ცხრამეტი"
)


def _georgian(value: int) -> str:
    """Number words of Georgian, which num2words lacks: by twenties below a hundred, hundreds in one word."""
    if value < 20:
        return _GEORGIAN.split()[value]
    if value < 100:
        twenties = {20: "ოც", 40: "ორმოც", 60: "სამოც", 80: "ოთხმოც"}[value // 20 * 20]
        return twenties + ("და" + _georgian(value % 20) if value % 20 else "ი")
    if value < 1000:
        hundred = (_georgian(value // 100).removesuffix("ი") if value >= 200 else "") + "ას"
        return hundred + (" " + _georgian(value % 100) if value % 100 else "ი")
    scale, name = (1000, "ათას") if value < 1_000_000 else (1_000_000, "მილიონ")
    many = "" if value // scale == 1 and scale == 1000 else _georgian(value // scale) + " "
    return many + name + (" " + _georgian(value % scale) if value % scale else "ი")


def test_every_georgian_number_word_is_read_back() -> None:
    draw = random.Random("ka")
    values = [*range(2, 1200), *(draw.randint(1200, 10 ** draw.randint(4, 8)) for _ in range(400))]
    read = {value: [number.value for number in numbers(_georgian(value), "ka")] for value in values}
    assert {value: found for value, found in read.items() if found != [value]} == {}


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ka", "სამოცდათხუთმეტმა მაღაროელმა", 75),
        ("ka", "ორას ოცდახუთი ათასი", 225_000),
        ("ka", "2,5 ათასი", 2500),
        ("en", "2.5 million", 2_500_000),
        ("en", "two and a half thousand people", 2500),
        ("en", "half a million", 500_000),
        ("en", "9 300 households", 9300),
        ("en", "2.14 lakh", 214_000),
        ("en", "3,57,243 people", 357_243),
        ("en", "61, 000 people", 61_000),
        ("id", "2 ribu orang", 2000),
        ("id", "2.000", 2000),
        ("id", "2,5 ribu", 2500),
        ("id", "1.5 juta", 1_500_000),
        ("id", "dua setengah ribu", 2500),
        ("id", "setengah juta", 500_000),
        ("ru", "39,6 тыс. жителей", 39_600),
        ("ru", "1 274 человека", 1274),
        ("ru", "пять с половиной тысяч", 5500),
        ("ru", "полторы тысячи", 1500),
        ("uk", "шести з половиною тисяч", 6500),
        ("uk", "п’ятнадцятьох будівельників", 15),
        ("az", "13 min 500-dən çox", 13_500),
        ("az", "iki min beş yüz", 2500),
        ("tr", "52 bin 622 Suriyeli", 52_622),
        ("tr", "iki buçuk milyon", 2_500_000),
        ("tr", "binden fazlası", 1000),
        ("hy", "երկու ու կես հազար", 2500),
        ("hy", "հինգուկես հազար մարդ", 5500),
        ("hy", "երկու հարյուր քսանհինգ", 225),
        ("hy", "2 261-ը", 2261),
        ("ar", "٦٠٬٠٠٠", 60_000),
        ("ar", "مليونين ونصف المليون", 2_500_000),
        ("ar", "خمسة وعشرون ألفا", 25_000),
        ("fa", "۳۴ هزار و ۶۱۸ تن", 34_618),
        ("fa", "۱/۲ میلیون", 1_200_000),
        ("fa", "یک‌هزار", 1000),
        ("he", "21.4 אלף", 21_400),
        ("he", "אלפיים וחמש מאות", 2500),
        ("he", "מיליון וחצי", 1_500_000),
        ("fr", "45 000 habitants", 45_000),
        ("fr", "3.100 insulaires", 3100),
        ("fr", "quatre-vingt-dix-sept", 97),
        ("es", "dos mil quinientas", 2500),
        ("es", "dos millones y medio", 2_500_000),
    ],
)
def test_digits_words_and_mixtures(language: str, text: str, value: int) -> None:
    assert [number.count for number in numbers(text, language)] == [value]


@pytest.mark.parametrize(
    ("language", "text", "low", "high"),
    [
        ("en", "between 2,000 and 3,000", 2000, 3000),
        ("en", "5,000 to 7,000", 5000, 7000),
        ("en", "thirty or forty", 30, 40),
        ("id", "50 hingga 70 orang", 50, 70),
        ("ru", "от трёх до четырёх тысяч", 3000, 4000),
        ("ru", "90–100 тысячах", 90_000, 100_000),
        ("uk", "дві–три тисячі", 2000, 3000),
        ("az", "300-dən 500-ə qədər", 300, 500),
        ("tr", "15 bin ila 20 bin", 15_000, 20_000),
        ("tr", "beş altı yüz kişi", 500, 600),
        ("hy", "200-ից 300", 200, 300),
        ("ka", "300-დან 400-მდე", 300, 400),
        ("ar", "ما بين 10 آلاف و12 ألف", 10_000, 12_000),
        ("fa", "بین 190 تا 220 هزار", 190_000, 220_000),
        ("he", "בין 2,000 ל־2,500", 2000, 2500),
        ("fr", "trois à quatre cents", 300, 400),
        ("es", "entre 25.000 y 30.000", 25_000, 30_000),
    ],
)
def test_ranges(language: str, text: str, low: int, high: int) -> None:
    (number,) = numbers(text, language)
    assert number.value is None
    assert [number.low, number.high] == [low, high]


@pytest.mark.parametrize(
    ("language", "text", "low"),
    [
        ("en", "dozens", 12),
        ("en", "tens of thousands", 10_000),
        ("en", "several hundred", 100),
        ("id", "belasan", 11),
        ("id", "ratusan ribu", 100_000),
        ("ru", "несколько десятков", 10),
        ("uk", "десятки тисяч", 10_000),
        ("az", "on minlərlə", 10_000),
        ("tr", "yüzlerce", 100),
        ("hy", "հարյուր հազարավոր", 100_000),
        ("ka", "ათიათასობით", 10_000),
        ("ar", "عشرات الآلاف", 10_000),
        ("fa", "صدها هزار", 100_000),
        ("he", "עשרות אלפים", 10_000),
        ("fr", "des dizaines de milliers", 10_000),
        ("es", "decenas de miles", 10_000),
    ],
)
def test_vague_words(language: str, text: str, low: int) -> None:
    (number,) = numbers(text, language)
    assert number.value is None
    assert number.high is None
    assert number.low == low


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "at 19:30, on 2024-04-14, Su-24, 38-year-old, the 21st, $4.2 million, call 0 800 332 614"),
        ("id", "(20/6), Rp20.000, Rp1,2 miliar, 021-5550148"),
        ("ru", "3-й, 14-летний, 18.07.2018"),
        ("tr", "onun binası yüzünden"),
        ("az", "onlar üçün"),
        ("ar", "يوم الأحد"),
        ("fr", "le 1er mars"),
    ],
)
def test_dates_times_codes_and_prices_are_no_numbers(language: str, text: str) -> None:
    assert [number for number in numbers(text, language) if not number.weak] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "une centaine"), ("es", "medio centenar"), ("en", "600-odd"), ("id", "60-an orang"), ("ru", "тысяч пять")],
)
def test_round_wordings_are_approximate(language: str, text: str) -> None:
    (number,) = numbers(text, language)
    assert number.approximate


@pytest.mark.parametrize("language", CODES)
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_read_within_its_tokens(language: str, text: str) -> None:
    for sentence in cut(text, language):
        found = find_numbers(reader(language).numerals, sentence.tokens)
        assert all(0 <= n.first < n.last <= len(sentence.tokens) for n in found)
        assert all(a.last <= b.first for a, b in pairwise(found))


@settings(deadline=None)
@given(value=st.integers(1, 10**9), language=st.sampled_from(CODES))
def test_grouped_digits_are_read_back(value: int, language: str) -> None:
    mark = sorted(reader(language).numerals.marks.thousands - {"'", "’", "٬"})[0]
    assert [n.value for n in numbers(f"{value:,}".replace(",", mark), language)] == [value]


def test_a_long_line_of_numbers_takes_linear_work() -> None:
    sentence = cut("7 " * 2000, "en")
    assert sum(len(find_numbers(reader("en").numerals, s.tokens)) for s in sentence) == 2000


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"adds": {}}, "numerals.adds"),
        ({"add": {"one": ["one"]}}, "numerals.add"),
        ({"add": {"1": "one"}}, "numerals.add.1"),
        ({"joiners": ["and", "and"]}, "numerals.joiners"),
        ({"joined": "yes"}, "numerals.joined"),
    ],
)
def test_a_wrong_table_names_its_key(table: dict[str, object], key: str) -> None:
    with pytest.raises(NumeralsError) as error:
        Numerals.of(table, str.lower)
    assert error.value.key == key


def test_a_number_with_a_fraction_is_no_count() -> None:
    assert Number(0, 1, Fraction(5, 2)).count is None
