//! CORS and served folders.

use std::fs;
use std::path::PathBuf;

use crate::support::Emulator;

fn preflight(emulator: &Emulator, origin: &str, path: &str) -> crate::support::Reply {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,x-any"),
    ];
    emulator.send("OPTIONS", path, &headers, "")
}

#[test]
fn cors_headers_only_for_the_named_origins() {
    let emulator = Emulator::start(&[
        "--cors",
        "http://localhost:1",
        "--cors",
        "http://localhost:2",
    ]);
    for path in [emulator.kit("meetings/x"), "/__emulator/join".to_owned()] {
        let reply = preflight(&emulator, "http://localhost:2", &path);
        assert_eq!(reply.status, 200);
        assert_eq!(
            reply.header("access-control-allow-origin"),
            Some("http://localhost:2")
        );
        assert_eq!(
            reply.header("access-control-allow-headers"),
            Some("authorization,x-any")
        );
        assert!(
            reply
                .header("access-control-allow-methods")
                .unwrap()
                .contains("PATCH")
        );
        let reply = preflight(&emulator, "http://localhost:3", &path);
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
    let origin = [("origin", "http://localhost:1")];
    let reply = emulator.send("GET", &emulator.kit("meetings/x"), &origin, "");
    assert_eq!(reply.status, 401);
    assert!(
        reply
            .header("access-control-expose-headers")
            .unwrap()
            .contains("retry-after-ms")
    );
}

#[test]
fn cors_headers_for_all_origins() {
    let emulator = Emulator::start(&["--cors", "*"]);
    let reply = preflight(&emulator, "null", "/__emulator/state");
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
}

#[test]
fn only_files_in_the_folders_are_served() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("served");
    fs::create_dir_all(folder.join("inner")).unwrap();
    fs::write(folder.join("inner/index.html"), "hello").unwrap();
    fs::write(folder.join("inner/a.wasm"), "\0asm").unwrap();
    fs::write(folder.join("inner/a.mjs"), "1").unwrap();
    fs::write(folder.join("secret"), "secret").unwrap();
    let inner = folder.join("inner").to_str().unwrap().to_owned();
    let named = format!("demo={inner}");
    let emulator = Emulator::start(&["--serve", &inner, "--serve", &named]);
    let get = |path: &str| emulator.send("GET", path, &[], "");
    for base in ["/", "/demo/"] {
        assert_eq!(get(base).body, b"hello");
        let wasm = get(&format!("{base}a.wasm"));
        assert_eq!(wasm.header("content-type"), Some("application/wasm"));
        let script = get(&format!("{base}a.mjs"));
        assert!(
            script
                .header("content-type")
                .unwrap()
                .contains("javascript")
        );
        for up in [
            "../secret",
            "%2e%2e/secret",
            "..%2fsecret",
            "%2e%2e%2fsecret",
            "none",
        ] {
            let reply = get(&format!("{base}{up}"));
            assert_eq!(reply.status, 404, "{base}{up}");
            assert_ne!(reply.body, b"secret");
        }
    }
    fs::create_dir_all(folder.join("inner/deep")).unwrap();
    for (path, location) in [
        ("/demo", "/demo/"),
        ("/demo/deep", "/demo/deep/"),
        ("/deep", "/deep/"),
    ] {
        assert_eq!(get(path).header("location"), Some(location));
    }
    assert_eq!(get("/client/v4/x").status, 501);
    assert_eq!(get("/__emulator/state").status, 200);
}
