//! Starts the emulator and sends requests to it.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A running emulator. It ends when this is dropped.
pub(crate) struct Emulator {
    pub(crate) child: Child,
    pub(crate) ready: Value,
    pub(crate) address: String,
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Everything received on a connection until it ended.
#[derive(Debug)]
pub(crate) struct Reply {
    /// 0 if there was no head.
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// How the connection ended, if not with a FIN.
    pub(crate) error: Option<ErrorKind>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Whether the body is complete, according to the head.
    pub(crate) fn complete(&self) -> bool {
        match self.header("content-length") {
            Some(length) => length.parse() == Ok(self.body.len()),
            None => self.body.ends_with(b"0\r\n\r\n"),
        }
    }
}

/// A meeting that only one test uses.
pub(crate) struct Made {
    pub(crate) meeting: String,
    pub(crate) session: String,
    pub(crate) people: Vec<Value>,
}

impl Made {
    pub(crate) fn user(&self, index: usize) -> String {
        self.people[index]["user_id"].as_str().unwrap().to_owned()
    }
}

impl Emulator {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_realtimekit-emulator"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let address = ready["url"].as_str().unwrap()["http://".len()..].to_owned();
        Self {
            child,
            ready,
            address,
        }
    }

    /// Sends a request and leaves the connection to the caller.
    pub(crate) fn open(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        stream
            .write_all(format!("{head}\r\n{body}").as_bytes())
            .unwrap();
        stream
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        read(self.open(method, path, headers, body))
    }

    /// An authorized request to a path of the app.
    pub(crate) fn kit(&self, path: &str) -> String {
        format!(
            "/client/v4/accounts/{}/realtime/kit/{}/{path}",
            self.ready["account_id"].as_str().unwrap(),
            self.ready["app_id"].as_str().unwrap()
        )
    }

    pub(crate) fn api(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        self.api_with(method, path, body, None)
    }

    /// An API call with its own faults.
    pub(crate) fn api_with(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        faults: Option<&str>,
    ) -> Reply {
        read(self.api_open(method, path, body, faults))
    }

    pub(crate) fn api_open(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        faults: Option<&str>,
    ) -> TcpStream {
        let mut headers = vec![("authorization", "Bearer emulator-token")];
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        if let Some(faults) = faults {
            headers.push(("x-emulator-faults", faults));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        self.open(method, &self.kit(path), &headers, &body)
    }

    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Reply {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.send(method, &format!("/__emulator/{path}"), &[], &body)
    }

    pub(crate) fn make(&self, participants: usize) -> Made {
        let made = self
            .control("POST", "meetings", &json!({"participants": participants}))
            .json();
        Made {
            meeting: made["meeting_id"].as_str().unwrap().to_owned(),
            session: made["session_id"].as_str().unwrap_or_default().to_owned(),
            people: made["participants"].as_array().unwrap().clone(),
        }
    }

    /// The state of one meeting, from the control API.
    pub(crate) fn state(&self, meeting: &str) -> Value {
        let path = format!("state?meeting_id={meeting}");
        self.control("GET", &path, &Value::Null).json()["meetings"][0].clone()
    }

    /// The recorded requests whose path contains a text.
    pub(crate) fn requests(&self, path: &str) -> Vec<Value> {
        let path = format!("requests?path={path}");
        let list = self.control("GET", &path, &Value::Null).json();
        list["requests"].as_array().unwrap().clone()
    }
}

/// Reads until the connection ends.
pub(crate) fn read(mut stream: TcpStream) -> Reply {
    let mut all = Vec::new();
    let error = stream.read_to_end(&mut all).err().map(|e| e.kind());
    let split = all.windows(4).position(|four| four == b"\r\n\r\n");
    let head = String::from_utf8_lossy(&all[..split.unwrap_or(0)]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    Reply {
        status: status.and_then(|s| s.parse().ok()).unwrap_or(0),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: split.map_or_else(Vec::new, |at| all[at + 4..].to_vec()),
        error,
    }
}
