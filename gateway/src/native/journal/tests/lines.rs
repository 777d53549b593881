//! What the journal takes a record's line for, and what it finds in the file: the same.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::head::Head;
use crate::audit::{Outcome, Phase, Record, StoredResponse};

fn some_text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(any::<String>())
}

fn record() -> impl Strategy<Value = Record> {
    let ids = (any::<String>(), any::<String>(), any::<String>());
    let words = (any::<String>(), some_text(), some_text(), some_text());
    let lists = (any::<Vec<String>>(), any::<Vec<String>>());
    (ids, words, lists, any::<bool>(), any::<Option<u16>>()).prop_map(
        |((id, app_id, meeting_id), (moderator, name, question, key), lists, is_intent, status)| {
            Record {
                id,
                phase: if is_intent {
                    Phase::Intent
                } else {
                    Phase::Outcome
                },
                time: "2026-08-01T00:00:00.000Z".to_owned(),
                moderator,
                issuer: "secret".to_owned(),
                name,
                grant: None,
                client: None,
                operation: "PatchMeeting".to_owned(),
                app_id,
                meeting_id,
                targets: lists.0,
                question: question.clone(),
                set: question.clone(),
                outcome: status.map(|_| Outcome::Done),
                status,
                ray: question.clone(),
                duration_ms: status.map(u64::from),
                failed: lists.1,
                reason: question.clone(),
                moderator_reason: question.clone(),
                digest: key.clone(),
                key,
                response: question.map(|body| StoredResponse {
                    status: 200,
                    headers: BTreeMap::from([("cf-ray".to_owned(), body.clone())]),
                    body,
                }),
            }
        },
    )
}

proptest! {
    #[test]
    fn a_records_line_is_found_again_as_what_it_is(record in record()) {
        let line = record.line();
        prop_assert!(!line.text.contains('\n'));
        let head = Head::read(line.text.as_bytes()).unwrap();
        prop_assert_eq!(&head.id, &line.id);
        prop_assert_eq!(&head.app_id, &line.app_id);
        prop_assert_eq!(&head.meeting_id, &line.meeting_id);
        prop_assert_eq!(head.is_intent(), line.is_intent);
        prop_assert_eq!(head.has_key_since("2026-08"), record.key.is_some());
        let again: Record = serde_json::from_str(&line.text).unwrap();
        prop_assert_eq!(again, record);
    }
}
