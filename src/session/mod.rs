//! What a command works with: the store, the clock, the chance, the printer, put together from the settings.

mod masking;
mod offer;
mod settings;

pub use masking::hidden;
pub use offer::{OFFERED, offer, offer_instances, peek};
pub use settings::{INSTANCE, Resolved, accepts, step_summary, strange_variables, variable};

use crate::api::{Api, Instance};
use crate::apis;
use crate::clock::Timestamp;
use crate::config::{Files, Origin};
use crate::error::{Outcome, Stop, Usage, Warning};
use crate::output::{
    Color, Format, ListOptions, Look, Printer, Progress, Sink, Talk, View, console_size, nearest,
};
use crate::store::{Change, Intent, Read, Store, Tx, named};
use anyhow::anyhow;
use jiff::tz::TimeZone;
use masking::masked;
use settings::{
    Settings, environment, flag, instant, named_file, number, own_pager, parsed, word, zone,
};
use std::io::IsTerminal;
use std::path::PathBuf;

/// The global options, as the parser read them.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Globals {
    /// The store file
    #[arg(long, global = true, value_name = "PATH", value_hint = clap::ValueHint::FilePath)]
    pub store: Option<PathBuf>,
    /// The form of the answer
    #[arg(short, long, global = true, value_name = "FORM")]
    pub output: Option<Format>,
    /// Run a jq program over the JSON answer
    #[arg(long, global = true, value_name = "EXPR")]
    pub jq: Option<String>,
    /// The clock of the command
    #[arg(long, global = true, value_name = "RFC3339", hide_short_help = true)]
    pub now: Option<String>,
    /// The chance of the command
    #[arg(long, global = true, value_name = "N", hide_short_help = true)]
    pub seed: Option<u64>,
    /// Do everything but store it
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Show keys and licence numbers in full
    #[arg(long, global = true, hide_short_help = true)]
    pub show_secrets: bool,
    /// The zone of times in tables, and of local times that are read
    #[arg(long, global = true, value_name = "ZONE", hide_short_help = true)]
    pub tz: Option<String>,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", hide_short_help = true)]
    pub color: Option<Color>,
    /// Say nothing but the answer
    #[arg(short, long, global = true, hide_short_help = true)]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true, hide_short_help = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Show no progress bars
    #[arg(long, global = true, hide_short_help = true)]
    pub no_progress: bool,
    /// Show long tables without a pager
    #[arg(long, global = true, hide_short_help = true)]
    pub no_pager: bool,
    /// Read settings from this file alone
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true, value_hint = clap::ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

/// What a command works with.
pub struct Session {
    pub printer: Printer,
    pub now: Timestamp,
    /// Seed of everything that is drawn by chance.
    pub seed: u64,
    /// The zone for reading local times, when one was given.
    pub zone: Option<TimeZone>,
    pub settings: Vec<Resolved>,
    /// Where `config get|set` look.
    pub config: Option<PathBuf>,
    /// What of the settings could not be read and is passed over.
    pub broken: Vec<Stop>,
    store: Store,
    intent: Intent,
    /// The command line, secrets masked.
    command: String,
}

impl Session {
    /// Puts the session together; nothing is opened yet. `words` is the command line.
    ///
    /// Usage error or fault when a file or a variable sets what cannot be read, and names it.
    pub fn new(globals: &Globals, words: &[String]) -> Outcome<Self> {
        let named = globals.config.clone().or_else(named_file);
        let settings = Settings::read(named.as_deref())?;
        Self::of(globals, words, named, settings)
    }

    /// As [`Session::new`], for commands that can do with what is known of the settings: what cannot be read stands in `broken`.
    ///
    /// Usage error when a flag cannot be read.
    pub fn known(globals: &Globals, words: &[String]) -> Outcome<Self> {
        let named = globals.config.clone().or_else(named_file);
        let settings = Settings::known(named.as_deref());
        Self::of(globals, words, named, settings)
    }

    fn of(
        globals: &Globals,
        words: &[String],
        named: Option<PathBuf>,
        mut settings: Settings,
    ) -> Outcome<Self> {
        let path = |path: &PathBuf| path.display().to_string();
        let store = settings.value("store", globals.store.as_ref().map(path), Ok)?;
        let format =
            settings.value("output", word(globals.output), |text| parsed("output", text))?;
        let now = settings.value("now", globals.now.clone(), instant)?;
        let seed = settings.value("seed", globals.seed.map(|seed| seed.to_string()), number)?;
        let secrets = globals.show_secrets.then(|| "true".to_owned());
        let secrets = settings.value("show-secrets", secrets, |text| {
            flag("show-secrets", text.as_deref()).map(Some)
        })?;
        let color = settings.value("color", word(globals.color), |text| parsed("color", text))?;
        let zone = settings.value("tz", globals.tz.clone(), zone)?;
        let pager = settings.value("pager", None, Ok)?;
        let now = now.unwrap_or_else(Timestamp::system);
        let look = look(
            globals,
            Chosen {
                now,
                secrets: secrets.unwrap_or(false),
                color: color.unwrap_or_default(),
                zone: zone.clone(),
                pager,
            },
        );
        let mut printer = Printer::new(format.unwrap_or_default(), look, globals.jq.clone());
        let intent = if globals.dry_run { Intent::Rehearse } else { Intent::Store };
        if globals.dry_run {
            printer.rehearse();
        }
        Ok(Self {
            printer,
            now,
            seed: seed.unwrap_or_else(|| now.ms().unsigned_abs()),
            zone,
            broken: settings.passed(),
            settings: settings.resolved,
            config: named,
            store: open_store(store.as_deref())?,
            intent,
            command: masked(words),
        })
    }

    /// The value of an instance flag: the flag, else its environment variable or configuration key.
    pub fn instance_setting(&self, api: &Api, given: Option<&str>) -> Outcome<Option<String>> {
        if let Some(name) = given {
            return Ok(Some(name.to_owned()));
        }
        if let Some(name) = environment(api.instance.environment) {
            return Ok(Some(name));
        }
        let files = Files::read(self.config.as_deref())?;
        let key = format!("{}.{}", api.name, api.instance.flag);
        files.text(&key)
    }

    /// The instance that a command means, as it was first written: the one of the flag, the environment or the configuration; without
    /// any the only one.
    ///
    /// Usage error when there is none of that name, or several and none is named.
    pub fn instance(&mut self, api: &Api, given: Option<&str>) -> Outcome<String> {
        let given = self.instance_setting(api, given)?;
        self.read(|read, _| {
            let table = api.instance.table;
            // The usual cases read one row or two, however many instances there are.
            let found = match &given {
                Some(name) => named::find(read, table, name)?,
                None => match named::from(read, table, "", 2)?.as_slice() {
                    [only] => Some(only.clone()),
                    _ => None,
                },
            };
            match found {
                Some(found) => Ok(found),
                None => {
                    Err(undecided(&api.instance, given.as_deref(), &named::all(read, table)?)
                        .into())
                }
            }
        })
    }

    /// Every setting in force: those of all commands, and the instance that each domain means when none is named. What cannot be
    /// read is added to `broken`.
    pub fn all_settings(&mut self) -> Vec<Resolved> {
        let (files, _) = Files::known(self.config.as_deref());
        let mut all = self.settings.clone();
        for api in apis::APIS {
            let key = format!("{}.{}", api.name, api.instance.flag);
            let from_environment = environment(api.instance.environment)
                .map(|value| (value, Origin::Environment(api.instance.environment)));
            let found = from_environment.or_else(|| {
                let found = files.origin(&key);
                found.unwrap_or_else(|stop| {
                    self.broken.push(stop);
                    None
                })
            });
            let (value, origin) =
                found.unwrap_or_else(|| ("the only one".to_owned(), Origin::Default));
            all.push(Resolved { key, value, origin, doc: INSTANCE });
        }
        all
    }

    /// Reads one moment of the store.
    pub fn read<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Read, Timestamp) -> Outcome<T>,
    ) -> Outcome<T> {
        let now = self.now;
        self.store.read(|read| work(read, now))
    }

    /// Makes one change; with `--dry-run` the same work, and nothing is stored.
    pub fn write<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Tx, Timestamp) -> Outcome<T>,
    ) -> Outcome<T> {
        let (change, now) = (self.change(), self.now);
        self.store.write(&change, |tx| work(tx, now)).map(|(answer, _)| answer)
    }

    /// Makes one change of many rows; the number of its entry in the history comes with the answer.
    pub fn import<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Tx) -> Outcome<T>,
    ) -> Outcome<(T, Option<i64>)> {
        let change = self.change();
        self.store.import(&change, work)
    }

    /// Streams a list from one moment of the store to the screen.
    pub fn list<V: View>(
        &mut self,
        options: &ListOptions,
        fill: impl FnOnce(&mut dyn Read, Timestamp, &mut Sink<'_>) -> Outcome<()>,
    ) -> Outcome<()> {
        let Self { printer, store, now, .. } = self;
        // A wrong option is told before anything is opened.
        printer.accepts::<V>(options)?;
        store.read(|read| printer.list::<V>(options, |sink| fill(read, *now, sink)))
    }

    /// Whether anything was stored yet.
    #[must_use]
    pub fn has_store(&self) -> bool {
        self.store.path().is_none_or(std::path::Path::exists)
    }

    /// Makes one change whose answer is a list, and streams it to the screen.
    pub fn write_list<V: View>(
        &mut self,
        options: &ListOptions,
        fill: impl FnOnce(&mut dyn Tx, &mut Sink<'_>) -> Outcome<()>,
    ) -> Outcome<()> {
        let change = self.change();
        let Self { printer, store, .. } = self;
        printer.accepts::<V>(options)?;
        printer
            .list::<V>(options, |sink| store.write(&change, |tx| fill(tx, sink)).map(|((), _)| ()))
    }

    /// The store itself, for its own commands, beside the printer.
    pub fn store(&mut self) -> (&mut Store, &mut Printer) {
        (&mut self.store, &mut self.printer)
    }

    /// Works on the store at `path` from now on.
    pub fn use_store(&mut self, path: PathBuf) {
        self.store = Store::at(path, false, apis::tables());
    }

    /// Works on a store in memory from now on.
    pub fn use_scratch(&mut self) {
        self.store = Store::scratch(apis::tables());
    }

    /// Runs `work` as a command that stores, whatever was asked for: on a copy, which is gone with the process.
    pub fn storing<T>(&mut self, work: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        let intent = std::mem::replace(&mut self.intent, Intent::Store);
        let answer = work(self);
        self.intent = intent;
        answer
    }

    /// The change that this command makes, for the history.
    #[must_use]
    pub fn change(&self) -> Change {
        Change { command: self.command.clone(), now: self.now, intent: self.intent }
    }

    /// Shows a word of the command line as `shown` in the history and in errors: what only its domain can tell to be a secret.
    ///
    /// A word of less than five letters is none, and would be found within others.
    pub fn conceal(&mut self, word: &str, shown: &str) {
        if word.chars().count() >= 5 && word != shown {
            self.command = self.command.replace(word, shown);
            self.printer.mask(word, shown.to_owned());
        }
    }

    /// Whether nothing is to be stored.
    #[must_use]
    pub fn rehearses(&self) -> bool {
        self.intent == Intent::Rehearse
    }

    pub fn show<V: View>(&mut self, view: &V) -> Outcome<()> {
        self.printer.show(view)
    }

    /// A sentence for people, the object for machines.
    pub fn tell<V: View>(&mut self, view: &V, sentence: &str) -> Outcome<()> {
        self.printer.tell(view, sentence)
    }

    pub fn warn(&mut self, warning: Warning) {
        self.printer.warn(warning);
    }

    pub fn warn_all(&mut self, warnings: Vec<Warning>) {
        for warning in warnings {
            self.warn(warning);
        }
    }

    #[must_use]
    pub fn progress(&self, total: u64, doing: &str) -> Progress {
        self.printer.progress(total, doing)
    }

    /// Asks before something that `undo` cannot take back; `yes` is the flag that answers.
    ///
    /// Usage error without a terminal and without the flag.
    pub fn confirm(&mut self, what: &str, yes: bool) -> Outcome<()> {
        if yes || self.rehearses() {
            return Ok(());
        }
        let refuse =
            |message: String| Err(Usage::new(message).hinted("give `--yes` to do it").into());
        if !std::io::stdin().is_terminal() {
            return refuse(format!("{what} cannot be undone, and there is no terminal to ask"));
        }
        self.printer.note(&format!("{what} cannot be undone. Go on? [y/N]"));
        let mut answer = String::new();
        std::io::stdin()
            .read_line(&mut answer)
            .map_err(|error| Stop::Fault(anyhow!(error).context("reading the answer")))?;
        if matches!(answer.trim(), "y" | "Y" | "yes") {
            Ok(())
        } else {
            refuse("not done".to_owned())
        }
    }
}

/// What is wrong with a command that means no instance.
fn undecided(instance: &Instance, given: Option<&str>, names: &[String]) -> Usage {
    let flag = instance.flag;
    match (given, names) {
        (Some(given), _) => {
            let near = nearest(given, names);
            let hint = match (near.is_empty(), names.is_empty()) {
                (false, _) => format!("did you mean {}?", near.join(", ")),
                (true, true) => format!("there is no {flag} in the store yet"),
                (true, false) => format!("there is {}", listed(names)),
            };
            Usage::new(format!("there is no {flag} `{given}`")).hinted(hint)
        }
        (None, []) => Usage::new(format!("there is no {flag} in the store"))
            .hinted("`licctl import PATH` brings some in, `add` makes one"),
        (None, several) => {
            Usage::new(format!("the store has {} {flag}s; which one?", several.len()))
                .hinted(format!("give `--{flag} NAME`: {}", listed(several)))
        }
    }
}

fn listed(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(12).map(String::as_str).collect();
    let more = names.len() - shown.len();
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// What the look is made of.
struct Chosen {
    now: Timestamp,
    secrets: bool,
    color: Color,
    zone: Option<TimeZone>,
    pager: Option<String>,
}

fn look(globals: &Globals, chosen: Chosen) -> Look {
    let terminal = std::io::stdout().is_terminal();
    let dumb = environment("TERM").is_some_and(|term| term == "dumb");
    let set = |name: &str| environment(name).is_some_and(|value| value != "0");
    let color = match chosen.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if environment("NO_COLOR").is_some() => false,
        Color::Auto => set("CLICOLOR_FORCE") || set("FORCE_COLOR") || (terminal && !dumb),
    };
    let width = environment("COLUMNS")
        .and_then(|columns| columns.parse().ok())
        .or_else(|| console_size().map(|(_, columns)| columns).filter(|_| terminal));
    let pager = (!globals.no_pager && terminal && !dumb)
        .then(|| chosen.pager.or_else(own_pager).unwrap_or_else(|| "less".to_owned()))
        .filter(|pager| !pager.is_empty());
    let zone = chosen.zone.or_else(|| terminal.then(TimeZone::system));
    let talk = match (globals.quiet, globals.verbose) {
        (true, _) => Talk::Quiet,
        (_, true) => Talk::Verbose,
        _ => Talk::Normal,
    };
    Look {
        now: chosen.now,
        zone,
        width,
        color,
        terminal,
        talk,
        progress: !globals.no_progress,
        secrets: chosen.secrets,
        pager,
    }
}

fn open_store(named: Option<&str>) -> Outcome<Store> {
    let is_named = named.is_some();
    let path = match named {
        Some(path) => PathBuf::from(path),
        None => dirs::data_dir().map(|folder| folder.join("licctl").join("store.db")).ok_or_else(
            || Stop::Fault(anyhow!("this system has no data directory; give `--store PATH`")),
        )?,
    };
    Ok(Store::at(path, is_named, apis::tables()))
}
