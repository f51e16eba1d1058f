"""Which hosts nothing of ours may be sent to, whatever a setting says: where a cloud's machines tell their secrets."""

from __future__ import annotations

import ipaddress
import socket

_NAMES = frozenset(
    {"metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"}
)
_OTHERS = frozenset(
    {"fd00:ec2::254", "100.100.100.200", "192.0.0.192"}
)  # of AWS, Alibaba and Oracle; all others: link-local


def tells_secrets(host: str) -> bool:
    """Whether a host is named or written as one that answers anybody on its machine with the machine's own keys.

    An address counts in every way of writing it that the system's resolver knows. No name is looked up.
    """
    named = host.strip("[]").rstrip(".").casefold()
    if named in _NAMES:
        return True
    address = _written(named.partition("%")[0])
    return address is not None and (address.is_link_local or str(address) in _OTHERS)


def leads_to_secrets(host: str) -> bool:
    """The same, where a name counts by what it stands for just now; a name that stands for nothing leads nowhere."""
    if tells_secrets(host):
        return True
    try:
        found = {str(at[4][0]) for at in socket.getaddrinfo(host.strip("[]"), None)}
    except (OSError, UnicodeError):
        return False
    return any(tells_secrets(address) for address in found)


def _written(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is written as: also as one number, in octal or hexadecimal, or as IPv4 within IPv6."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
        except (OSError, UnicodeError):
            return None
    inside = getattr(found, "ipv4_mapped", None)
    return found if inside is None else inside
