//! Which addresses a webhook may lead to. A service that sends what others ask for, where
//! they ask, must not become their way into networks that only it can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// What kind of place an address names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Anywhere in the internet.
    Public,
    /// This machine.
    Loopback,
    /// Somebody's own network.
    Private,
    /// Nobody that a message could be meant for: a link's own, a group, a reserved range.
    Nowhere,
}

/// RFC 1918, and RFC 6598 for the networks of carriers.
const PRIVATE_4: [Ipv4Net; 4] = [
    Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8),
    Ipv4Net::new_assert(Ipv4Addr::new(100, 64, 0, 0), 10),
    Ipv4Net::new_assert(Ipv4Addr::new(172, 16, 0, 0), 12),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 168, 0, 0), 16),
];
/// What else IANA's registry of special purposes keeps out of the internet.
const NOWHERE_4: [Ipv4Net; 10] = [
    Ipv4Net::new_assert(Ipv4Addr::new(0, 0, 0, 0), 8),
    Ipv4Net::new_assert(Ipv4Addr::new(169, 254, 0, 0), 16),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 0, 0, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 0, 2, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(192, 88, 99, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(198, 18, 0, 0), 15),
    Ipv4Net::new_assert(Ipv4Addr::new(198, 51, 100, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(203, 0, 113, 0), 24),
    Ipv4Net::new_assert(Ipv4Addr::new(224, 0, 0, 0), 4),
    Ipv4Net::new_assert(Ipv4Addr::new(240, 0, 0, 0), 4),
];
/// Unique local addresses.
const PRIVATE_6: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7);
/// All that is given out of IPv6; what it does not hold is nowhere.
const GIVEN_6: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// Of that, protocols of the IETF (Teredo among them), documentation, and 6to4, which
/// wraps an address of version 4.
const NOWHERE_6: [Ipv6Net; 4] = [
    Ipv6Net::new_assert(Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    Ipv6Net::new_assert(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    Ipv6Net::new_assert(Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    Ipv6Net::new_assert(Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];
/// Addresses of version 4 as translators write them (RFC 6052).
const TRANSLATED: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// What kind of place an address names.
pub fn place(address: IpAddr) -> Place {
    match address {
        IpAddr::V4(address) => place_4(address),
        IpAddr::V6(address) => place_6(address),
    }
}

fn place_4(address: Ipv4Addr) -> Place {
    let within = |networks: &[Ipv4Net]| networks.iter().any(|net| net.contains(&address));
    if address.is_loopback() {
        Place::Loopback
    } else if within(&PRIVATE_4) {
        Place::Private
    } else if within(&NOWHERE_4) {
        Place::Nowhere
    } else {
        Place::Public
    }
}

fn place_6(address: Ipv6Addr) -> Place {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return place_4(mapped);
    }
    if TRANSLATED.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return place_4(Ipv4Addr::new(a, b, c, d));
    }
    if address.is_loopback() {
        Place::Loopback
    } else if PRIVATE_6.contains(&address) {
        Place::Private
    } else if !GIVEN_6.contains(&address) || NOWHERE_6.iter().any(|net| net.contains(&address)) {
        Place::Nowhere
    } else {
        Place::Public
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_somewhere() {
        for (expected, addresses) in [
            (
                Place::Public,
                "1.1.1.1 8.8.8.8 172.32.0.1 100.128.0.1 192.167.255.255 2606:4700::1 2a00:1450::1 ::ffff:8.8.8.8 64:ff9b::808:808",
            ),
            (Place::Loopback, "127.0.0.1 127.255.255.254 ::1 ::ffff:127.0.0.1 64:ff9b::7f00:1"),
            (
                Place::Private,
                "10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 100.127.255.255 fc00::1 fdff::1 ::ffff:10.0.0.1 ::ffff:192.168.0.1 64:ff9b::a00:1",
            ),
            (
                Place::Nowhere,
                "0.0.0.0 0.1.2.3 169.254.169.254 192.0.0.1 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255",
            ),
            (
                Place::Nowhere,
                ":: ::ffff:0.0.0.0 ::ffff:169.254.169.254 ::7f00:1 ::10.0.0.1 fe80::1 febf::1 fec0::1 ff02::1 100::1 64:ff9b:1::1 64:ff9b::a9fe:a9fe 2001::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 3fff::1 5f00::1",
            ),
        ] {
            for address in addresses.split(' ') {
                assert_eq!(place(address.parse().unwrap()), expected, "{address}");
            }
        }
    }
}
