//! Validation of URLs and origins.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::Uri;

use super::error::{Problem, wrong};

/// A URL that secrets may go to, or that keys come from: https, or http on this machine.
pub(crate) fn url(field: &str, text: &str, query: bool) -> Result<(), Problem> {
    let sound = |uri: &Uri| {
        let authority = uri.authority()?;
        let host = uri.host()?;
        // A user name would come before the host, so it is refused like an invalid port.
        let port_is_sound = match authority.as_str().strip_prefix(host)?.strip_prefix(':') {
            Some(port) => port.parse::<u16>().is_ok_and(|port| port > 0),
            None => authority.as_str() == host,
        };
        let plain = port_is_sound
            && !host.is_empty()
            && !text.contains('#')
            && (query || uri.query().is_none());
        let safe = match uri.scheme_str()? {
            "https" => true,
            "http" => is_loopback(host),
            _ => false,
        };
        Some(plain && safe)
    };
    match text.parse::<Uri>() {
        Ok(uri) if sound(&uri) == Some(true) => Ok(()),
        _ => Err(wrong(
            field,
            "must be an https URL, or http to this machine (localhost, 127.0.0.1 or [::1]), \
             without user, query or fragment",
        )),
    }
}

/// An origin exactly as browsers write it, because it is compared byte by byte.
pub(crate) fn origin(field: &str, text: &str) -> Result<(), Problem> {
    if text == "*" {
        return Err(wrong(
            field,
            "must name an origin: * would let every page in",
        ));
    }
    if is_origin(text) {
        return Ok(());
    }
    Err(wrong(
        field,
        "must be written as browsers write it, like https://moderate.example.com: lower case, \
         no path, no default port, and http only for this machine",
    ))
}

fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    // A bracketed address contains colons, so the port follows the last colon after the bracket.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let default_port = match scheme {
        "https" => "443",
        "http" if is_loopback(host) => "80",
        _ => return false,
    };
    let port_is_sound = port.is_none_or(|port| {
        port != default_port
            && port
                .parse::<u16>()
                .is_ok_and(|number| number > 0 && number.to_string() == port)
    });
    port_is_sound && is_host(host)
}

/// Whether a host is written as browsers do.
fn is_host(host: &str) -> bool {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return address
            .parse::<Ipv6Addr>()
            .is_ok_and(|known| !address.contains('.') && known.to_string() == address);
    }
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let sound = host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|b| letter(b) || b == b'-' || b == b'_')
        });
    // Browsers parse a host that ends with a number as an address.
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit());
    sound && (!numeric || host.parse::<Ipv4Addr>().is_ok())
}

/// Whether the host is this machine.
fn is_loopback(host: &str) -> bool {
    let address = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match address {
        Some(address) => address.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback()),
        None => host == "localhost" || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_as_browsers_write_them() {
        for good in [
            "https://moderate.example.com",
            "https://xn--bcher-kva.example:8443",
            "https://192.0.2.7",
            "https://[2001:db8::1]:8443",
            "http://localhost",
            "http://localhost:8080",
            "http://127.0.0.1:5173",
            "http://[::1]:5173",
            "https://localhost:80",
        ] {
            assert_eq!(origin("origins[0]", good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "*",
            "null",
            "moderate.example.com",
            "https://",
            "https://Moderate.example.com",
            "HTTPS://moderate.example.com",
            "https://moderate.example.com/",
            "https://moderate.example.com/page",
            "https://moderate.example.com?q",
            "https://moderate.example.com:443",
            "https://moderate.example.com:",
            "https://moderate.example.com:08443",
            "https://moderate.example.com:+84",
            "https://moderate.example.com:70000",
            "https://moderate.example.com:0",
            "https://user@moderate.example.com",
            "https://*.example.com",
            "https://büch.example",
            "https://a..example",
            "https://a b.example",
            "https://192.0.2.256",
            "https://192.0.2.07",
            "https://[2001:DB8::1]",
            "https://[0:0:0:0:0:0:0:1]",
            "https://[::1",
            "http://localhost:80",
            "http://moderate.example.com",
            "http://192.0.2.7",
            "http://localhost.example.com",
            "ftp://localhost",
        ] {
            let problem = origin("origins[0]", bad).unwrap_err();
            assert_eq!(problem.field, "origins[0]", "{bad}");
        }
    }

    #[test]
    fn urls_do_not_leave_the_machine_in_the_clear() {
        for good in [
            "https://api.cloudflare.com/client/v4",
            "http://localhost:1234/client/v4",
            "http://127.0.0.1:1",
            "http://[::1]:1/x",
        ] {
            assert_eq!(url("f", good, false), Ok(()), "{good}");
        }
        for bad in [
            "",
            "/client/v4",
            "api.cloudflare.com",
            "https://",
            "http://api.cloudflare.com/client/v4",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "https://user:word@example.com/",
            "https://user@example.com/",
            "http://localhost:80@example.com/",
            "https://example.com/#part",
            "https://example.com/?q",
            "https://example.com:/",
            "https://example.com:99999/",
            "file:///etc/passwd",
        ] {
            assert!(url("f", bad, false).is_err(), "{bad}");
        }
        assert_eq!(url("f", "https://example.com/keys?v=1", true), Ok(()));
    }
}
