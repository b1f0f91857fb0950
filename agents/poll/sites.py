"""Which site an address belongs to: what politeness is counted by."""

from functools import lru_cache

import can_ada
from courlan import extract_domain


@lru_cache(maxsize=20_000)
def site_of(url: str) -> str:
    """The registrable domain of a URL (`bbc.co.uk`), or its host where it has none (addresses, `localhost`)."""
    return extract_domain(url) or host_of(url)


def host_of(url: str) -> str:
    """The host of a URL, lower case; empty where there is none."""
    try:
        return str(can_ada.parse(url).hostname)
    except (ValueError, TypeError):
        return ""
