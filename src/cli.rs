//! The command tree: from the words of a command line to an exit status. It knows the domains only through their list.

use crate::api::Api;
use crate::apis;
use crate::error::{Outcome, Stop, Usage, Verdict, Warning};
use crate::estate;
use crate::gate::nagios;
use crate::output::{Format, Look, Printer, Talk};
use crate::session::{Globals, Session, hidden, variable};
use crate::{clock::Timestamp, manual};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use clap_complete::CompleteEnv;
use std::ffi::OsString;
use std::mem::ManuallyDrop;

/// The version of this build, with the commit when it was built from one.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The whole command tree. The subtree of a domain is built when a command or a help text needs it.
#[must_use]
pub fn command() -> Command {
    let domains = apis::APIS.iter().map(|api| shell(api).defer(api.command));
    root().subcommands(domains).subcommands(estate::commands())
}

/// The whole command tree with nothing left to be built later: a help text says of each command below it what that does.
fn built() -> Command {
    let mut whole = command();
    whole.build();
    whole
}

/// The part of the tree that a command line walks: of each level only what it names. Every argument that all commands share is
/// copied into each command beside the one that is run, which would cost more than all the rest of a start.
fn path(words: &[String]) -> Command {
    let place = |name: &str| words.iter().position(|word| word == name);
    let root = root().mut_args(|arg| {
        let shared = arg.is_global_set() && may_be_given(&arg, words);
        arg.global(shared)
    });
    let estate = estate::names().filter_map(place).min();
    let domains = apis::APIS.iter().filter_map(|api| Some((place(api.name)?, api)));
    match domains.min_by_key(|(at, _)| *at) {
        // `check --domain kms` names a domain too, behind the command.
        Some((at, api)) if estate.is_none_or(|estate| at < estate) => {
            let whole = ManuallyDrop::new((api.command)(shell(api)));
            let noun = words.iter().find_map(|word| whole.find_subcommand(word));
            root.subcommand(match noun {
                Some(noun) => shell(api).subcommand(noun.clone()),
                None => shell(api).defer(api.command),
            })
        }
        _ => root.subcommands(estate::commands().filter(|row| place(row.get_name()).is_some())),
    }
}

/// Whether some word may give an option, alone or among other short ones. What is not given need not be known below the root, where
/// its absence is told; but where one of two that exclude each other is given, the other is looked for.
fn may_be_given(option: &Arg, words: &[String]) -> bool {
    let given = |long: &str, short: Option<char>| {
        let mut options = words.iter().filter_map(|word| word.strip_prefix('-'));
        options.any(|option| match option.strip_prefix('-') {
            Some(option) => option.starts_with(long),
            None => short.is_some_and(|short| option.contains(short)),
        })
    };
    option.get_long().is_some_and(|long| given(long, option.get_short()))
        || option.get_id() == "quiet" && given("verbose", Some('v'))
}

/// The part of the tree that a shell asks of at TAB: of a domain and a noun only theirs. A word that is still typed names nothing.
fn completed() -> Command {
    let mut words = std::env::args_os().skip_while(|word| word != "--").skip(2);
    let (Some(domain), Some(noun), Some(_)) = (words.next(), words.next(), words.next()) else {
        return command();
    };
    let api = apis::APIS.iter().find(|api| domain == api.name);
    let whole = api.map(|api| ManuallyDrop::new((api.command)(shell(api))));
    match (api, whole.as_ref().and_then(|whole| whole.find_subcommand(noun))) {
        (Some(api), Some(noun)) => root().subcommand(shell(api).subcommand(noun.clone())),
        _ => command(),
    }
}

fn root() -> Command {
    Globals::augment_args(Command::new("licctl"))
        .about("One command for five licensing systems")
        .long_about(
            "licctl reads what licensing systems export, shows the estate, answers what the vendors' tools do not,\n\
             and rehearses changes against a model of each API. It works offline, on one store file.",
        )
        .after_help(
            "Examples:\n  licctl import examples/contoso     # bring in what the systems export\n  \
             licctl status                      # the estate on one screen\n  \
             licctl kms threshold               # will the KMS hosts keep their clients activated?\n  \
             licctl explain 0xC004F038          # what a code means, and what to do\n\n\
             `licctl help TOPIC` tells more: exit-status, formats, filter, declaring, environment",
        )
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .arg(clap::arg!(-V --version "Print the version").action(ArgAction::SetTrue))
        .disable_help_flag(true)
        .arg(
            clap::arg!(-h --help "Print help on one screen; `licctl help COMMAND` tells all")
                .action(ArgAction::HelpShort)
                .global(true),
        )
}

/// A domain without its commands.
fn shell(api: &Api) -> Command {
    Command::new(api.name)
        .about(api.title)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

/// Runs the process's command line; the exit status.
#[must_use]
pub fn main() -> u8 {
    let completed = CompleteEnv::with_factory(completed)
        .try_complete(std::env::args_os(), std::env::current_dir().ok().as_deref());
    if completed.unwrap_or(true) {
        return 0;
    }
    let words: Vec<String> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    if let [_, flag] = words.as_slice()
        && matches!(flag.as_str(), "--version" | "-V")
        && variable("LICCTL_OUTPUT").is_none()
    {
        return version(&words);
    }
    // Taking a tree apart that the process has no more use for takes as long as building it. What the path cannot parse, help
    // included, the whole tree tells.
    let mut path = ManuallyDrop::new(path(&words));
    let parsed = path
        .try_get_matches_from_mut(std::env::args_os())
        .or_else(|_| built().try_get_matches_from(std::env::args_os()))
        .or_else(|error| rearranged(&words).ok_or(error));
    match parsed {
        Ok(matches) => run(&matches, &words),
        Err(error) => unparsed(&error, &words),
    }
}

/// The bare question for the version: scripts ask it first, and a file of settings that cannot be read is no reason to leave it
/// unanswered.
fn version(words: &[String]) -> u8 {
    let mut printer = plain_printer(words);
    let told = printer.artefact(&format!("licctl {VERSION}\n"));
    match told.and_then(|()| printer.finish()) {
        Ok(()) => 0,
        Err(stop) => failed(&mut printer, &stop, words),
    }
}

/// What the words mean when options of a command stand in front of its noun or verb, as in `kms --machine kms1 service show`: who
/// acts, and on what, is often said first. `None` when nothing stands there, or the command does not know it.
fn rearranged(words: &[String]) -> Option<ArgMatches> {
    let root = root();
    let all: Vec<OsString> = std::env::args_os().collect();
    orders(words, &root).into_iter().find_map(|order| {
        let words = order.iter().filter_map(|at| all.get(*at));
        command().try_get_matches_from(words).ok()
    })
}

/// Orders of the words of a domain's command in which its first options stand behind its noun, or behind its verb.
fn orders(words: &[String], root: &Command) -> Vec<Vec<usize>> {
    let named = |word: &String| apis::find(word).is_some();
    let Some(domain) = words.iter().position(named) else { return Vec::new() };
    // Of every command; whether a value follows it.
    let common = |option: &str| {
        let mut known = root.get_arguments();
        let known = known.find(|known| {
            let long = known.get_long().is_some_and(|long| option.strip_prefix("--") == Some(long));
            let short = known.get_short().map(String::from);
            long || short.is_some_and(|short| option.strip_prefix('-') == Some(short.as_str()))
        });
        known.map(|known| known.get_action().takes_values())
    };
    let (mut moved, mut plain, mut at) = (Vec::new(), Vec::new(), domain + 1);
    while let Some(word) = words.get(at).filter(|word| *word != "--" && plain.len() < 2) {
        let (name, value) =
            word.split_once('=').map_or((word.as_str(), false), |(name, _)| (name, true));
        let width = match (word.starts_with('-'), common(name)) {
            (false, _) => {
                plain.push(at);
                1
            }
            (true, Some(valued)) => 1 + usize::from(valued && !value),
            (true, None) => {
                let width = if value { 1 } else { 2 };
                moved.extend(at..at + width);
                width
            }
        };
        at += width;
    }
    let behind = |place: usize| {
        let front = (0..=place).filter(|at| !moved.contains(at));
        let rest = (place + 1..words.len()).filter(|at| !moved.contains(at));
        front.chain(moved.iter().copied()).chain(rest).collect()
    };
    if moved.is_empty() { Vec::new() } else { plain.into_iter().map(behind).collect() }
}

fn run(matches: &ArgMatches, words: &[String]) -> u8 {
    let globals = match Globals::from_arg_matches(matches) {
        Ok(globals) => globals,
        Err(error) => return unparsed(&error, words),
    };
    let session = Session::new(&globals, words.get(1..).unwrap_or_default());
    let session = session.or_else(|stop| match matches.subcommand_name() {
        Some(name) if estate::is_settled(name) => Err(stop),
        _ => Session::known(&globals, words.get(1..).unwrap_or_default()),
    });
    let session = match session {
        Ok(session) => session,
        Err(stop) => return failed(&mut plain_printer(words), &stop, words),
    };
    // The system takes the store's memory and files back faster than the engine does; what was written is committed by now.
    let mut session = ManuallyDrop::new(session);
    let mut warned = false;
    for (word, shown) in words.iter().zip(hidden(words)) {
        if shown != *word {
            session.printer.mask(word, shown);
            // However many keys there are, what is to be said of them is one thing.
            if std::mem::replace(&mut warned, true) {
                continue;
            }
            let message = "a key on the command line can be seen by other users and stays in the shell's history; a file or the standard input keeps it";
            session.printer.warn(Warning::new("secret-argument", message));
        }
    }
    let answer = dispatch(matches, &mut session);
    let answer = answer.and_then(|verdict| session.printer.finish().map(|()| verdict));
    match answer {
        Ok(verdict) => verdict.status(),
        Err(stop) => failed(&mut session.printer, &stop, words),
    }
}

fn dispatch(matches: &ArgMatches, session: &mut Session) -> Outcome<Verdict> {
    if matches.get_flag("version") {
        return manual::version(session);
    }
    let Some((name, inner)) = matches.subcommand() else {
        let help = command().render_help().to_string();
        session.printer.artefact(&help)?;
        return Err(Usage::new("no command was given").hinted("`licctl --help` lists them").into());
    };
    match apis::find(name) {
        Some(api) => (api.run)(inner, session),
        None => estate::run(name, inner, session),
    }
}

/// A reader that went away (`licctl … | head`) is no failure.
fn failed(printer: &mut Printer, stop: &Stop, words: &[String]) -> u8 {
    if let Stop::Fault(error) = stop {
        let gone = error.chain().any(|cause| {
            cause
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
        });
        if gone {
            return 0;
        }
    }
    let status = unknown(printer, &nagios::reason(stop), words);
    printer.fail(stop);
    status.unwrap_or(stop.status())
}

/// Monitoring reads the standard output, and takes our own statuses for its own: told the reason there, it calls the check
/// unknown. `None` when the command is not for monitoring.
fn unknown(printer: &mut Printer, why: &str, words: &[String]) -> Option<u8> {
    nagios::wanted(words).then(|| {
        let _ = printer.artefact(&nagios::unknown(&masked(why, words)));
        let _ = printer.finish();
        nagios::UNKNOWN
    })
}

/// A message may quote what it did not expect, which may be a key.
fn masked(text: &str, words: &[String]) -> String {
    let words = words.iter().zip(hidden(words));
    words.fold(text.to_owned(), |text, (word, shown)| text.replace(word.as_str(), &shown))
}

/// Help goes to the standard output; a wrong command line is told in the form that it asked for.
fn unparsed(error: &clap::Error, words: &[String]) -> u8 {
    let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let mut printer = plain_printer(words);
    if help || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return match error.print() {
            Ok(()) if help => 0,
            Ok(()) => 2,
            Err(broken) => {
                let fault = anyhow::Error::new(broken).context("writing the help");
                failed(&mut printer, &Stop::Fault(fault), words)
            }
        };
    }
    let text = masked(&error.render().to_string(), words);
    let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let status = unknown(&mut printer, first, words);
    if printer.format == Format::Table {
        printer.note(text.trim_end());
        return status.unwrap_or(2);
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let message = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let hint = lines.filter(|line| line.starts_with("tip:")).collect::<Vec<_>>().join("; ");
    let usage = Usage { message, hint: (!hint.is_empty()).then_some(hint) };
    printer.fail(&Stop::Usage(usage));
    status.unwrap_or(2)
}

/// A printer for errors before there is a session: the form is read from the words themselves.
fn plain_printer(words: &[String]) -> Printer {
    let mut format = Format::Table;
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).map(String::as_str);
        let value = match word.as_str() {
            "-o" | "--output" => next,
            _ => word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o")),
        };
        match value {
            Some("json") => format = Format::Json,
            Some("jsonl") => format = Format::Jsonl,
            _ => {}
        }
    }
    let look = Look {
        now: Timestamp::MIN,
        zone: None,
        width: None,
        color: false,
        terminal: false,
        talk: Talk::Normal,
        progress: false,
        secrets: false,
        pager: None,
    };
    Printer::new(format, look, None)
}

#[cfg(test)]
mod tests {
    use super::{command, orders, path, root};
    use crate::session::Globals;
    use clap::{Args as _, Command, FromArgMatches as _};

    fn ordered(line: &str) -> Vec<String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let told = |order: Vec<usize>| {
            order.iter().map(|at| words[*at].as_str()).collect::<Vec<_>>().join(" ")
        };
        orders(&words, &root()).into_iter().map(told).collect()
    }

    #[test]
    fn options_in_front_of_a_noun_are_those_of_its_verb() {
        assert_eq!(
            ordered("licctl -q kms --caller standard-user -o json host set-interval --renewal 60"),
            [
                "licctl -q kms -o json host --caller standard-user set-interval --renewal 60",
                "licctl -q kms -o json host set-interval --caller standard-user --renewal 60",
            ]
        );
        assert_eq!(
            ordered("licctl kms --machine=host --dry-run threshold"),
            ["licctl kms --dry-run threshold --machine=host"]
        );
        assert_eq!(
            ordered("licctl kms --machine host slmgr /sai 60"),
            ["licctl kms slmgr --machine host /sai 60", "licctl kms slmgr /sai --machine host 60"]
        );
        let none: [&str; 0] = [];
        assert_eq!(ordered("licctl kms --now 2026-03-31T00:00:00Z host cache list"), none);
        assert_eq!(ordered("licctl import --skip-bad x"), none);
        assert_eq!(ordered("licctl kms --machine"), none);
    }

    /// What all commands share, as a tree reads it from a line; `None` when it refuses the line.
    fn shared(tree: Command, words: &[String]) -> Option<String> {
        let matches = tree.try_get_matches_from(words).ok()?;
        Some(format!("{:?}", Globals::from_arg_matches(&matches).ok()?))
    }

    #[test]
    fn what_all_commands_share_is_read_wherever_it_stands() {
        let options = Globals::augment_args(Command::new("none"));
        let values = |name: &str| match name {
            "output" => "json",
            "color" => "never",
            "seed" => "7",
            _ => "value",
        };
        let mut given = 0;
        for option in options.get_arguments() {
            let long = format!("--{}", option.get_long().unwrap());
            let value = values(option.get_id().as_str()).to_owned();
            let valued = option.get_action().takes_values();
            let mut spellings = vec![
                vec![long.clone()],
                option.get_short().map_or_else(Vec::new, |short| vec![format!("-{short}")]),
            ];
            if valued {
                spellings
                    .iter_mut()
                    .filter(|words| !words.is_empty())
                    .for_each(|words| words.push(value.clone()));
                spellings.push(vec![format!("{long}={value}")]);
            }
            for spelling in spellings {
                for place in 1..=4 {
                    let mut words = ["licctl", "kms", "client", "list"].map(str::to_owned).to_vec();
                    words.splice(place..place, spelling.iter().cloned());
                    let whole = shared(command(), &words);
                    assert!(whole.is_some() && whole == shared(path(&words), &words), "{words:?}");
                    given += 1;
                }
            }
        }
        assert!(given > 100, "{given}");
    }

    #[test]
    fn options_that_exclude_each_other_do_so_in_any_place() {
        for line in [
            "licctl -q kms status -v",
            "licctl kms -v status -q",
            "licctl kms status -qv",
            "licctl -v -q status",
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert_eq!(shared(path(&words), &words), None, "{line}");
        }
        let words = ["licctl", "kms", "client", "list", "-qoname"].map(str::to_owned);
        assert_eq!(shared(path(&words), &words), shared(command(), &words));
    }
}
