//! The words of slmgr's command line: which machine, which option, with what.

use super::checks::nearest;
use crate::error::Usage;
use crate::kms::catalog::slmgr::{Does, OPTIONS, SlmgrOption, option};

/// What a command line of slmgr asks for.
#[derive(Debug)]
pub struct Asked<'w> {
    /// The machine that stands in front of the option.
    pub machine: Option<&'w str>,
    pub option: &'static SlmgrOption,
    /// The arguments of the option, as typed.
    pub given: &'w [String],
}

impl Asked<'_> {
    /// An argument by its place.
    #[must_use]
    pub fn argument(&self, at: usize) -> Option<&str> {
        self.given.get(at).map(String::as_str)
    }
}

/// Tells the words of a command line apart: `[MachineName [User Password]] /OPTION ARGUMENTS`.
///
/// Usage error for anything else, and for options that are not done here. No word but an option's own is repeated: one may be a
/// key or a password.
///
/// Source: [SLMGR] `ExecCommandLine`; that a user and a password are refused: assumed, nothing is logged on to.
pub fn asked(words: &[String]) -> Result<Asked<'_>, Usage> {
    let is_option = |word: &String| word.starts_with(['/', '-']);
    let at = words.iter().take(4).position(is_option);
    let Some((before, [word, given @ ..])) = at.and_then(|at| words.split_at_checked(at)) else {
        return Err(
            Usage::new("no option of slmgr is given").hinted("as in `licctl kms slmgr /dlv`")
        );
    };
    let machine = match before {
        [] => None,
        [machine] => Some(machine.as_str()),
        _ => {
            return Err(Usage::new(
                "in front of the option stands one word, the name of a machine",
            )
            .hinted("nothing is logged on to: leave user and password out"));
        }
    };
    let option = option(word).ok_or_else(|| unknown(word))?;
    if let Does::Elsewhere(hint) = option.does {
        return Err(Usage::new(format!("`/{}` is not done here", option.word)).hinted(hint));
    }
    if let Some(missing) = option.takes.get(given.len()).filter(|takes| takes.required) {
        let message = format!("`{}` needs <{}>", usage(option), missing.name);
        return Err(Usage::new(message));
    }
    if given.len() > option.takes.len() {
        return Err(Usage::new(format!("there are more words than `{}` takes", usage(option))));
    }
    Ok(Asked { machine, option, given })
}

/// An option as slmgr's own usage shows it: `/skms <Name[:Port] | :Port> [Activation ID]`.
fn usage(option: &SlmgrOption) -> String {
    let words = option.takes.iter().map(|takes| {
        let (open, close) = if takes.required { ('<', '>') } else { ('[', ']') };
        format!(" {open}{}{close}", takes.name)
    });
    std::iter::once(format!("/{}", option.word)).chain(words).collect()
}

fn unknown(word: &str) -> Usage {
    let bare = word.trim_start_matches(['/', '-']);
    let near = nearest(bare, OPTIONS.iter().map(|row| row.word));
    let near: Vec<String> = near.into_iter().map(|word| format!("`/{word}`")).collect();
    // A word longer than any option is none that was mistyped.
    let named = if bare.chars().count() > 24 { String::new() } else { format!(": `{word}`") };
    Usage::new(format!("unrecognized option of slmgr{named}"))
        .hinted(format!("the nearest are {}", near.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::asked;

    fn told(line: &str) -> Result<(Option<String>, &'static str, Vec<String>), String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        asked(&words)
            .map(|asked| {
                (asked.machine.map(str::to_owned), asked.option.word, asked.given.to_vec())
            })
            .map_err(|usage| usage.message)
    }

    #[test]
    fn a_machine_may_stand_in_front_of_the_option() {
        assert_eq!(told("/dlv").unwrap(), (None, "dlv", vec![]));
        assert_eq!(
            told("ws-1 -DLI all").unwrap(),
            (Some("ws-1".into()), "dli", vec!["all".into()])
        );
        let (_, word, given) =
            told("/skms kms1:1700 2de67392-b7a7-462a-b1ca-108dd189f588").unwrap();
        assert_eq!((word, given.len()), ("skms", 2));
        assert_eq!(told("/act-type").unwrap().1, "act-type");
    }

    #[test]
    fn what_slmgr_would_not_take_is_wrong_usage() {
        for (line, expected) in [
            ("dlv", "no option of slmgr is given"),
            ("a b c d /dlv", "no option of slmgr is given"),
            ("ws-1 user /dlv", "in front of the option stands one word, the name of a machine"),
            ("/skms", "`/skms <Name[:Port] | :Port> [Activation ID]` needs <Name[:Port] | :Port>"),
            ("/rearm now", "there are more words than `/rearm` takes"),
            ("/sia 30", "unrecognized option of slmgr: `/sia`"),
        ] {
            assert_eq!(told(line).unwrap_err(), expected, "{line}");
        }
    }

    #[test]
    fn a_key_or_a_password_on_the_command_line_is_refused_and_never_repeated() {
        for line in [
            "/ipk AAAAA-BBBBB-CCCCC-DDDDD-EEEEE",
            "/AAAAA-BBBBB-CCCCC-DDDDD-EEEEE",
            "ws-1 admin EEEEE /dlv",
            "/dli all EEEEE",
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let usage = asked(&words).unwrap_err();
            let told = format!("{usage:?}");
            assert!(!told.contains("EEEEE"), "{told}");
        }
    }
}
