"""Which names and addresses are this machine's: who may be told, and who may ask, without further leave."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's and cannot be another's.

    Args:
        host: Lower-case, without port; an IPv6 address with or without brackets.
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
