//! Decides which fault applies to which request. A header of the request lists faults for the attempts
//! of one call, counted by an ID. Queued faults are for requests that a test does not send itself.

use std::collections::{HashMap, VecDeque};

use super::step::Step;

/// Queued faults. Each matching request takes one step.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// The operationId to match. Absent means any.
    pub(crate) operation: Option<String>,
    /// The meeting to match. Absent means any.
    pub(crate) meeting: Option<String>,
    pub(crate) steps: VecDeque<(String, Step)>,
}

impl Rule {
    fn matches(&self, operation: Option<&str>, meeting: Option<&str>) -> bool {
        !self.steps.is_empty()
            && (self.operation.is_none() || self.operation.as_deref() == operation)
            && (self.meeting.is_none() || self.meeting.as_deref() == meeting)
    }
}

/// The queued faults, and the number of requests per ID.
#[derive(Default)]
pub(crate) struct FaultPlan {
    seen: HashMap<String, usize>,
    rules: Vec<Rule>,
}

impl FaultPlan {
    /// Adds faults to the end of the queue.
    pub(crate) fn push(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    /// Clears the queued faults and the counted IDs.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The number of queued steps.
    pub(crate) fn pending(&self) -> usize {
        self.rules.iter().map(|rule| rule.steps.len()).sum()
    }

    /// The step of a request with its own list.
    pub(crate) fn next_from_header(
        &mut self,
        id: &str,
        steps: &[(String, Step)],
    ) -> Option<(String, Step)> {
        let seen = self.seen.entry(id.to_owned()).or_default();
        let step = steps.get(*seen).cloned();
        *seen = seen.saturating_add(1);
        step
    }

    /// The queued step for a request.
    pub(crate) fn next_from_queue(
        &mut self,
        operation: Option<&str>,
        meeting: Option<&str>,
    ) -> Option<(String, Step)> {
        let step = self
            .rules
            .iter_mut()
            .find(|rule| rule.matches(operation, meeting))?
            .steps
            .pop_front();
        self.rules.retain(|rule| !rule.steps.is_empty());
        step
    }
}

/// Parses `ID; step, step, …`.
pub(crate) fn parse_header(value: &str) -> Result<(String, Vec<(String, Step)>), String> {
    let (id, steps) = value
        .split_once(';')
        .ok_or("x-emulator-faults: expected `ID; step, step, …`")?;
    let id = id.trim();
    if id.is_empty() {
        return Err("x-emulator-faults: the ID is empty".to_owned());
    }
    let steps = steps
        .split(',')
        .map(|text| Step::parse(text).map(|step| (text.trim().to_owned(), step)))
        .collect::<Result<_, _>>()?;
    Ok((id.to_owned(), steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(operation: Option<&str>, meeting: Option<&str>, steps: &[&str]) -> Rule {
        Rule {
            operation: operation.map(str::to_owned),
            meeting: meeting.map(str::to_owned),
            steps: steps
                .iter()
                .map(|text| ((*text).to_owned(), Step::parse(text).unwrap()))
                .collect(),
        }
    }

    fn name(step: Option<(String, Step)>) -> Option<String> {
        step.map(|(name, _)| name)
    }

    #[test]
    fn the_nth_request_of_an_id_gets_the_nth_step() {
        let (id, steps) = parse_header("a1; reset-before, ok ,status:code=503").unwrap();
        let mut plan = FaultPlan::default();
        let mut next = |id: &str| name(plan.next_from_header(id, &steps));
        assert_eq!(next(&id).as_deref(), Some("reset-before"));
        assert_eq!(next("other").as_deref(), Some("reset-before"));
        assert_eq!(next(&id).as_deref(), Some("ok"));
        assert_eq!(next(&id).as_deref(), Some("status:code=503"));
        assert_eq!(next(&id), None);
    }

    #[test]
    fn a_type_with_a_semicolon_does_not_end_the_header() {
        let (_, steps) = parse_header("a; body:type=text/html;charset=utf-8").unwrap();
        assert_eq!(steps.len(), 1);
    }

    #[test]
    fn a_header_that_makes_no_sense_is_refused() {
        for value in ["", "a", "; ok", "a;", "a; nonsense", "a; ok,"] {
            assert!(parse_header(value).is_err(), "{value}");
        }
    }

    #[test]
    fn a_queue_is_consumed_by_what_matches() {
        let mut plan = FaultPlan::default();
        plan.push(rule(Some("CreatePoll"), None, &["empty"]));
        plan.push(rule(None, Some("m1"), &["text", "not-json"]));
        assert_eq!(plan.pending(), 3);
        assert_eq!(
            name(plan.next_from_queue(Some("GetMeeting"), Some("m2"))),
            None
        );
        assert_eq!(
            name(plan.next_from_queue(Some("CreatePoll"), Some("m1"))).as_deref(),
            Some("empty")
        );
        assert_eq!(
            name(plan.next_from_queue(Some("CreatePoll"), Some("m1"))).as_deref(),
            Some("text")
        );
        assert_eq!(name(plan.next_from_queue(None, None)), None);
        assert_eq!(plan.pending(), 1);
        plan.clear();
        assert_eq!(plan.pending(), 0);
    }
}
