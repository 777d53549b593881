//! The simulated participants. Most have ordinary names. Some have names that break user interfaces,
//! because real meetings have those too.

use crate::rng::SeededRng;

/// A participant to add to a meeting.
pub(crate) struct NewParticipant {
    pub(crate) name: String,
    pub(crate) custom_id: String,
    pub(crate) email: Option<String>,
    pub(crate) picture: Option<String>,
}

const FIRST: &[&str] = &[
    "Ada", "Amara", "Björn", "Carlos", "Chen", "Dilnoza", "Elif", "Fatima", "Giulia", "Hana",
    "Ingrid", "Jamal", "Kofi", "Lena", "Mark", "Mei", "Noor", "Olga", "Priya", "Quentin", "Rosa",
    "Sasha", "Tomás", "Uma", "Vera", "Wanjiru", "Yusuf", "Zoë",
];

const LAST: &[&str] = &[
    "Abbott", "Bianchi", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Haddad", "Ivanova",
    "Jansen", "Kim", "Lopez", "Moreau", "Nakamura", "Okafor", "Petrov", "Quispe", "Rossi", "Silva",
    "Tanaka", "Ueda", "Vogel", "Wang", "Yılmaz", "Zhou",
];

/// Names that are hard to display. `odd_name` adds a very long one.
const ODD: &[&str] = &[
    "<img src=x onerror=alert(1)>",
    "مريم الزهراء",
    "🦄👩‍👩‍👧‍👦🏴‍☠️",
    "",
    "\u{202e}nimda\u{202c} (right to left)",
    "Robert'); DROP TABLE participants;--",
    "  spaces \t around  ",
    "{{constructor.constructor('alert(1)')()}}",
    "Zalgo e\u{0301}\u{0302}\u{0303}\u{0304}\u{0305}",
    "null",
    "line\nbreak \"quoted\" \\ back",
];

/// The participant with this index in a meeting. Every fifth has an odd name, every third has no
/// picture, and one in fifty has a custom ID that a URL must escape.
pub(crate) fn random_participant(index: usize, rng: &mut SeededRng) -> NewParticipant {
    let first = rng.pick(FIRST);
    let last = rng.pick(LAST);
    // The index makes the custom IDs unique.
    let tag = rng.word(5);
    NewParticipant {
        name: if index % 5 == 3 {
            odd_name(index / 5)
        } else {
            format!("{first} {last}")
        },
        custom_id: if index % 50 == 7 {
            format!("team/ü {tag}{index}")
        } else {
            format!("{tag}{index}")
        },
        email: (index % 4 != 2).then(|| format!("{tag}{index}@example.com")),
        picture: (index % 3 != 1).then(|| format!("https://pictures.example.com/{tag}{index}.png")),
    }
}

fn odd_name(nth: usize) -> String {
    match ODD.get(nth % (ODD.len() + 1)) {
        Some(name) => (*name).to_owned(),
        None => format!("Wolfe{}senior", "schlegelstein".repeat(40)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn app_ids_are_unique() {
        let mut rng = SeededRng::new(1);
        let ids: HashSet<String> = (0..2000)
            .map(|i| random_participant(i, &mut rng).custom_id)
            .collect();
        assert_eq!(ids.len(), 2000);
    }

    #[test]
    fn twenty_five_people_include_hostile_and_empty_names() {
        let mut rng = SeededRng::new(1);
        let people: Vec<NewParticipant> =
            (0..25).map(|i| random_participant(i, &mut rng)).collect();
        assert!(people.iter().any(|p| p.name.contains("<img")));
        assert!(people.iter().any(|p| p.name.is_empty()));
        assert!(people.iter().any(|p| p.picture.is_none()));
        assert!(people.iter().any(|p| p.email.is_none()));
    }

    #[test]
    fn a_very_long_name_occurs() {
        assert!(odd_name(ODD.len()).len() > 500);
    }
}
