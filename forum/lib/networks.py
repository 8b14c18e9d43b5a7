"""Network addresses as limits count them, and which of them are out in the world."""

import ipaddress

PREFIX_OF_ONE_LINE = 64  # what a provider gives one household or machine, RFC 6177
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291, 2.5.5.1: given up, still understood
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA has ever given out


def network_of(address: str) -> str:
    """What counts as one sender: an IPv4 address, or the /64 of an IPv6 one.

    Whoever has one IPv6 address has 2^64 of them, and could pass any limit of single ones. What is
    no address is given back as it is. Source: docs/decisions/0045-security.md.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.IPv6Network((ip, PREFIX_OF_ONE_LINE), strict=False).network_address)


def is_public(address: str) -> bool:
    """Whether the address is out in the world: also what it hides must be.

    Raises: ValueError where it is no address.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    hidden = _hidden_in(ip)
    if hidden is not None:
        return is_public(str(hidden))
    if isinstance(ip, ipaddress.IPv6Address) and ip not in GLOBAL_UNICAST:
        return False
    return ip.is_global and not ip.is_multicast


def _hidden_in(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a packet to this IPv6 address may be turned into."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in NAT64 or (ip in IPV4_COMPATIBLE and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour
