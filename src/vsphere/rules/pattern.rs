//! Patterns of editions and names: `*` is any text, `?` any letter.

/// Whether the whole of a text fits a pattern.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    if !pattern.contains(['*', '?']) {
        return pattern == text;
    }
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut from) = (0, 0);
    // The last star, and the letter up to which it stands for text.
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = text.get(from) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(wanted) if wanted == letter || *wanted == '?' => {
                at += 1;
                from += 1;
            }
            _ => match star {
                Some((place, eaten)) => {
                    star = Some((place, eaten + 1));
                    at = place + 1;
                    from = eaten + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_pattern_takes_the_whole_text() {
        for (pattern, text, answer) in [
            ("esx.*", "esx.enterprisePlus.cpuPackage", true),
            ("esx", "esx.enterprisePlus", false),
            ("esx.e?t", "esx.east", false),
            ("esx.e?st", "esx.east", true),
            ("*Plus*", "esx.enterprisePlus.cpuPackage", true),
            ("*.cpuPackage", "esx.enterprisePlus.cpuPackage", true),
            ("*a*b", "aab", true),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, text), answer, "{pattern} {text}");
        }
    }
}
