//! Certificates that are renewed, broken, and replaced while others are read.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use super::*;

const FIRST: [&str; 2] = [
    "-----BEGIN CERTIFICATE-----\n\
     MIIBbzCCARWgAwIBAgIUAbUnFI/qWFtJJ1ilKI3O3mgyy8IwCgYIKoZIzj0EAwIw\n\
     DDEKMAgGA1UEAwwBYTAgFw0yNjExMjgwODIyMTVaGA8yMTI2MTEwNDA4MjIxNVow\n\
     DDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKs6gUPyEJHy\n\
     Zicj8KZfJLtOgQWsidM6xyA3IqO0FZutaZ9RphLo4MLCPdRH/cOsegeSe/nyLt4o\n\
     HRMG1Hv7mpGjUzBRMB0GA1UdDgQWBBRsAhhBKycTohn6/j7e/gPuQtg/nzAfBgNV\n\
     HSMEGDAWgBRsAhhBKycTohn6/j7e/gPuQtg/nzAPBgNVHRMBAf8EBTADAQH/MAoG\n\
     CCqGSM49BAMCA0gAMEUCICfb1pRqoBxZ7AIw5k5zTozDjC5uj8hjTkdp0L8TYedh\n\
     AiEAmJFoz+5tv+oQmkdBxxFVkuArziGz8cm2t8qN2AYVUXg=\n\
     -----END CERTIFICATE-----\n",
    "-----BEGIN PRIVATE KEY-----\n\
     MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTpDvj42j9e42j9Re\n\
     bzxhZZLEvwdSCtv5WUAKFXjnBPahRANCAASrOoFD8hCR8mYnI/CmXyS7ToEFrInT\n\
     OscgNyKjtBWbrWmfUaYS6ODCwj3UR/3DrHoHknv58i7eKB0TBtR7+5qR\n\
     -----END PRIVATE KEY-----\n",
];

const SECOND: [&str; 2] = [
    "-----BEGIN CERTIFICATE-----\n\
     MIIBbzCCARWgAwIBAgIUGlFiRC2ffHNwTtMb5L87I1H20N8wCgYIKoZIzj0EAwIw\n\
     DDEKMAgGA1UEAwwBYjAgFw0yNjExMjgwODIyMTVaGA8yMTI2MTEwNDA4MjIxNVow\n\
     DDEKMAgGA1UEAwwBYjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHzbkPCWMRR5\n\
     yBvWqkj3TTVGBb+DGArR3ruICbr3yb0oEWKZ4zWd/DYvNyjd6+g3Voad1QDQOrus\n\
     6UvGr671U2+jUzBRMB0GA1UdDgQWBBRikPd4KLV8kHu9vJiS50HpRCY0uzAfBgNV\n\
     HSMEGDAWgBRikPd4KLV8kHu9vJiS50HpRCY0uzAPBgNVHRMBAf8EBTADAQH/MAoG\n\
     CCqGSM49BAMCA0gAMEUCIQCdkRhtJ+EwFaXhiKtPRb5AN89MRxBY/CMfrNDw7VOn\n\
     ggIgVhKRz6GD4FPb8cOuQypKA+AnGEhRQ/4hM8VdpdwKh18=\n\
     -----END CERTIFICATE-----\n",
    "-----BEGIN PRIVATE KEY-----\n\
     MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgW7uyL9NOpHxBVXEy\n\
     KlB1WF0jhNeHGdX5HhbR9pnmOhuhRANCAAR825DwljEUecgb1qpI9001RgW/gxgK\n\
     0d67iAm698m9KBFimeM1nfw2Lzco3evoN1aGndUA0Dq7rOlLxq+u9VNv\n\
     -----END PRIVATE KEY-----\n",
];

fn files(dir: &Path, name: &str, [cert, key]: [&str; 2]) -> Tls {
    let path = |end: &str| -> PathBuf { dir.join(format!("{name}.{end}")) };
    fs::write(path("crt"), cert).unwrap();
    fs::write(path("key"), key).unwrap();
    Tls {
        cert: path("crt"),
        key: path("key"),
    }
}

fn is_shown(certificate: &Certificate, [cert, _]: [&str; 2]) -> bool {
    let source = certificate.source();
    matches!(&source.last, Ok((shown, _)) if shown == cert.as_bytes())
}

#[test]
fn a_broken_certificate_is_an_error_once_for_each_change() {
    let dir = tempfile::tempdir().unwrap();
    let tls = files(dir.path(), "a", FIRST);
    let certificate = Certificate::load(&tls).unwrap();
    assert_eq!(certificate.refresh(), Ok(false));
    for broken in ["nothing", "something else"] {
        fs::write(&tls.cert, broken).unwrap();
        let error = certificate.refresh().unwrap_err();
        assert!(error.contains("tls.cert"), "{error}");
        assert_eq!(certificate.refresh(), Ok(false));
    }
    fs::remove_file(&tls.key).unwrap();
    assert!(certificate.refresh().unwrap_err().contains("tls.key"));
    assert_eq!(certificate.refresh(), Ok(false));
    files(dir.path(), "a", SECOND);
    assert_eq!(certificate.refresh(), Ok(true));
    assert!(is_shown(&certificate, SECOND));
}

#[test]
fn a_slow_refresh_delays_no_handshake_and_undoes_no_reload() {
    let dir = tempfile::tempdir().unwrap();
    let slow = files(dir.path(), "slow", FIRST);
    let certificate = Certificate::load(&slow).unwrap();
    let new = files(dir.path(), "new", SECOND);
    // A pipe is read when it is written.
    fs::remove_file(&slow.cert).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(&slow.cert)
            .status()
            .unwrap()
            .success()
    );
    thread::scope(|threads| {
        let refresh = threads.spawn(|| certificate.refresh());
        // Opens when the refresh has opened it too.
        let mut pipe = fs::OpenOptions::new().write(true).open(&slow.cert).unwrap();
        let replace = threads.spawn(|| certificate.replace(&new));
        while certificate.source.try_lock().is_ok() {}
        drop(certificate.acceptor());
        io::Write::write_all(&mut pipe, FIRST[0].as_bytes()).unwrap();
        drop(pipe);
        assert_eq!(refresh.join().unwrap(), Ok(false));
        assert_eq!(replace.join().unwrap(), Ok(()));
    });
    assert!(is_shown(&certificate, SECOND));
}
