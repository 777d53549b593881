//! One connection to the API. Whoever waits for an response drives it: in a task of its own, as hyper's
//! pooled client has it, it would be woken for each request and for each response, and wake in its turn.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::Collect;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What goes over it.
pub(super) type Io = MaybeHttpsStream<TokioIo<TcpStream>>;

/// What is sent.
pub(super) type Sent = Request<Full<Bytes>>;

/// Why there is no response.
pub(super) enum Failure {
    /// Not a byte of the request was written; here it is again.
    Unsent(Box<Sent>, String),
    /// It may have been sent.
    Lost(String),
}

/// A connection that is open, as far as is known.
pub(super) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    /// `None` when it has come to its end: dropped, it gives back a request that it has not begun.
    driver: Option<http1::Connection<Io, Full<Bytes>>>,
    used: Instant,
}

impl Connection {
    /// HTTP over what has been opened.
    pub(super) async fn new(io: Io) -> Result<Self, hyper::Error> {
        let (sender, driver) = http1::handshake(io).await?;
        Ok(Self {
            sender,
            driver: Some(driver),
            used: Instant::now(),
        })
    }

    /// Sends a request, once, and waits for the head of its response.
    pub(super) async fn send(&mut self, request: Sent) -> Result<Response<Incoming>, Failure> {
        let sent = self.sender.try_send_request(request);
        self.drive(sent).await.map_err(|mut error| {
            let request = error.take_message().map(Box::new);
            let what = error.into_error().to_string();
            match request {
                Some(request) => Failure::Unsent(request, what),
                None => Failure::Lost(what),
            }
        })
    }

    /// ReadCache the body of an response that has come over this connection, unless it is longer than
    /// `most` bytes.
    pub(super) async fn read(&mut self, body: Incoming, most: usize) -> Result<Bytes, String> {
        let all: Collect<Limited<Incoming>> = Limited::new(body, most).collect();
        let read = self.drive(all).await;
        self.used = Instant::now();
        read.map(|body| body.to_bytes())
            .map_err(|error| error.to_string())
    }

    /// Whether another request may be sent over it: the last response was read to its end, and the
    /// API has not closed it.
    pub(super) fn is_free(&mut self) -> bool {
        self.turn(&mut Context::from_waker(Waker::noop()));
        self.driver.is_some() && self.sender.is_ready()
    }

    /// How long nothing was sent over it.
    pub(super) fn idle(&self) -> Duration {
        self.used.elapsed()
    }

    /// Drives the connection until what waits for it is ready.
    async fn drive<F: Future>(&mut self, waiting: F) -> F::Output {
        let mut waiting = pin!(waiting);
        poll_fn(|cx| {
            self.turn(cx);
            // Only the driver brings it on, and it has had its turn: to be woken by it too would be
            // one more round of the whole task.
            let mut silent = Context::from_waker(Waker::noop());
            match waiting.as_mut().poll(&mut silent) {
                Poll::Pending if self.driver.is_none() => waiting.as_mut().poll(cx),
                polled => polled,
            }
        })
        .await
    }

    /// Lets the driver do what it can. How it ended is told by what waits for it.
    fn turn(&mut self, cx: &mut Context<'_>) {
        if let Some(driver) = &mut self.driver
            && Pin::new(driver).poll(cx).is_ready()
        {
            self.driver = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream as Socket};

    /// A connection, its other end, and itself as a socket.
    async fn connected() -> (Connection, Socket, Socket) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ours = Socket::connect(listener.local_addr().unwrap()).unwrap();
        let (theirs, _) = listener.accept().unwrap();
        let seen = ours.try_clone().unwrap();
        ours.set_nonblocking(true).unwrap();
        let io = TokioIo::new(TcpStream::from_std(ours).unwrap());
        let connection = Connection::new(MaybeHttpsStream::Http(io)).await.unwrap();
        (connection, theirs, seen)
    }

    fn request() -> Sent {
        let request = Request::post("/polls").header("host", "api");
        request.body(Full::from("a poll")).unwrap()
    }

    /// What the other end does with one request.
    async fn answering(mut theirs: Socket, response: &'static str) -> Socket {
        let answering = move || {
            let mut bytes = Vec::new();
            while !bytes.ends_with(b"a poll") {
                let mut some = [0; 1024];
                let count = theirs.read(&mut some).unwrap();
                assert!(count > 0);
                bytes.extend_from_slice(&some[..count]);
            }
            theirs.write_all(response.as_bytes()).unwrap();
            theirs
        };
        tokio::task::spawn_blocking(answering).await.unwrap()
    }

    #[tokio::test]
    async fn it_is_free_again_when_the_answer_was_read() {
        let (mut connection, mut theirs, _) = connected().await;
        for _ in 0..3 {
            assert!(connection.is_free());
            let response = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nmade";
            let (sent, back) =
                tokio::join!(connection.send(request()), answering(theirs, response));
            theirs = back;
            let body = sent.ok().unwrap().into_body();
            assert_eq!(connection.read(body, 4).await.unwrap(), "made");
        }
    }

    #[tokio::test]
    async fn one_that_is_to_be_closed_or_answered_too_much_is_not_free() {
        for response in [
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 4\r\n\r\nmade",
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nmadeHTTP/1.1 200 OK\r\n",
        ] {
            let (mut connection, theirs, _) = connected().await;
            let (sent, _theirs) =
                tokio::join!(connection.send(request()), answering(theirs, response));
            let body = sent.ok().unwrap().into_body();
            assert_eq!(connection.read(body, 4).await.unwrap(), "made");
            assert!(!connection.is_free());
        }
    }

    #[tokio::test]
    async fn what_is_longer_than_it_may_be_is_not_read() {
        let (mut connection, theirs, _) = connected().await;
        let response = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nmade";
        let (sent, _theirs) = tokio::join!(connection.send(request()), answering(theirs, response));
        let body = sent.ok().unwrap().into_body();
        assert!(connection.read(body, 3).await.is_err());
    }

    #[tokio::test]
    async fn a_request_comes_back_from_one_that_was_closed_before_it_went() {
        let (mut connection, theirs, seen) = connected().await;
        assert!(connection.is_free());
        drop(theirs);
        // When the runtime knows it of this one it knows it of both.
        let seen = TcpStream::from_std(seen).unwrap();
        assert_eq!(seen.peek(&mut [0]).await.unwrap(), 0);
        let sent = tokio::time::timeout(Duration::from_secs(10), connection.send(request())).await;
        assert!(
            matches!(sent, Ok(Err(Failure::Unsent(..)))),
            "{}",
            sent.is_ok()
        );
        assert!(!connection.is_free());
    }

    #[tokio::test]
    async fn one_that_breaks_after_the_request_leaves_it_open_what_became_of_it() {
        let (mut connection, theirs, _) = connected().await;
        let (sent, ()) = tokio::join!(connection.send(request()), async {
            drop(answering(theirs, "").await);
        });
        assert!(matches!(sent, Err(Failure::Lost(_))));
    }
}
