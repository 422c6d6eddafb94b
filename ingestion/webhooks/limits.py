"""How many calls there may be: a bucket a provider for what is proved, a bucket an address before.

Who has no secret can only empty the bucket of his own address, so nobody is locked out by another.
In: a request's peer and headers. Out: whether it may go on. Memory is bounded: the addresses heard
of longest ago are forgotten first.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

MOST_ADDRESSES = 10_000
FORWARDED = "x-forwarded-for"
Network = IPv4Network | IPv6Network


class Bucket:
    """Fills up at `per_second`, to one second's worth."""

    def __init__(self, per_second: int) -> None:
        self.most = self.left = float(per_second)
        self._looked = time.monotonic()

    def take(self) -> bool:
        """Takes one, if there is one."""
        now = time.monotonic()
        self.left = min(self.left + (now - self._looked) * self.most, self.most)
        self._looked = now
        if self.left < 1:
            return False
        self.left -= 1
        return True

    def give_back(self) -> None:
        """As if it had not been taken."""
        self.left = min(self.left + 1, self.most)


class Addresses:
    """The buckets of callers that have proved nothing yet."""

    def __init__(self, per_second: int, proxies: Sequence[Network]) -> None:
        self._per_second, self._proxies = per_second, proxies
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def bucket_of(self, peer: str, forwarded: Sequence[str]) -> Bucket:
        """The bucket of whoever calls."""
        address = caller_of(peer, forwarded, self._proxies)
        bucket = self._buckets.pop(address, None) or Bucket(self._per_second)
        self._buckets[address] = bucket  # the last to be forgotten
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return bucket

    def __len__(self) -> int:
        return len(self._buckets)


def caller_of(peer: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """The address that called: of a proxy of ours, the last one it names that is none of ours.

    What stands further left in X-Forwarded-For is the caller's own word. Of an IPv6 address its
    network of 64 bits counts, since who has one address there has them all.
    """
    named = ",".join(forwarded).split(",")
    found = peer
    while named and _is_among(found, proxies) and (before := named.pop().strip()):
        found = before
    return _short(found)


def _is_among(address: str, networks: Sequence[Network]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _short(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(IPv6Network((parsed, 64), strict=False))
    return str(parsed)
