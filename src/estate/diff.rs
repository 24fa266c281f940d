//! `licctl diff`: two moments of the estate, compared object by object.
//!
//! A moment is a snapshot, how the store is now, or a file: how the store would be after it was imported. Files are imported into a
//! copy, so that the store itself is only read.

use super::import::{self, Options};
use super::snapshot::{self, kind, offer_names};
use super::{Scope, changes};
use crate::api::{Api, Hints};
use crate::apis;
use crate::error::{Outcome, Usage, Verdict};
use crate::output::{Cell, Column, Fit, ListOptions, Look, Talk, Tone, View, column};
use crate::session::Session;
use crate::store::moments::{self, Difference, Moment, Source, Wanted};
use crate::store::{Change, Intent, Store};
use anyhow::Context;
use clap_complete::ArgValueCompleter;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl diff before-migration            # what changed since then; exit 1 when something did\n  licctl diff monday friday --domain vsphere\n  licctl diff now export.json --replace    # what an import of this file would change\n  licctl diff last-night -o json --jq '.items[] | select(.change == \"removed\")'"
)]
pub(crate) struct Arguments {
    /// The older moment: a snapshot, a file that can be imported, or `now`
    #[arg(value_name = "A", add = ArgValueCompleter::new(offer_names))]
    before: String,
    /// The newer moment
    #[arg(value_name = "B", default_value = "now", hide_default_value = true, add = ArgValueCompleter::new(offer_names))]
    after: String,
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    import: Options,
    #[command(flatten)]
    list: ListOptions,
}

/// An object that differs.
#[derive(Debug, Serialize, JsonSchema)]
struct DifferenceView {
    domain: String,
    /// Empty when it belongs to no instance.
    instance: String,
    /// What it is: `key pack`.
    object: String,
    name: String,
    /// `added`, `removed` or `changed`.
    change: &'static str,
    /// The members that differ, as they were; all of a removed object, null of an added one.
    before: Option<Map<String, Json>>,
    /// The members that differ, as they are; all of an added object, null of a removed one.
    after: Option<Map<String, Json>>,
}

impl From<&Difference> for DifferenceView {
    fn from(difference: &Difference) -> Self {
        let Difference { domain, table, instance, label, before, after } = difference.clone();
        let change = match (&before, &after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        let object = kind(&table).to_owned();
        Self { domain, instance, object, name: label, change, before, after }
    }
}

impl View for DifferenceView {
    const SCHEMA: &'static str = "licctl.difference/1";
    const COLUMNS: &'static [Column] = &[
        column("CHANGE", "change", Fit::Keep),
        column("DOMAIN", "domain", Fit::Keep),
        column("INSTANCE", "instance", Fit::Elide),
        column("OBJECT", "object", Fit::Keep),
        column("NAME", "name", Fit::Elide),
        column("WHAT", "after", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let tone = match self.change {
            "added" => Tone::Good,
            "removed" => Tone::Bad,
            _ => Tone::Warning,
        };
        let what = match (&self.before, &self.after) {
            (Some(before), Some(after)) => changes::told(before, after),
            _ => String::new(),
        };
        vec![
            Cell::toned(self.change, tone),
            self.domain.clone().into(),
            self.instance.clone().into(),
            self.object.clone().into(),
            self.name.clone().into(),
            what.into(),
        ]
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(DifferenceView::SCHEMA, schema_for!(DifferenceView))]
}

/// A moment as the command line names it.
enum Side {
    Kept(Moment),
    Now,
    File(PathBuf),
}

/// How the present is called.
pub(super) const NOW: &str = "now";

impl Side {
    /// A snapshot's name comes before a file's; `./NAME` is a file in any case.
    fn of(word: &str, session: &mut Session) -> Outcome<Self> {
        if word == NOW {
            return Ok(Self::Now);
        }
        if let Some(moment) = session.read(|read, _| moments::find(read, word))? {
            return Ok(Self::Kept(moment));
        }
        let path = Path::new(word);
        if word == "-" || path.exists() {
            return Ok(Self::File(path.to_owned()));
        }
        if path.components().count() > 1 {
            let message = format!("there is no snapshot and no file `{word}`");
            return Err(Usage::new(message)
                .hinted("`licctl snapshot list` lists the snapshots")
                .into());
        }
        session.read(|read, _| snapshot::find(read, word)).map(Self::Kept)
    }
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    session.printer.accepts::<DifferenceView>(&arguments.list)?;
    arguments.scope.known(session)?;
    let sides = [Side::of(&arguments.before, session)?, Side::of(&arguments.after, session)?];
    arguments.import.of_files(sides.iter().any(|side| matches!(side, Side::File(_))))?;
    let folder = tempfile::tempdir().context("making a folder for what is compared")?;
    let mut scratch = Store::at(folder.path().join("moments.db"), false, apis::tables());
    // What is stored is taken first: files are imported into a copy that takes the store's place.
    let change = Change { intent: Intent::Store, ..session.change() };
    for (number, side) in (1..).zip(&sides) {
        match side {
            Side::Kept(moment) => {
                take(session, &mut scratch, &change, Source::Kept(moment), number)?;
            }
            Side::Now => {
                let parts = Scope::parts();
                take(session, &mut scratch, &change, Source::Present(&parts), number)?;
            }
            Side::File(_) => {}
        }
    }
    if sides.iter().any(|side| matches!(side, Side::File(_))) {
        work_on_copy(session, &folder.path().join("copy.db"))?;
    }
    for (number, side) in (1..).zip(&sides) {
        if let Side::File(path) = side {
            bring(path, arguments, session)?;
            let parts = Scope::parts();
            take(session, &mut scratch, &change, Source::Present(&parts), number)?;
        }
    }
    show(shared(arguments, &sides)?, &arguments.list, session, &mut scratch)
}

/// What is compared: that of the scope which both moments hold. Usage error when there is no such thing.
fn shared<'a>(arguments: &'a Arguments, sides: &'a [Side]) -> Outcome<Wanted<'a>> {
    let mut shared = arguments.scope.wanted();
    for side in sides {
        let Side::Kept(moment) = side else { continue };
        shared = shared.within(moment.scope()).ok_or_else(|| {
            let held = snapshot::of(moment.domain.as_deref(), moment.instance.as_deref());
            let wanted = snapshot::of(shared.domain, shared.instance);
            Usage::new(format!(
                "`{}` was kept of {held} alone, and holds nothing of {wanted}",
                moment.name
            ))
            .hinted("`licctl snapshot list` tells of what each snapshot was kept")
        })?;
    }
    Ok(shared)
}

fn take(
    session: &mut Session,
    scratch: &mut Store,
    change: &Change,
    source: Source<'_>,
    number: i64,
) -> Outcome<()> {
    session.read(|read, _| {
        scratch.write(change, |tx| moments::copy(read, source, tx, number)).map(|_| ())
    })
}

fn work_on_copy(session: &mut Session, copy: &Path) -> Outcome<()> {
    if session.has_store() {
        let (store, _) = session.store();
        store.backup(copy, Intent::Store, &mut |_, _| ())?;
    }
    session.use_store(copy.to_owned());
    Ok(())
}

/// Imports a file into the copy, without a word: what matters is what differs then.
fn bring(path: &Path, arguments: &Arguments, session: &mut Session) -> Outcome<()> {
    let among: Vec<&'static Api> = arguments.scope.apis().collect();
    let hints = Hints { instance: arguments.scope.instance.clone(), ..Hints::default() };
    let talk = std::mem::replace(&mut session.printer.look.talk, Talk::Quiet);
    let brought = session.storing(|session| {
        import::gather(&[path.to_owned()], &among, &arguments.import, hints, session)
    });
    session.printer.look.talk = talk;
    brought.map(|_| ())
}

fn show(
    wanted: Wanted<'_>,
    list: &ListOptions,
    session: &mut Session,
    scratch: &mut Store,
) -> Outcome<Verdict> {
    let mut differs = false;
    scratch.read(|read| {
        session.printer.list::<DifferenceView>(list, |sink| {
            moments::compare(read, (1, 2), wanted, &mut |difference| {
                differs = true;
                sink.row(&DifferenceView::from(difference))
            })
        })
    })?;
    Ok(if differs { Verdict::No } else { Verdict::Yes })
}
