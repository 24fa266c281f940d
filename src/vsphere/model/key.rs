//! License keys: what they look like, and how much of one may be seen.

use crate::catalog::Mask;
use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;

/// The key of every evaluation license.
pub const EVALUATION: &str = "00000-00000-00000-00000-00000";

/// What hosts of 9.x show when an entitlement file, not a key, licenses them.
pub const PLACEHOLDER: &str = "SUBSC-00000-00000-00000-RIBED";

/// How a secret of this API is shown.
pub const MASK: Mask = Mask::LastTwoGroups;

/// A license key: known in full, or only as far as it may be shown.
#[derive(Clone)]
pub struct Key {
    full: Option<String>,
    shown: String,
    /// The number of the secret, once it is filed.
    number: Option<i64>,
}

impl Key {
    /// A key as a client sent it.
    #[must_use]
    pub fn given(text: &str) -> Self {
        Self { full: Some(text.to_owned()), shown: masked(text), number: None }
    }

    /// The key of no license: what a vCenter answers when it cannot decode one.
    #[must_use]
    pub fn none() -> Self {
        Self::given("")
    }

    #[must_use]
    pub fn evaluation() -> Self {
        Self::given(EVALUATION)
    }

    /// A key as a row holds it.
    #[must_use]
    pub fn filed(number: Option<i64>, shown: &str) -> Self {
        let full = (shown.is_empty() || is_open(shown)).then(|| shown.to_owned());
        Self { full, shown: shown.to_owned(), number }
    }

    /// The same key with the number of its secret.
    #[must_use]
    pub fn numbered(self, number: i64) -> Self {
        Self { number: Some(number), ..self }
    }

    /// The same key, read back in full.
    #[must_use]
    pub fn revealed(self, full: Option<String>) -> Self {
        Self { full: full.or(self.full), ..self }
    }

    #[must_use]
    pub fn number(&self) -> Option<i64> {
        self.number
    }

    /// The whole key; `None` when only its end was read.
    #[must_use]
    pub fn full(&self) -> Option<&str> {
        self.full.as_deref()
    }

    /// What may be seen of it by everybody.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The end by which sentences name it: `…-AAAA1`. Keys that are no secrets stand whole.
    #[must_use]
    pub fn short(&self) -> String {
        match self.shown.rsplit_once('-') {
            Some((_, tail)) if !is_open(&self.shown) => format!("…-{tail}"),
            _ => self.shown.clone(),
        }
    }

    /// What a reader sees: the whole key when secrets are shown and it is known.
    #[must_use]
    pub fn text(&self, secrets: bool) -> &str {
        match &self.full {
            Some(full) if secrets => full,
            _ => &self.shown,
        }
    }

    #[must_use]
    pub fn is_evaluation(&self) -> bool {
        self.shown == EVALUATION
    }

    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        self.shown == PLACEHOLDER
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }
}

/// Keys that are known in full are compared; else by what is shown of them and their number.
impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        match (&self.full, &other.full) {
            (Some(one), Some(other)) => one == other,
            _ => self.number == other.number && self.shown == other.shown,
        }
    }
}

impl Eq for Key {}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.shown)
    }
}

/// Keys that are no secrets: all zeros, and the placeholder of an entitlement.
fn is_open(text: &str) -> bool {
    text == EVALUATION || text == PLACEHOLDER
}

/// A key as everybody may see it.
#[must_use]
pub fn masked(text: &str) -> String {
    if is_open(text) { text.to_owned() } else { MASK.apply(text) }
}

/// Whether the API takes `text` for a key: five groups of five of `0-9A-Z`. Nothing is normalised.
///
/// Source: [ARTICLE] `LicenseManagerLicenseInfo`, licenseKey: 25 characters; the alphabet is assumed.
#[must_use]
pub fn is_well_formed(text: &str) -> bool {
    let mut groups = 0;
    text.split('-').all(|group| {
        groups += 1;
        group.len() == 5
            && group.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
    }) && groups == 5
}

/// Makes a key of what a person typed: blanks around it, lower case, no dashes or those of a word processor.
///
/// `None` when it is no key even so.
#[must_use]
pub fn normalised(text: &str) -> Option<String> {
    let text: String = text
        .trim()
        .chars()
        .map(|letter| if ('\u{2010}'..='\u{2015}').contains(&letter) { '-' } else { letter })
        .flat_map(char::to_uppercase)
        .collect();
    if is_well_formed(&text) {
        return Some(text);
    }
    let letters: Vec<char> = text.chars().collect();
    if letters.len() != 25 {
        return None;
    }
    let groups: Vec<String> = letters.chunks(5).map(String::from_iter).collect();
    Some(groups.join("-")).filter(|key| is_well_formed(key))
}

/// The end of a key in whole groups, as a person names a key: `…-AAAA1`, `AAAAA-AAAA1`, or a masked key.
///
/// `None` when it is no such end.
#[must_use]
pub fn ending(text: &str) -> Option<String> {
    let text = text.trim().to_uppercase();
    let text = text.trim_start_matches("...").trim_start_matches('…').trim_start_matches('-');
    let groups: Vec<&str> =
        text.split('-').skip_while(|group| group.bytes().all(|byte| byte == b'*')).collect();
    let whole =
        |group: &&str| group.len() == 5 && group.bytes().all(|byte| byte.is_ascii_alphanumeric());
    ((1..=4).contains(&groups.len()) && groups.iter().all(whole)).then(|| groups.join("-"))
}

/// Letters of a key: five groups of five, and the dashes between them.
const LENGTH: usize = 29;

/// Whether a longer text holds a whole key, as JSON on a command line does.
#[must_use]
pub fn holds_key(text: &str) -> bool {
    let piece = |letter: char| !(letter.is_ascii_alphanumeric() || letter == '-');
    // Also within a longer word: what a damaged file put before a key must not let it through.
    let is_key = |letters: &[u8]| {
        str::from_utf8(letters).is_ok_and(|word| is_well_formed(word) && !is_open(word))
    };
    text.split(piece).any(|word| {
        let word = word.trim_matches('-').to_uppercase();
        word.as_bytes().windows(LENGTH).any(is_key)
    })
}

/// A text with other words in the place of the keys within it, as they stand there; borrowed when there is none.
///
/// Stops when `with` does.
pub fn replaced<'t, E>(
    text: &'t str,
    with: &mut dyn FnMut(&str) -> Result<String, E>,
) -> Result<Cow<'t, str>, E> {
    let (mut told, mut rest, mut at) = (String::new(), 0, 0);
    while let Some(word) = text.as_bytes().get(at..at + LENGTH) {
        // The dash tells most places that are none.
        let key = str::from_utf8(word).ok().filter(|key| {
            key.as_bytes().get(5) == Some(&b'-') && {
                let key = key.to_ascii_uppercase();
                is_well_formed(&key) && !is_open(&key)
            }
        });
        if let Some(key) = key {
            told.push_str(text.get(rest..at).unwrap_or_default());
            told.push_str(&with(key)?);
            at += LENGTH;
            rest = at;
        } else {
            at += 1;
        }
    }
    if rest == 0 {
        return Ok(Cow::Borrowed(text));
    }
    told.push_str(text.get(rest..).unwrap_or_default());
    Ok(Cow::Owned(told))
}

/// A text as everybody may see it: of every key within it no more than the last two groups. People write keys into notes and names.
#[must_use]
pub fn veiled(text: &str) -> Cow<'_, str> {
    let Ok(told) = replaced::<Infallible>(text, &mut |key| Ok(masked(key)));
    told
}

/// Masks the keys within a text.
pub fn veil(text: &mut String) {
    if let Cow::Owned(told) = veiled(text) {
        *text = told;
    }
}

/// How a word of a command line is masked when it is a key, or holds one.
#[must_use]
pub fn secret(word: &str) -> Option<Mask> {
    match normalised(word) {
        Some(key) if is_open(&key) => None,
        // Twenty-five letters and no dash may be a word; a key has a digit.
        Some(_) if word.contains(['-', '\u{2013}']) => Some(MASK),
        Some(_) if word.bytes().any(|byte| byte.is_ascii_digit()) => Some(Mask::Whole),
        _ => holds_key(word).then_some(Mask::Whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const K1: &str = "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1";

    #[test]
    fn what_a_person_types_becomes_a_key() {
        for typed in [
            "aaaaaaaaaaaaaaaaaaaaaaaa1",
            "AAAAA\u{2013}AAAAA\u{2013}AAAAA\u{2013}AAAAA\u{2013}AAAA1",
            "  aaaaa-aaaaa-aaaaa-aaaaa-aaaa1 ",
        ] {
            assert_eq!(normalised(typed).as_deref(), Some(K1), "{typed}");
        }
        for typed in ["junk", "", "AAAAA-AAAAA-AAAAA-AAAAA", "AAAAA-AAAAA-AAAAA-AAAAA-AAAA!"] {
            assert_eq!(normalised(typed), None, "{typed}");
        }
    }

    #[test]
    fn the_api_takes_a_key_literally() {
        assert!(is_well_formed(K1));
        assert!(!is_well_formed("aaaaa-aaaaa-aaaaa-aaaaa-aaaa1"));
        assert!(!is_well_formed("AAAAAAAAAAAAAAAAAAAAAAAA1"));
    }

    #[test]
    fn a_key_never_shows_more_than_its_last_two_groups() {
        let key = Key::given(K1);
        assert_eq!(key.shown(), "*****-*****-*****-AAAAA-AAAA1");
        assert_eq!(format!("{key:?}"), key.shown());
        assert_eq!(key.text(true), K1);
        assert_eq!(key.text(false), key.shown());
        let filed = Key::filed(Some(3), key.shown());
        assert_eq!(filed.text(true), key.shown(), "what was not read back cannot be shown");
    }

    #[test]
    fn the_evaluation_key_and_the_placeholder_are_no_secrets() {
        for open in [EVALUATION, PLACEHOLDER] {
            assert_eq!(Key::given(open).shown(), open);
            assert_eq!(Key::filed(Some(1), open).full(), Some(open));
            assert_eq!(secret(open), None);
        }
    }

    #[test]
    fn a_key_is_named_by_its_end_in_whole_groups() {
        for typed in ["…-AAAA1", "...-aaaa1", "AAAA1", "-AAAA1", "*****-*****-*****-*****-AAAA1"]
        {
            assert_eq!(ending(typed).as_deref(), Some("AAAA1"), "{typed}");
        }
        assert_eq!(ending("*****-*****-*****-AAAAA-AAAA1").as_deref(), Some("AAAAA-AAAA1"));
        for typed in ["AAA1", "junk", "", K1, "…"] {
            assert_eq!(ending(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_text_that_holds_keys_shows_of_each_its_last_two_groups() {
        let told = veiled("was aaaaa-aaaaa-aaaaa-aaaaa-aaaa2, é AAAAA-AAAAA-AAAAA-AAAAA-AAAA1x");
        assert_eq!(told, "was *****-*****-*****-aaaaa-aaaa2, é *****-*****-*****-AAAAA-AAAA1x");
        for text in ["", "esx01", EVALUATION, "11111111-2222-3333-4444-555555555555 or so"] {
            assert!(matches!(veiled(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn a_key_is_recognised_among_the_words_of_a_command_line() {
        assert_eq!(secret(K1), Some(MASK));
        assert_eq!(secret("aaaaaaaaaaaaaaaaaaaaaaaa1"), Some(Mask::Whole));
        assert_eq!(secret(&format!("{{\"licenseKey\":\"{K1}\"}}")), Some(Mask::Whole));
        for word in ["host-21", "11111111-2222-3333-4444-555555555555", "…-AAAA1"] {
            assert_eq!(secret(word), None, "{word}");
        }
    }
}
