//! Numbers of things in sentences for people.

/// So many of something: `1 license`, `20 licenses`, `2 entities`.
#[must_use]
pub fn many(count: impl TryInto<u64>, what: &str) -> String {
    let vowel = |letter: char| matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u');
    let stem = what.strip_suffix('y').filter(|stem| !stem.ends_with(vowel));
    match (count.try_into().unwrap_or(u64::MAX), stem) {
        (1, _) => format!("1 {what}"),
        (count, Some(stem)) => format!("{count} {stem}ies"),
        (count, None) => format!("{count} {what}s"),
    }
}

/// The verb behind so many of something.
#[must_use]
pub fn are(count: impl TryInto<u64>) -> &'static str {
    if count.try_into().is_ok_and(|count| count == 1) { "is" } else { "are" }
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
        let of = |what| [1_usize, 2].map(|count| many(count, what));
        assert_eq!(of("entity"), ["1 entity", "2 entities"]);
        assert_eq!(of("day"), ["1 day", "2 days"]);
    }
}
