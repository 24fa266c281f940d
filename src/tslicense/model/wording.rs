//! Numbers of things in sentences for people.

/// So many of something: `1 license`, `20 licenses`.
#[must_use]
pub fn many(count: impl Into<u64>, what: &str) -> String {
    match count.into() {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

/// The verb behind so many of something.
#[must_use]
pub fn are(count: impl Into<u64>) -> &'static str {
    if count.into() == 1 { "is" } else { "are" }
}

#[cfg(test)]
mod tests {
    use super::{are, many};

    #[test]
    fn one_is_told_from_none_and_from_several() {
        assert_eq!(
            [0_u32, 1, 2].map(|count| format!("{} {}", many(count, "license"), are(count))),
            ["0 licenses are", "1 license is", "2 licenses are"]
        );
    }
}
