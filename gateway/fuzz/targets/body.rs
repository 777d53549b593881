//! A body: what is accepted goes up as what is accepted again, and equal.

#![no_main]

use libfuzzer_sys::fuzz_target;
use realtimekit_gateway::input::Body;
use realtimekit_moderator::internal::operation::OPERATIONS;

fuzz_target!(|bytes: &[u8]| {
    for operation in &OPERATIONS {
        let parse = |bytes: &[u8]| Body::parse(operation, Some("application/json"), bytes);
        let Ok(body) = parse(bytes) else {
            continue;
        };
        let up = body.bytes().unwrap_or_default();
        assert_eq!(parse(&up).as_ref(), Ok(&body));
        let people = body.people();
        if !people.is_empty() {
            let named = Body::of_people(people.iter());
            assert_eq!(named.people(), people);
            assert!(parse(&named.bytes().unwrap_or_default()).is_ok());
        }
    }
});
