//! Command lines without their secrets, for the history and for what is printed.

use crate::api::Api;
use crate::apis;

/// The command line for the history, secrets masked by the domains' rules; the store whose history it is goes without saying.
pub(super) fn masked(words: &[String]) -> String {
    // Secrets of two domains may look alike: the one that the command names knows how much of its own may be seen.
    let own = words.iter().find_map(|word| apis::find(word));
    let told: Vec<&String> = without_store(words).collect();
    let shown: Vec<String> = told
        .iter()
        .zip(flags(&told))
        .map(|(word, flag)| {
            let hidden = hidden_by(own, flag, word);
            if hidden == **word { quoted(word) } else { hidden }
        })
        .collect();
    shown.join(" ")
}

fn without_store(words: &[String]) -> impl Iterator<Item = &String> {
    let mut named = false;
    words.iter().filter(move |word| {
        let path = std::mem::replace(&mut named, *word == "--store");
        !path && !named && !word.starts_with("--store=")
    })
}

/// The words of a command line with their secrets masked by the domains' rules.
#[must_use]
pub fn hidden(words: &[String]) -> Vec<String> {
    let words: Vec<&String> = words.iter().collect();
    let flags = flags(&words);
    words.iter().zip(flags).map(|(word, flag)| hidden_by(None, flag, word)).collect()
}

/// The flag that stands before each word; empty where none does.
fn flags<'w>(words: &[&'w String]) -> Vec<&'w str> {
    let before = std::iter::once("").chain(words.iter().map(|word| word.as_str()));
    let flag = |word: &'w str| word.strip_prefix("--").unwrap_or_default();
    before.map(flag).take(words.len()).collect()
}

/// No domain has a shorter secret, and most words of a command line are shorter.
const SHORTEST: usize = 8;

/// A word, behind a flag, masked by the rule of `own` first.
fn hidden_by(own: Option<&'static Api>, flag: &str, word: &str) -> String {
    if word.len() < SHORTEST {
        return word.to_owned();
    }
    let secret = |flag: &str, word: &str| {
        let apis = own.into_iter().chain(apis::APIS.iter().copied());
        apis.into_iter().find_map(|api| (api.secret)(flag, word))
    };
    let pair = word.split_once('=').and_then(|(name, value)| {
        let flag = name.strip_prefix("--").unwrap_or_default();
        Some((name, value, secret(flag, value)?))
    });
    match pair {
        Some((name, value, mask)) => format!("{name}={}", mask.apply(value)),
        None => secret(flag, word).map_or_else(|| word.to_owned(), |mask| mask.apply(word)),
    }
}

fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:=@,+%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn the_history_tells_what_was_done_and_not_in_which_store() {
        let line = |text: &str| masked(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let done = "kms host set-interval --renewal 60";
        for told in [
            "--store /srv/licences.db kms host set-interval --renewal 60",
            "kms host --store=a.db set-interval --renewal 60",
            "kms host set-interval --renewal 60 --store a.db",
        ] {
            assert_eq!(line(told), done);
        }
        assert_eq!(line("store backup a.db"), "store backup a.db");
    }

    /// A license number is eight digits, as many a count is: what the digits are, the flag before them tells.
    #[test]
    fn a_number_is_masked_behind_a_flag_of_license_numbers_alone() {
        let line = |text: &str| masked(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        for plain in [
            "kms request simulate --host kms1 --client pc --count 99999999",
            "tslicense keypack remove 4 --count=99999999",
            "kms machine add 99999999 --version 10.0",
        ] {
            assert_eq!(line(plain), plain);
        }
        for (told, shown) in [
            ("--license-number 12345678", "--license-number 12****78"),
            ("--license-number=1234-5678", "--license-number=12**-**78"),
        ] {
            assert_eq!(
                line(&format!("tslicense keypack annotate 3 {told}")),
                format!("tslicense keypack annotate 3 {shown}")
            );
        }
    }
}
