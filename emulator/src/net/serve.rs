//! Accepts connections and serves each with hyper, until it ends or a fault ends it.

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

/// Serves forever.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, router.clone()));
            }
            // Usually a lack of file descriptors, which passes. An immediate retry would only spin.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn connection(stream: TcpStream, router: Router) {
    // Small responses must not wait for each other. A failure only costs time.
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
        // Ignore clients that disconnect.
        _ = served => {}
        () = switch.pulled() => {}
    }
}
