//! What looks like a license code: it is neither kept nor shown.

/// Letters and digits that a license code has before its `#` at least.
const SHORTEST_CODE: usize = 24;

/// Whether a text holds a license code, as far as one can be told: a long row of letters, digits and a few signs that a `#` ends.
#[must_use]
pub fn holds_code(text: &str) -> bool {
    let sign = |letter: char| letter.is_ascii_alphanumeric() || " *+,:$-\r\n\t".contains(letter);
    text.match_indices('#').any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let code = before.rsplit(|letter| !sign(letter)).next().unwrap_or_default();
        let letters = code.chars().filter(char::is_ascii_alphanumeric).count();
        letters >= SHORTEST_CODE && is_dense(code)
    })
}

/// Whether a word of the row is as a code is and no sentence: mostly digits and letters A to F, or long.
fn is_dense(code: &str) -> bool {
    let digit = |word: &str| word.chars().any(|letter| letter.is_ascii_digit());
    let words = code.split(|letter: char| !letter.is_ascii_alphanumeric());
    let of_code = words.filter(|word| digit(word)).map(str::len).sum::<usize>();
    of_code * 2 >= code.chars().filter(char::is_ascii_alphanumeric).count()
}

#[cfg(test)]
mod tests {
    use super::holds_code;

    #[test]
    fn what_looks_like_a_license_code_is_known_wherever_it_stands() {
        for code in [
            "1B2A 3C4D5E6F 7A8B9C0D,1E2F3A4B5C6D7E8F # \"CAD\" version \"7.0\"",
            "*1AB2CD3EF4AB5CD6EF7AB8CD9EF#",
            "<licenseString>*1AB2CD3EF4AB5CD6EF7AB8CD9EF# \"CAD\"</licenseString>",
            "{\"code\":\"1B2A3C4D5E6F7A8B\n9C0D1E2F3A4B5C6D7E8F#\"}",
        ] {
            assert!(holds_code(code), "{code}");
        }
        for plain in [
            "D3C802D6979EA395",
            "2014-*1AB2CD3EF4AB5CD6EF7AB8CD9EF0AB1CD2",
            "0x8ef38b91(20#)",
            "a comment with # in it and no code before it whatsoever",
            "this sentence is rather long and ends with number 7 #",
            "",
        ] {
            assert!(!holds_code(plain), "{plain}");
        }
    }
}
