//! A kick or a mute of many participants.
//!
//! The API refuses a whole list if one ID is unknown, for instance after a participant has left.
//! The gateway acts on the others all the same: it leaves out the ID that the refusal names, or
//! halves the list if the refusal names none. No participant is in two accepted lists.

mod response;

use std::collections::VecDeque;
use std::future::Future;

use serde_json::Value;

use self::response::{Why, joined, participants, with_failed};
use crate::api_response::{ApiResponse, Refusal};
use crate::input::Person;

/// The outcome of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkOutcome {
    /// The response, in the API's shape.
    pub response: ApiResponse,
    /// The participants that failed or may have failed.
    pub failed: Vec<String>,
    /// Whether the API acted on any participant.
    pub some: bool,
    /// Whether any participant's outcome is unknown.
    pub unsure: bool,
}

/// The limits of a list.
pub struct Limits<F> {
    /// The most requests.
    pub requests: u32,
    /// Whether its time is over.
    pub is_over: F,
}

/// Acts on `people` through `send`, within limits. `is_session_empty` says whether no participant
/// can be found at all: then the list is not halved.
///
/// # Errors
///
/// If the first request has no response: the error of `send`.
pub async fn act<S, N>(
    people: Vec<Person>,
    limits: Limits<impl Fn() -> bool>,
    mut send: impl FnMut(Vec<Person>) -> S,
    is_session_empty: impl FnOnce() -> N,
) -> Result<BulkOutcome, Refusal>
where
    S: Future<Output = Result<ApiResponse, Refusal>>,
    N: Future<Output = bool>,
{
    let mut is_session_empty = Some(is_session_empty);
    let mut lists = VecDeque::from([people]);
    let mut acted: Option<(ApiResponse, Vec<Value>)> = None;
    let mut refused: Option<ApiResponse> = None;
    let mut failed: Vec<(Person, Why)> = Vec::new();
    let most = limits.requests;
    let mut sent = 0;
    let mut stopped: Option<Why> = None;
    while let Some(mut list) = lists.pop_front() {
        if stopped.is_none() && sent > 0 {
            if sent == most {
                stopped = Some(Why::not_tried("too many of the list were refused"));
            } else if (limits.is_over)() {
                stopped = Some(Why::not_tried("the time for one request is over"));
            }
        }
        if let Some(why) = &stopped {
            failed.extend(list.into_iter().map(|person| (person, why.clone())));
            continue;
        }
        sent += 1;
        let response = match send(list.clone()).await {
            Ok(response) => response,
            Err(refusal) if sent == 1 => return Err(refusal),
            // Nothing was sent, and a limit stops the next requests too.
            Err(refusal @ (Refusal::TooMany(_) | Refusal::NoBudget(_))) => {
                let why = Why::not_tried(&refusal.message());
                failed.extend(list.into_iter().map(|person| (person, why.clone())));
                stopped = Some(why);
                continue;
            }
            Err(refusal) => {
                let why = Why::of_refusal(&refusal);
                failed.extend(list.into_iter().map(|person| (person, why.clone())));
                stopped = Some(Why::not_tried("a request before had no response"));
                continue;
            }
        };
        if response.is_good() {
            let people = participants(&response);
            match &mut acted {
                Some((_, all)) => all.extend(people),
                None => acted = Some((response, people)),
            }
            continue;
        }
        let why = Why::of_answer(&response);
        let about_people = matches!(response.status, 400 | 404 | 422);
        if !about_people {
            if sent == 1 {
                return Ok(whole(response, &why, list));
            }
            failed.extend(list.into_iter().map(|person| (person, why.clone())));
            stopped = Some(Why::not_tried("a request before was refused"));
            refused.get_or_insert(response);
            continue;
        }
        if list.len() == 1 {
            failed.extend(list.into_iter().map(|person| (person, why.clone())));
        } else if let Some(place) = named(&why.message, &list) {
            failed.push((list.remove(place), why));
            lists.push_front(list);
        } else {
            if sent < most
                && !(limits.is_over)()
                && let Some(is_session_empty) = is_session_empty.take()
            {
                sent += 1;
                if is_session_empty().await {
                    // The only list so far was refused: the API acted on no participant.
                    failed.extend(list.into_iter().map(|person| (person, why.clone())));
                    refused.get_or_insert(response);
                    break;
                }
            }
            let rest = list.split_off(list.len() / 2);
            lists.push_front(rest);
            lists.push_front(list);
        }
        refused.get_or_insert(response);
    }
    let some = acted.is_some();
    let response = match (acted, refused) {
        (Some((response, all)), _) if failed.is_empty() && sent == 1 => {
            drop(all);
            response
        }
        (Some((response, all)), _) => joined(response, all, &failed),
        (None, Some(response)) => with_failed(response, &failed),
        // Unreachable: the loop ends only after a response.
        (None, None) => return Err(Refusal::Lost { again: true }),
    };
    Ok(BulkOutcome {
        response,
        some,
        unsure: failed.iter().any(|(_, why)| why.unsure),
        failed: failed.into_iter().map(|(person, _)| person.id).collect(),
    })
}

/// The whole list failed, for one reason.
fn whole(response: ApiResponse, why: &Why, people: Vec<Person>) -> BulkOutcome {
    BulkOutcome {
        response,
        some: false,
        unsure: why.unsure,
        failed: people.into_iter().map(|person| person.id).collect(),
    }
}

/// The participant that a refusal names at its end, as in "No user found with id …". An ID may be
/// the end of another: the longest counts. An ID in both lists is ambiguous: `None`.
fn named(message: &str, people: &[Person]) -> Option<usize> {
    let message = message.trim_end_matches(['.', '"', '\'']);
    let names = |id: &str| {
        let before = message.strip_suffix(id);
        before.is_some_and(|text| text.ends_with([' ', '"', '\'']))
    };
    let all = people.iter().enumerate();
    let found = all.filter(|(_, person)| names(&person.id));
    let (place, person) = found.max_by_key(|(_, person)| person.id.len())?;
    let twice = people.iter().filter(|one| one.id == person.id).count() > 1;
    (!twice).then_some(place)
}

#[cfg(test)]
mod tests;
