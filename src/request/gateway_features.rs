//! What gateways advertise in their responses, as far as it was seen: by their base URLs, for all clients of the thread.

use crate::ascii::around;
use std::cell::RefCell;

const HEADER: &str = "realtimekit-gateway-features";
/// More base URLs than an app has. Beyond that all are forgotten, and learned again.
const MAX_GATEWAYS: usize = 32;

/// What a gateway can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GatewayFeatures {
    /// It answers a repeated `Idempotency-Key` with the first response.
    pub(crate) remembers_keys: bool,
    /// It pushes the changes of a meeting over a WebSocket.
    pub(crate) pushes: bool,
}

thread_local! {
    static SEEN: RefCell<Vec<(String, GatewayFeatures)>> = const { RefCell::new(Vec::new()) };
}

/// The base URL of a request: all before the path of the API.
fn base(url: &str) -> &str {
    around(url, "/accounts/").map_or(url, |(base, _)| base)
}

/// What was seen of the gateway that this URL leads to.
pub(crate) fn seen(url: &str) -> GatewayFeatures {
    SEEN.with_borrow(|seen| {
        let known = seen.iter().find(|(known, _)| known == base(url));
        known.map(|(_, features)| *features).unwrap_or_default()
    })
}

/// Reads the header of a response to a request to this URL. Cloudflare's API is no gateway.
pub(crate) fn read(url: &str, header: impl FnOnce(&str) -> Option<String>) {
    if url.starts_with("https://api.cloudflare.com/") {
        return;
    }
    let Some(text) = header(HEADER) else {
        return;
    };
    let features = GatewayFeatures {
        remembers_keys: around(&text, "idempotency-key").is_some(),
        pushes: around(&text, "watch").is_some(),
    };
    let base = base(url);
    SEEN.with_borrow_mut(
        |seen| match seen.iter_mut().find(|(known, _)| known == base) {
            Some((_, known)) => *known = features,
            None => {
                if seen.len() >= MAX_GATEWAYS {
                    seen.clear();
                }
                seen.push((base.to_owned(), features));
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_belong_to_a_base_url() {
        let url = |n: u32| format!("https://g{n}.example/client/v4/accounts/a/realtime/kit/x");
        read(&url(1), |name| {
            (name == HEADER).then(|| "other, idempotency-key".to_owned())
        });
        let keys = GatewayFeatures {
            remembers_keys: true,
            pushes: false,
        };
        assert_eq!(seen(&url(1)), keys);
        assert_eq!(seen("https://g1.example/client/v4/accounts/b"), keys);
        assert_eq!(seen(&url(2)), GatewayFeatures::default());
        // A response without the header, of a proxy for example, says nothing.
        read(&url(1), |_| None);
        assert_eq!(seen(&url(1)), keys);
        for n in 2..40 {
            read(&url(n), |_| Some("watch".to_owned()));
            assert!(seen(&url(n)).pushes);
        }
        assert_eq!(seen(&url(1)), GatewayFeatures::default());
    }

    #[test]
    fn cloudflare_is_no_gateway() {
        let url = "https://api.cloudflare.com/client/v4/accounts/a";
        read(url, |_| Some("idempotency-key, watch".to_owned()));
        assert_eq!(seen(url), GatewayFeatures::default());
    }
}
