//! Which findings a line of a policy means: patterns of class, instance and object.

use crate::finding::Finding;

/// Which findings are meant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Selector {
    /// Compared with `kms.threshold.will-fall` and with `threshold.will-fall`.
    pub(super) class: Pattern,
    pub(super) instance: Option<Pattern>,
    pub(super) object: Option<Pattern>,
}

impl Selector {
    pub(super) fn fits(&self, finding: &Finding) -> bool {
        let whole = format!("{}.{}", finding.domain, finding.class);
        let matches = |pattern: &Option<Pattern>, text: &str| {
            pattern.as_ref().is_none_or(|pattern| pattern.matches(text))
        };
        (self.class.matches(&whole) || self.class.matches(finding.class))
            && matches(&self.instance, &finding.instance)
            && matches(&self.object, &finding.object)
    }
}

/// A text in which `*` stands for any letters and `?` for one; upper and lower case are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(pub(super) String);

impl Pattern {
    /// Whether the whole text is of the pattern. Time grows with the product of both lengths at most.
    pub(super) fn matches(&self, text: &str) -> bool {
        let letters = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
        let (pattern, text) = (letters(&self.0), letters(text));
        let (mut at, mut next) = (0, 0);
        // Where the last `*` stands, and the first letter after those that it took.
        let mut star: Option<(usize, usize)> = None;
        while let Some(letter) = text.get(next) {
            match pattern.get(at) {
                Some('*') => {
                    star = Some((at, next));
                    at += 1;
                }
                Some(wanted) if *wanted == '?' || wanted == letter => {
                    at += 1;
                    next += 1;
                }
                _ => {
                    let Some((place, taken)) = star else { return false };
                    star = Some((place, taken + 1));
                    (at, next) = (place + 1, taken + 1);
                }
            }
        }
        pattern.iter().skip(at).all(|letter| *letter == '*')
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_whole_texts_in_any_case() {
        for (pattern, text, fits) in [
            ("", "", true),
            ("*", "", true),
            ("a*c", "ABxC", true),
            ("a*b*c", "a-b-b-d-c", true),
            ("a*b", "ab-", false),
            ("?", "", false),
            ("??", "ü1", true),
            ("kms", "kms01", false),
            ("**x", "aax", true),
            ("*.local", "ws.local.local", true),
        ] {
            assert_eq!(Pattern(pattern.to_owned()).matches(text), fits, "{pattern} {text}");
        }
    }
}
