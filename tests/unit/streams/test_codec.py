"""Records survive the way to bytes and back, and what is no record is told in words."""

from dataclasses import fields
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import jsonschema
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams import records
from streams.codec import DecodeError, decode, encode
from streams.schemas import for_writers, json_schema, record_names
from streams.vocabulary import Quantifier

WHOLE = st.integers(-(2**63), 2**63 - 1)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(max_size=20)
few = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

RECORDS = [getattr(records, name) for name in record_names()]


def of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of an annotation that records use, with the bounds of JSON: 64-bit whole numbers, finite floats."""
    plain = {str: TEXT, int: WHOLE, float: NUMBER, bool: st.booleans(), type(None): st.none()}
    if kind in plain:
        return plain[kind]
    if get_origin(kind) in (Union, UnionType):
        return st.one_of([of(part) for part in get_args(kind)])
    if get_origin(kind) is tuple:
        return st.lists(of(get_args(kind)[0]), max_size=2).map(tuple)
    if get_origin(kind) is dict:
        return st.dictionaries(TEXT, of(get_args(kind)[1]), max_size=2)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: of(hints[field.name]) for field in fields(kind)})


@few
@given(st.data())
@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_decode_gives_back_what_encode_took(kind: type[Any], data: st.DataObject) -> None:
    record = data.draw(of(kind))
    assert decode(encode(record), kind) == record


@few
@given(st.data())
@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_what_we_write_fits_the_schemas_of_readers_and_of_writers(kind: type[Any], data: st.DataObject) -> None:
    value, schema = orjson.loads(encode(data.draw(of(kind)))), json_schema(kind.__name__)
    jsonschema.validate(value, schema)
    jsonschema.validate(value, for_writers(schema))


@few
@given(st.binary())
@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_bytes_that_are_no_record_give_a_decode_error(kind: type[Any], data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(data, kind)


@pytest.mark.parametrize("field", ["feed_id", "name", "headers"])
def test_a_lone_surrogate_is_refused_wherever_it_stands(field: str) -> None:
    told: dict[str, Any] = {"feed_id": "a", "url": "http://example.org/", "name": "A", "headers": {}}
    told[field] = {"X-Name": "\ud800"} if field == "headers" else "\ud800"
    with pytest.raises(UnicodeEncodeError):
        encode(records.Feed(**told))


def test_unknown_fields_pass_and_missing_ones_do_not() -> None:
    figure = records.Count(quantifier=Quantifier.EXACT, reported=3, low=3, high=3)
    plain = orjson.loads(encode(figure))
    assert decode(orjson.dumps({**plain, "later": [1]}), records.Count) == figure
    for field in fields(records.Count):
        less = {name: value for name, value in plain.items() if name != field.name}
        with pytest.raises(DecodeError, match=field.name):
            decode(orjson.dumps(less), records.Count)


def test_a_tombstone_is_told() -> None:
    with pytest.raises(DecodeError, match="tombstone"):
        decode(None, records.Count)
