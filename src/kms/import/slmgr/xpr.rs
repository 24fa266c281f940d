//! The output of `/xpr`: the name of a product, below it one sentence.

/// Beginnings of the words with which every edition of the script, and several languages, say "permanently activated".
static PERMANENT: [&str; 3] = ["permanen", "activat", "aktivier"];

/// The Name of a product that stands alone in a line, a colon behind it.
pub(super) fn title(line: &str) -> Option<&str> {
    let name = line.strip_suffix(':')?.trim_end();
    (!name.is_empty() && !name.contains(": ")).then_some(name)
}

/// Whether a sentence that no label matches says that the activation is permanent.
///
/// Editions word it differently, so any sentence without a date may say so; but one that holds none of the words may as well say
/// "unlicensed" in a language that is not known.
///
/// Source: assumed; the newest script is not published.
pub(super) fn is_permanent(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let dated = lower.contains(|letter: char| letter.is_ascii_digit());
    let denied = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .any(|word| matches!(word, "not" | "nicht" | "no" | "non" | "pas"));
    !dated && !denied && PERMANENT.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{is_permanent, title};

    #[test]
    fn the_title_is_a_name_with_a_colon_behind_it() {
        assert_eq!(
            title("Windows(R), Professional edition:"),
            Some("Windows(R), Professional edition")
        );
        for line in ["Name: x", "a: b:", ":", "x"] {
            assert_eq!(title(line), None, "{line}");
        }
    }

    #[test]
    fn permanent_is_what_says_so_without_a_date() {
        for sentence in [
            "The machine is permanently activated.",
            "This copy was activated for good",
            "Der Computer ist dauerhaft aktiviert.",
        ] {
            assert!(is_permanent(sentence), "{sentence}");
        }
        for sentence in [
            "Unlicensed",
            "Nicht lizenziert",
            "Der Computer ist nicht aktiviert.",
            "Volume activation runs out on 3/9/2026",
            "",
        ] {
            assert!(!is_permanent(sentence), "{sentence}");
        }
    }
}
