//! Patterns of names: `*` stands for any letters, `?` for one.

use std::convert::Infallible;
use std::str::FromStr;

/// A pattern; one without `*` and `?` is a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(String);

impl FromStr for Glob {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl Glob {
    /// The name, when it can match one name alone.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        (!self.0.contains(['*', '?'])).then_some(self.0.as_str())
    }

    /// Whether the pattern matches the whole name, upper and lower case told apart.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let (pattern, name): (Vec<char>, Vec<char>) =
            (self.0.chars().collect(), name.chars().collect());
        let (mut at, mut met) = (0, 0);
        // Where the last `*` stands, and where what it stands for ends so far.
        let mut star = None;
        while let Some(letter) = name.get(met) {
            match pattern.get(at) {
                Some('*') => {
                    star = Some((at, met));
                    at += 1;
                }
                Some(one) if *one == '?' || one == letter => {
                    at += 1;
                    met += 1;
                }
                _ => {
                    let Some((of, until)) = star else { return false };
                    star = Some((of, until + 1));
                    (at, met) = (of + 1, until + 1);
                }
            }
        }
        pattern.iter().skip(at).all(|letter| *letter == '*')
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    fn matches(pattern: &str, name: &str) -> bool {
        pattern.parse::<Glob>().unwrap().matches(name)
    }

    #[test]
    fn a_star_stands_for_any_letters_and_a_question_mark_for_one() {
        for (pattern, name) in [
            ("CAD", "CAD"),
            ("C*", "CAD"),
            ("*D", "CAD"),
            ("C?D", "CAD"),
            ("*", ""),
            ("a*b*c", "abxbc"),
            ("é?", "éa"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("CAD", "cad"), ("C?", "CAD"), ("C*X", "CAD"), ("", "A"), ("?", "")]
        {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
        let hostile = "a".repeat(2000);
        assert!(!matches(&"*a".repeat(300).replace("*a*a", "*a"), &format!("{hostile}b")));
    }

    #[test]
    fn what_has_no_sign_of_a_pattern_is_a_name() {
        assert_eq!("CAD".parse::<Glob>().unwrap().name(), Some("CAD"));
        assert_eq!("C*".parse::<Glob>().unwrap().name(), None);
    }
}
