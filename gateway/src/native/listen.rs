//! The listening sockets: the configured addresses, or systemd's sockets, which refuse no
//! connection during a restart.

use std::net::SocketAddr;

use listenfd::ListenFd;
use tokio::net::TcpListener;

/// The listeners.
pub(super) struct Listeners {
    /// For the API and the page.
    pub(super) public: TcpListener,
    /// For metrics and health checks.
    pub(super) metrics: Option<TcpListener>,
}

impl Listeners {
    /// Listens. The first socket from systemd is the public one, the second is for metrics, if
    /// `metrics_listen` is set; they replace the configured addresses.
    pub(super) async fn open(
        address: SocketAddr,
        metrics: Option<SocketAddr>,
    ) -> Result<Self, String> {
        let mut given = ListenFd::from_env();
        let public = match take(&mut given, 0)? {
            Some(listener) => listener,
            None => listen(address, "listen").await?,
        };
        let metrics = match (take(&mut given, 1)?, metrics) {
            (Some(listener), Some(_)) => Some(listener),
            (Some(_), None) => {
                let what = "two sockets were handed over, but metrics_listen is not set";
                return Err(what.to_owned());
            }
            (None, Some(address)) => Some(listen(address, "metrics_listen").await?),
            (None, None) => None,
        };
        Ok(Self { public, metrics })
    }
}

fn take(given: &mut ListenFd, place: usize) -> Result<Option<TcpListener>, String> {
    let wrong = |error: std::io::Error| format!("the socket that was handed over: {error}");
    let Ok(Some(listener)) = given.take_tcp_listener(place) else {
        return Ok(None);
    };
    listener.set_nonblocking(true).map_err(wrong)?;
    TcpListener::from_std(listener).map(Some).map_err(wrong)
}

async fn listen(address: SocketAddr, field: &str) -> Result<TcpListener, String> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| format!("{field}: {address}: {error}"))
}
