//! Man pages, completions, help topics, the version: made from the rows and the command tree.

use crate::api::Api;
use crate::apis;
use crate::catalog::{Direction, Evidence, Kind, Source};
use crate::cli::{self, VERSION};
use crate::error::{Outcome, Stop, Verdict};
use crate::output::{Cell, Column, Fit, Look, View, column};
use crate::session::Session;
use crate::store::sqlite;
use anyhow::{Context, anyhow};
use clap::Command;
use clap_complete::Shell;
use clap_complete::env::Shells;
use clap_mangen::roff::{Roff, bold, italic, roman};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

/// The topics of `licctl help`.
pub static TOPICS: &[(&str, &str)] = &[
    ("exit-status", include_str!("topics/exit-status.txt")),
    ("formats", include_str!("topics/formats.txt")),
    ("filter", include_str!("topics/filter.txt")),
    ("declaring", include_str!("topics/declaring.txt")),
    ("environment", include_str!("topics/environment.txt")),
];

/// The text of a topic.
#[must_use]
pub fn topic(name: &str) -> Option<&'static str> {
    TOPICS.iter().find(|(topic, _)| *topic == name).map(|(_, text)| *text)
}

/// What this build is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct VersionView {
    version: &'static str,
    /// The commit it was built from; null when it was not built from a checkout.
    commit: Option<&'static str>,
    sqlite: &'static str,
}

impl View for VersionView {
    const SCHEMA: &'static str = "licctl.version/1";
    const COLUMNS: &'static [Column] =
        &[column("VERSION", "version", Fit::Keep), column("SQLITE", "sqlite", Fit::Keep)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.version.into(), self.sqlite.into()]
    }

    fn name(&self) -> String {
        self.version.to_owned()
    }
}

pub(crate) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(VersionView::SCHEMA, schema_for!(VersionView))]
}

/// `licctl --version`.
pub(crate) fn version(session: &mut Session) -> Outcome<Verdict> {
    let commit = option_env!("LICCTL_COMMIT");
    let view = VersionView { version: VERSION, commit, sqlite: sqlite::version() };
    session.tell(&view, &format!("licctl {VERSION}"))?;
    Ok(Verdict::Yes)
}

/// The scripts of shells that insert what they are answered, or that give their words with the quotes: those of the library do not
/// quote what a stored name may hold.
static SCRIPTS: &[(Shell, &str)] = &[
    (Shell::Bash, include_str!("shells/licctl.bash")),
    (Shell::Zsh, include_str!("shells/_licctl")),
    (Shell::Fish, include_str!("shells/licctl.fish")),
];

/// The script that registers licctl with a shell: it asks the program itself at TAB, so that stored names complete too.
pub fn completion(shell: Shell) -> Outcome<String> {
    if let Some((_, script)) = SCRIPTS.iter().find(|(known, _)| *known == shell) {
        return Ok((*script).to_owned());
    }
    let name = shell.to_string();
    let shells = Shells::builtins();
    let completer =
        shells.completer(&name).ok_or_else(|| Stop::bug(&format!("no completion for {name}")))?;
    let mut script = Vec::new();
    completer
        .write_registration("COMPLETE", "licctl", "licctl", "licctl", &mut script)
        .context("writing the completion script")?;
    String::from_utf8(script).map_err(|_| Stop::bug("a completion script is not UTF-8"))
}

/// Where a fact comes from, for people.
#[must_use]
pub fn source(source: &Source) -> String {
    let Source { document, place, evidence } = source;
    match evidence {
        Evidence::Stated => format!("{}, {place}", document.title),
        Evidence::Observed => format!("observed: {place} ({})", document.title),
        Evidence::Assumed => format!("assumed, {} is silent: {place}", document.title),
    }
}

/// Every man page: file name and text.
///
/// Faults when the prose of a domain names something in backticks-and-capitals that no row has.
pub fn pages() -> Outcome<Vec<(String, String)>> {
    let mut whole = cli::command();
    whole.build();
    let mut pages = vec![("licctl.1".to_owned(), main_page(&whole)?)];
    for api in apis::APIS {
        let Some(command) = whole.find_subcommand(api.name) else {
            continue;
        };
        pages.push((format!("licctl-{}.1", api.name), api_page(api, command)?));
    }
    Ok(pages)
}

/// The examples that help and the man pages show, each a line of a shell, command by command.
#[must_use]
pub fn examples() -> Vec<String> {
    let (mut whole, mut found) = (cli::command(), Vec::new());
    whole.build();
    gather_examples(&whole, &mut found);
    found
}

fn gather_examples(command: &Command, found: &mut Vec<String>) {
    found.extend(examples_of(command));
    for below in command.get_subcommands() {
        gather_examples(below, found);
    }
}

fn examples_of(command: &Command) -> Vec<String> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let lines = text.lines().skip_while(|line| !line.starts_with("Example")).skip(1);
    lines.map_while(|line| line.strip_prefix("  ")).map(str::to_owned).collect()
}

fn rendered(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Outcome<String> {
    let mut text = Vec::new();
    write(&mut text).context("making a man page")?;
    String::from_utf8(text).map_err(|_| Stop::bug("a man page is not UTF-8"))
}

fn title(name: &str) -> Roff {
    let mut page = Roff::new();
    page.control("TH", [name, "1", "", &format!("licctl {VERSION}"), "licctl"]);
    page
}

fn main_page(whole: &Command) -> Outcome<String> {
    let man = clap_mangen::Man::new(whole.clone());
    let mut page = title("licctl");
    page.control("SH", ["NAME"]).text([roman("licctl - one command for five licensing systems")]);
    let body = rendered(|out| {
        man.render_synopsis_section(out)?;
        man.render_description_section(out)?;
        man.render_options_section(out)
    })?;
    let mut commands = Roff::new();
    commands.control("SH", ["COMMANDS"]);
    for api in apis::APIS {
        entry(
            &mut commands,
            &format!("licctl {}", api.name),
            &format!("{}; see licctl-{}(1).", api.title, api.name),
        );
    }
    let own = whole
        .get_subcommands()
        .filter(|command| apis::find(command.get_name()).is_none() && !command.is_hide_set());
    for command in own {
        leaves(&mut commands, command, "licctl");
    }
    for (name, text) in TOPICS {
        commands.control("SH", [name.to_uppercase().replace('-', " ").as_str()]);
        preformatted(&mut commands, text);
    }
    Ok(format!("{}{body}{}", page.render(), commands.to_roff()))
}

fn entry(page: &mut Roff, head: &str, text: &str) {
    page.control("TP", []).text([bold(head)]).text([roman(text)]);
}

fn preformatted(page: &mut Roff, text: &str) {
    page.control("nf", []);
    for line in text.lines() {
        page.text([roman(line)]);
    }
    page.control("fi", []);
}

/// The commands at the ends of a tree, with their options.
fn leaves(page: &mut Roff, command: &Command, path: &str) {
    let path = format!("{path} {}", command.get_name());
    let inner: Vec<&Command> =
        command.get_subcommands().filter(|command| !command.is_hide_set()).collect();
    if inner.is_empty()
        || command
            .get_arguments()
            .any(|argument| !argument.is_global_set() && argument.get_id() != "help")
    {
        leaf(page, command, &path);
    }
    for command in inner {
        leaves(page, command, &path);
    }
}

fn leaf(page: &mut Roff, command: &Command, path: &str) {
    let own: Vec<&clap::Arg> = command
        .get_arguments()
        .filter(|argument| {
            !argument.is_global_set() && !argument.is_hide_set() && argument.get_id() != "help"
        })
        .filter(|argument| argument.get_help_heading() != Some("List options"))
        .collect();
    let lists =
        command.get_arguments().any(|argument| argument.get_help_heading() == Some("List options"));
    let operands = own
        .iter()
        .filter(|argument| argument.is_positional())
        .map(|argument| format!(" {argument}"))
        .collect::<String>();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let stop = if about.ends_with('?') { "" } else { "." };
    let more = if lists { " Takes the list options." } else { "" };
    page.control("TP", [])
        .text([bold(format!("{path}{operands}"))])
        .text([roman(format!("{about}{stop}{more}"))]);
    if own.iter().any(|argument| !argument.is_positional()) {
        page.control("RS", []);
        for argument in own.iter().filter(|argument| !argument.is_positional()) {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            page.control("TP", []).text([italic(argument.to_string())]).text([roman(help)]);
        }
        page.control("RE", []);
    }
    let examples = examples_of(command);
    if !examples.is_empty() {
        page.control("RS", []).control("sp", []);
        preformatted(page, &examples.join("\n"));
        page.control("RE", []);
    }
}

fn api_page(api: &Api, command: &Command) -> Outcome<String> {
    let name = format!("licctl-{}", api.name);
    let mut page = title(&name);
    page.control("SH", ["NAME"]).text([roman(format!("{name} - {}", api.title))]);
    prose(&mut page, api)?;
    page.control("SH", ["COMMANDS"]);
    for inner in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        leaves(&mut page, inner, &format!("licctl {}", api.name));
    }
    fields(&mut page, api);
    methods(&mut page, api);
    codes(&mut page, api);
    page.control("SH", ["EXIT STATUS"]);
    preformatted(&mut page, topic("exit-status").unwrap_or_default());
    page.control("SH", ["DOCUMENTS"]);
    for document in api.catalog.documents {
        let edition = if document.edition.is_empty() {
            String::new()
        } else {
            format!(" {}", document.edition)
        };
        entry(&mut page, document.id, &format!("{}.{edition}", document.title));
    }
    Ok(page.render())
}

/// The prose by hand; `## TITLE` opens a section, a blank line a paragraph.
fn prose(page: &mut Roff, api: &Api) -> Outcome<()> {
    for line in api.manual.lines() {
        match line.strip_prefix("## ") {
            Some(head) => page.control("SH", [head]),
            None if line.is_empty() => page.control("PP", []),
            None => page.text([roman(line)]),
        };
    }
    for word in api.manual.split('`').skip(1).step_by(2) {
        let names_a_row = word.starts_with(|letter: char| letter.is_ascii_uppercase())
            && word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if names_a_row && !has_row(api, word) {
            return Err(Stop::Fault(anyhow!(
                "the prose of {} names `{word}`, which no row has",
                api.name
            )));
        }
    }
    Ok(())
}

fn has_row(api: &Api, word: &str) -> bool {
    let class_or_method = |name: &str| name.split('.').any(|part| part == word);
    api.catalog.fields().any(|field| field.name == word)
        || api.catalog.codes().any(|code| code.symbol == word)
        || api.catalog.methods().any(|method| {
            class_or_method(method.name)
                || method.parameters.iter().any(|parameter| parameter.name == word)
        })
}

fn fields(page: &mut Roff, api: &Api) {
    page.control("SH", ["PROPERTIES"]);
    for field in api.catalog.fields() {
        let unit = field.unit.to_string();
        let unit = if unit.is_empty() { String::new() } else { format!(", {unit}") };
        let text =
            format!("{} ({}{unit}; {})", field.doc, kind(&field.kind), source(&field.source));
        entry(page, field.name, &text);
    }
}

/// A kind of value in a few words.
fn kind(kind: &Kind) -> String {
    match kind {
        Kind::U32 { min: 0, max: u32::MAX } => "uint32".to_owned(),
        Kind::U32 { min, max } => format!("uint32, {min} to {max}"),
        Kind::Sentinel => "uint32, 4294967295 for -1".to_owned(),
        Kind::Enumeration(values) => values
            .iter()
            .map(|named| format!("{} {}", named.value, named.name))
            .collect::<Vec<_>>()
            .join(", "),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Text { .. } => "string".to_owned(),
        Kind::Guid => "GUID".to_owned(),
        Kind::Datetime => "datetime".to_owned(),
        Kind::Secret(_) => "string, never shown in full".to_owned(),
    }
}

fn methods(page: &mut Roff, api: &Api) {
    page.control("SH", ["METHODS"]);
    for method in api.catalog.methods() {
        let parameters = method.parameters.iter().map(|parameter| {
            let out = if parameter.direction == Direction::Out { "out " } else { "" };
            format!("{out}{} {}", kind(&parameter.kind), parameter.name)
        });
        let parameters = parameters.collect::<Vec<_>>().join("; ");
        let refuses = method.refuses.iter().map(|code| code.symbol).collect::<Vec<_>>().join(", ");
        let refuses =
            if refuses.is_empty() { String::new() } else { format!(" Refuses with {refuses}.") };
        let text = format!(
            "{}. Command: licctl {}.{refuses} ({})",
            method.summary,
            method.command,
            source(&method.source)
        );
        entry(page, &format!("{}({parameters})", method.name), &text);
    }
}

/// The codes that a method refuses with; `licctl explain` knows the rest.
fn codes(page: &mut Roff, api: &Api) {
    page.control("SH", ["CODES"]);
    let mut seen: Vec<&str> = Vec::new();
    for code in api.catalog.methods().flat_map(|method| method.refuses.iter()) {
        if seen.contains(&code.symbol) {
            continue;
        }
        seen.push(code.symbol);
        let remedy = if code.remedy.is_empty() {
            String::new()
        } else {
            format!(" Remedy: {}.", code.remedy)
        };
        entry(
            page,
            &format!("{} {}", code.native, code.symbol),
            &format!("{}.{remedy}", code.meaning),
        );
    }
    let count = api.catalog.codes().count();
    page.control("PP", [])
        .text([roman(format!("licctl explain knows {count} codes of this domain."))]);
}
