//! Where a request comes from, as far as that can be believed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use actix_web::HttpRequest;

/// Who sends a request: the connection's other end, or what the outermost of our proxies
/// says of its own. A household has one IPv6 network, so that is what counts.
pub(super) fn address(request: &HttpRequest, proxies: usize) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let told = || {
        let headers = request.headers().get_all("x-forwarded-for");
        let all: Vec<&str> = headers.filter_map(|value| value.to_str().ok()).collect();
        let all = all.join(",");
        all.rsplit(',').nth(proxies.checked_sub(1)?)?.trim().parse().ok()
    };
    // Where one socket listens for both, an IPv4 address comes as an IPv6 one.
    match told().unwrap_or(peer).to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let request = TestRequest::default()
            .peer_addr("10.0.0.9:1".parse().unwrap())
            .append_header(("x-forwarded-for", "1.1.1.1, 2.2.2.2"))
            .append_header(("x-forwarded-for", "3.3.3.3"))
            .to_http_request();
        for (proxies, expected) in
            [(0, "10.0.0.9"), (1, "3.3.3.3"), (2, "2.2.2.2"), (3, "1.1.1.1"), (4, "10.0.0.9")]
        {
            assert_eq!(address(&request, proxies).to_string(), expected);
        }
        let six = TestRequest::default().peer_addr("[2001:db8:1:2:3:4:5:6]:1".parse().unwrap());
        assert_eq!(address(&six.to_http_request(), 0).to_string(), "2001:db8:1:2::");
        let both = TestRequest::default().peer_addr("[::ffff:192.0.2.7]:1".parse().unwrap());
        assert_eq!(address(&both.to_http_request(), 0).to_string(), "192.0.2.7");
    }
}
