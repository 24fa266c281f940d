//! Command lines without their secrets, for the history and for what is printed.

use crate::api::Api;
use crate::apis;

/// The command line for the history, secrets masked by the domains' rules; the store whose history it is goes without saying.
pub(super) fn masked(words: &[String]) -> String {
    // Secrets of two domains may look alike: the one that the command names knows how much of its own may be seen.
    let own = words.iter().find_map(|word| apis::find(word));
    let shown: Vec<String> = without_store(words)
        .map(|word| {
            let hidden = hidden_by(own, word);
            if hidden == *word { quoted(word) } else { hidden }
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

/// A word of a command line with its secrets masked by the domains' rules.
#[must_use]
pub fn hidden(word: &str) -> String {
    hidden_by(None, word)
}

/// No domain has a shorter secret, and most words of a command line are shorter.
const SHORTEST: usize = 8;

/// As [`hidden`], by the rule of `own` first.
fn hidden_by(own: Option<&'static Api>, word: &str) -> String {
    if word.len() < SHORTEST {
        return word.to_owned();
    }
    let secret = |word: &str| {
        let apis = own.into_iter().chain(apis::APIS.iter().copied());
        apis.into_iter().find_map(|api| (api.secret)(word))
    };
    match word.split_once('=').and_then(|(flag, value)| Some((flag, value, secret(value)?))) {
        Some((flag, value, mask)) => format!("{flag}={}", mask.apply(value)),
        None => secret(word).map_or_else(|| word.to_owned(), |mask| mask.apply(word)),
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
}
