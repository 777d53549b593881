//! Who the simulated people are. Most have ordinary names; some have the names that break user
//! interfaces, because real meetings have those too.

use crate::dice::Dice;

/// A person, before anybody adds them to a meeting.
pub(crate) struct Person {
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

/// Names that a user interface must survive. The very long one is made in `odd_name`.
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

/// The `index`-th person to be added to a meeting. Each fifth has an odd name, each third no
/// picture, and one in fifty an app's ID that no URL takes unescaped.
pub(crate) fn person(index: usize, dice: &mut Dice) -> Person {
    let first = dice.pick(FIRST);
    let last = dice.pick(LAST);
    // The index keeps the app's IDs apart, whatever the dice say.
    let tag = dice.word(5);
    Person {
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
        let mut dice = Dice::new(1);
        let ids: HashSet<String> = (0..2000).map(|i| person(i, &mut dice).custom_id).collect();
        assert_eq!(ids.len(), 2000);
    }

    #[test]
    fn twenty_five_people_include_hostile_and_empty_names() {
        let mut dice = Dice::new(1);
        let people: Vec<Person> = (0..25).map(|i| person(i, &mut dice)).collect();
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
