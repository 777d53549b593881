//! The process: its start, its one line of output, its end, and input that is not HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use crate::support::{Emulator, read};

#[test]
fn it_prints_one_line_and_nothing_else() {
    let mut emulator = Emulator::start(&["--until-stdin-closes", "--participants", "10000"]);
    for key in [
        "url",
        "base_url",
        "api_token",
        "account_id",
        "app_id",
        "meeting_id",
        "session_id",
    ] {
        assert!(emulator.ready[key].is_string(), "{key}");
    }
    emulator.make(1);
    drop(emulator.child.stdin.take());
    assert!(emulator.child.wait().unwrap().success());
    let mut rest = String::new();
    let out = emulator.child.stdout.as_mut().unwrap();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_while_requests_hang() {
    let mut emulator = Emulator::start(&[]);
    let hanging = emulator.api_open("GET", "meetings/x", None, Some("h; hang-before"));
    let arrived = || {
        emulator
            .requests("meetings")
            .iter()
            .any(|r| r["fault"] == "hang-before")
    };
    while !arrived() {}
    let pid = emulator.child.id().to_string();
    assert!(Command::new("kill").arg(&pid).status().unwrap().success());
    assert!(emulator.child.wait().unwrap().success());
    drop(hanging);
}

#[test]
fn invalid_input_does_not_stop_it() {
    let emulator = Emulator::start(&[]);
    for bytes in [
        &b"\r\n\r\n\r\n"[..],
        b"\x00\xff\xfe",
        b"GET / HTTP/1.1",
        b"GET \xff HTTP/1.1\r\n\r\n",
        b"POST /client/v4/x HTTP/1.1\r\ncontent-length: 10\r\n\r\nabc",
        b"POST /client/v4/x HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\n\r\n",
        b"GET http://other/client/v4 HTTP/1.1\r\nx-emulator-faults: \xff\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(&emulator.address).unwrap();
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        read(stream);
    }
    assert_eq!(emulator.api("GET", "meetings/x", None).status, 404);
}

#[test]
fn a_large_body_is_refused() {
    let emulator = Emulator::start(&[]);
    let path = emulator.kit("meetings/x");
    let stream = emulator.open("PATCH", &path, &[("content-length", "2000000")], "");
    let body = vec![b' '; 2_000_000];
    // The response may come, and the connection may end, before everything is written.
    let _ = (&stream).write_all(&body);
    let status = read(stream).status;
    assert!(status == 413 || status == 0);
    assert_eq!(emulator.requests("meetings/x")[0]["status"], 413);
}

#[test]
fn an_invalid_command_line_is_refused() {
    let output = Command::new(env!("CARGO_BIN_EXE_realtimekit-emulator"))
        .args(["--participants", "10001"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_port_in_use_is_an_error() {
    let emulator = Emulator::start(&[]);
    let port = emulator.address.rsplit(':').next().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_realtimekit-emulator"))
        .args(["--port", port])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty() && !output.stderr.is_empty());
}
