//! The connections to the API that are open, each kept for a while for the next request.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tower::ServiceExt;

use crate::native::workers;

use super::connection::{Connection, Failure, Sent};

/// How long one that nobody uses is kept.
const KEPT: Duration = Duration::from_secs(60);

/// How many that nobody uses a worker keeps.
const MOST_KEPT: usize = 256;

/// What opens connections.
pub(super) type Connector = HttpsConnector<HttpConnector>;

/// Opens connections, with TLS where the URL says https.
pub(super) fn connector(connect_timeout: Duration) -> Connector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(connect_timeout));
    HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp)
}

/// The connections to one server.
#[expect(clippy::vec_box, reason = "they are large, and moved at each request")]
pub(super) struct Pool {
    connector: Connector,
    server: Uri,
    /// For each worker those it opened, for its runtime waits for their sockets; the one used last
    /// at the end. Boxed, for they are moved at each request.
    free: Vec<Mutex<Vec<Box<Connection>>>>,
}

/// A connection that is in use. Dropped before it is given back it is closed.
pub(super) struct Lent {
    pub(super) connection: Box<Connection>,
    worker: usize,
}

impl Pool {
    /// Nothing is opened yet.
    pub(super) fn new(connector: Connector, server: Uri) -> Self {
        Self {
            connector,
            server,
            free: (0..workers::count()).map(|_| Mutex::default()).collect(),
        }
    }

    /// Sends a request, once. It goes over another connection only where the first has ended before
    /// a byte of it was written.
    pub(super) async fn send(
        &self,
        mut request: Sent,
    ) -> Result<(Lent, Response<Incoming>), Failure> {
        let worker = workers::number();
        while let Some(mut connection) = self.take(worker) {
            match connection.send(request).await {
                Ok(response) => return Ok((Lent { connection, worker }, response)),
                Err(Failure::Unsent(again, _)) => request = *again,
                Err(lost) => return Err(lost),
            }
        }
        let mut connection = match self.open().await {
            Ok(connection) => connection,
            Err(what) => return Err(Failure::Unsent(Box::new(request), what)),
        };
        let response = connection.send(request).await?;
        Ok((Lent { connection, worker }, response))
    }

    /// Keeps a connection for the next request, if it is good for one.
    pub(super) fn give_back(&self, lent: Lent) {
        let Lent {
            mut connection,
            worker,
        } = lent;
        if let Some(free) = self.free.get(worker)
            && connection.is_free()
        {
            let mut free = lock(free);
            if free.len() < MOST_KEPT {
                free.push(connection);
            }
        }
    }

    /// Closes what nobody has used for long, and what the server has closed.
    pub(super) fn tidy(&self) {
        for free in &self.free {
            lock(free).retain_mut(|connection| connection.idle() < KEPT && connection.is_free());
        }
    }

    /// One that is open, as far as is known.
    fn take(&self, worker: usize) -> Option<Box<Connection>> {
        let mut free = lock(self.free.get(worker)?);
        while let Some(mut connection) = free.pop() {
            if connection.idle() < KEPT && connection.is_free() {
                return Some(connection);
            }
        }
        None
    }

    fn open(&self) -> impl Future<Output = Result<Box<Connection>, String>> + Send + use<> {
        let io = self.connector.clone().oneshot(self.server.clone());
        async move {
            let io = io.await.map_err(|error| error.to_string())?;
            let opened = Connection::new(io).await;
            opened.map(Box::new).map_err(|error| error.to_string())
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
