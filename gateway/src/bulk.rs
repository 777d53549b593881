//! A kick or a mute of many: who succeeded, and who not.
//!
//! The API refuses a whole list because one of it is unknown, somebody who has just left for
//! instance, and then has done nothing. Here the others are acted on all the same: who the refusal
//! names is left out; where it names nobody the list is halved. Nobody is ever in two lists that
//! the API accepted.

mod told;

use std::collections::VecDeque;
use std::future::Future;

use serde_json::Value;

use self::told::{Why, joined, participants, with_failed};
use crate::answer::{Answer, Refusal};
use crate::input::Person;

/// What became of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The answer, in the API's shape.
    pub answer: Answer,
    /// Who was not acted on, or perhaps not.
    pub failed: Vec<String>,
    /// Whether anybody was.
    pub some: bool,
    /// Whether it is unknown of anybody.
    pub unsure: bool,
}

/// Acts on `people` through `send`, in at most `most` requests. `nobody` tells whether there is
/// nobody at all, no session for instance, so that it makes no sense to halve the list.
///
/// # Errors
///
/// If the first request has no answer; what `send` said.
pub async fn act<S, N>(
    people: Vec<Person>,
    most: u32,
    mut send: impl FnMut(Vec<Person>) -> S,
    nobody: impl FnOnce() -> N,
) -> Result<Outcome, Refusal>
where
    S: Future<Output = Result<Answer, Refusal>>,
    N: Future<Output = bool>,
{
    let mut nobody = Some(nobody);
    let mut lists = VecDeque::from([people]);
    let mut acted: Option<(Answer, Vec<Value>)> = None;
    let mut refused: Option<Answer> = None;
    let mut failed: Vec<(Person, Why)> = Vec::new();
    let mut sent = 0;
    let mut stopped: Option<Why> = None;
    while let Some(mut list) = lists.pop_front() {
        if sent == most && stopped.is_none() {
            stopped = Some(Why::not_tried("too many of the list were refused"));
        }
        if let Some(why) = &stopped {
            failed.extend(list.into_iter().map(|person| (person, why.clone())));
            continue;
        }
        sent += 1;
        let answer = match send(list.clone()).await {
            Ok(answer) => answer,
            Err(refusal) if sent == 1 => return Err(refusal),
            // Nothing was sent, and nothing will be for now.
            Err(refusal @ (Refusal::TooMany(_) | Refusal::NoBudget(_))) => {
                let why = Why::not_tried(&refusal.message());
                failed.extend(list.into_iter().map(|person| (person, why.clone())));
                stopped = Some(why);
                continue;
            }
            Err(refusal) => {
                let why = Why::of_refusal(&refusal);
                failed.extend(list.into_iter().map(|person| (person, why.clone())));
                stopped = Some(Why::not_tried("a request before had no answer"));
                continue;
            }
        };
        if answer.is_good() {
            let people = participants(&answer);
            match &mut acted {
                Some((_, all)) => all.extend(people),
                None => acted = Some((answer, people)),
            }
            continue;
        }
        let why = Why::of_answer(&answer);
        let about_people = matches!(answer.status, 400 | 404 | 422);
        if !about_people {
            if sent == 1 {
                return Ok(whole(answer, &why, list));
            }
            failed.extend(list.into_iter().map(|person| (person, why.clone())));
            stopped = Some(Why::not_tried("a request before was refused"));
            refused.get_or_insert(answer);
            continue;
        }
        if list.len() == 1 {
            failed.extend(list.into_iter().map(|person| (person, why.clone())));
        } else if let Some(place) = named(&why.message, &list) {
            failed.push((list.remove(place), why));
            lists.push_front(list);
        } else {
            if sent < most
                && let Some(nobody) = nobody.take()
            {
                sent += 1;
                if nobody().await {
                    // Nobody has been acted on yet: so far there was one list, and it was refused.
                    failed.extend(list.into_iter().map(|person| (person, why.clone())));
                    refused.get_or_insert(answer);
                    break;
                }
            }
            let rest = list.split_off(list.len() / 2);
            lists.push_front(rest);
            lists.push_front(list);
        }
        refused.get_or_insert(answer);
    }
    let some = acted.is_some();
    let answer = match (acted, refused) {
        (Some((answer, all)), _) if failed.is_empty() && sent == 1 => {
            drop(all);
            answer
        }
        (Some((answer, all)), _) => joined(answer, all, &failed),
        (None, Some(answer)) => with_failed(answer, &failed),
        // Something was sent, and it was answered or the list would not have ended.
        (None, None) => return Err(Refusal::Lost { again: true }),
    };
    Ok(Outcome {
        answer,
        some,
        unsure: failed.iter().any(|(_, why)| why.unsure),
        failed: failed.into_iter().map(|(person, _)| person.id).collect(),
    })
}

/// Nobody was acted on, for one reason.
fn whole(answer: Answer, why: &Why, people: Vec<Person>) -> Outcome {
    Outcome {
        answer,
        some: false,
        unsure: why.unsure,
        failed: people.into_iter().map(|person| person.id).collect(),
    }
}

/// Whom a refusal names at its end, as in "No user found with id …". An ID may be the end of
/// another: the longest is meant. Where both lists hold it, one may be known and the other not,
/// and nobody is named.
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
