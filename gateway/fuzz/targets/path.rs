//! A method and a path: whatever has a route goes up as exactly the path that came.

#![no_main]

use libfuzzer_sys::fuzz_target;
use realtimekit_gateway::route::{Action, BASE, Target};

const METHODS: [&str; 6] = ["GET", "POST", "PATCH", "DELETE", "HEAD", "get"];

fuzz_target!(|text: &str| {
    // By each method, for which of them a path takes is not what is looked for.
    for method in METHODS {
        let Some(target) = Target::parse(method, text) else {
            continue;
        };
        assert!(METHODS[..4].contains(&method));
        assert!(target.id("account_id").is_some() && target.id("app_id").is_some());
        if let Action::Operation(operation) = target.action {
            assert_eq!(operation.method.as_str(), method);
            assert_eq!(
                target
                    .path_up(operation)
                    .map(|path| format!("{BASE}{path}"))
                    .as_deref(),
                Some(text)
            );
        }
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        assert!(text.bytes().all(legal) && !text.contains("//") && !text.contains("/../"));
    }
});
