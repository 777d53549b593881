//! A client's address: the peer of the connection, or the address that a trusted proxy reports.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The trusted proxies.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// From a list of networks.
    pub fn new(proxies: Vec<IpNet>) -> Self {
        Self(proxies)
    }

    /// Whether an address belongs to a trusted proxy.
    pub fn include(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|proxy| proxy.contains(&address))
    }

    /// The client of a request from `peer`: the last address in `X-Forwarded-For` that is not a
    /// trusted proxy's. Any client can forge the addresses before it.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.include(client) {
            return client;
        }
        for line in headers.get_all(FORWARDED_FOR).iter().rev() {
            for text in line.to_str().unwrap_or_default().rsplit(',') {
                let Ok(address) = text.trim().parse::<IpAddr>() else {
                    return client;
                };
                client = address.to_canonical();
                if !self.include(client) {
                    return client;
                }
            }
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn client(peer: &str, lines: &[&'static str]) -> String {
        let trusted = ["127.0.0.1/32", "10.0.0.0/8"].map(|text| text.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(line));
        }
        let peer = peer.parse().unwrap();
        TrustedProxies::new(trusted.to_vec())
            .client(peer, &headers)
            .to_string()
    }

    #[test]
    fn only_a_trusted_proxy_names_the_client() {
        assert_eq!(client("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client("127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(
            client("::ffff:127.0.0.1", &["198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(client("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_a_client_writes_before_the_proxy_is_not_believed() {
        assert_eq!(
            client("127.0.0.1", &["1.1.1.1, 198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(
            client("127.0.0.1", &["1.1.1.1", "198.51.100.7, 10.1.1.1"]),
            "198.51.100.7"
        );
        assert_eq!(client("127.0.0.1", &["nonsense, 10.1.1.1"]), "10.1.1.1");
        assert_eq!(client("127.0.0.1", &["10.1.1.1, nonsense"]), "127.0.0.1");
    }
}
