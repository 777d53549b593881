//! Accepts connections and serves each with hyper, until it ends or its switch is pulled.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use super::switch::{Switch, Switched};

/// Serves for ever.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, router.clone()));
            }
            // Out of file descriptors, say: that passes, and retrying at once would only burn.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn connection(stream: TcpStream, router: Router) {
    // Small answers must not wait for each other; a failure costs only time.
    let _ = stream.set_nodelay(true);
    let switch = Switch::default();
    let in_request = switch.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(in_request.clone());
        let request: Request = request.map(Body::new);
        router.clone().oneshot(request)
    });
    let stream = TokioIo::new(Switched::new(stream, switch.clone()));
    let served = http1::Builder::new().serve_connection(stream, service);
    tokio::select! {
        // A client that breaks off is its own affair.
        _ = served => {}
        () = switch.pulled() => {}
    }
}
