//! `licctl snapshot`: how the estate is, kept under a name.

use super::Scope;
use super::diff::NOW;
use crate::apis;
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage, Verdict};
use crate::output::{Cell, Column, Fit, ListOptions, Look, View, column, nearest};
use crate::session::{Session, offer, peek};
use crate::store::Read;
use crate::store::figures::{self, Figure};
use crate::store::moments::{self, Moment, Object, Wanted};
use crate::wording::many;
use clap_complete::{ArgValueCompleter, CompletionCandidate};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::ffi::OsStr;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Keep how the estate is now under a name
    #[command(
        after_help = "Examples:\n  licctl snapshot save before-upgrade\n  licctl snapshot save before-the-upgrade --domain vsphere --instance hq\n  licctl snapshot save \"nightly $(date +%F)\""
    )]
    Save {
        /// The name; a snapshot of that name must not be there yet
        name: String,
        #[command(flatten)]
        scope: Scope,
        /// Forget the snapshot that has this name
        #[arg(long)]
        replace: bool,
    },
    /// List the snapshots, newest first
    #[command(after_help = "Example:\n  licctl snapshot list --since 30d")]
    List {
        #[command(flatten)]
        scope: Scope,
        #[command(flatten)]
        list: ListOptions,
    },
    /// List the objects of a snapshot
    #[command(after_help = "Example:\n  licctl snapshot show monday --domain vsphere -o jsonl")]
    Show {
        /// The snapshot
        #[arg(add = ArgValueCompleter::new(offer_names))]
        name: String,
        #[command(flatten)]
        scope: Scope,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Forget snapshots for good
    #[command(after_help = "Example:\n  licctl snapshot delete monday friday --yes")]
    Delete {
        /// The snapshots
        #[arg(required = true, add = ArgValueCompleter::new(offer_names))]
        names: Vec<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// The snapshots whose name begins with what was typed.
pub(super) fn offer_names(typed: &OsStr) -> Vec<CompletionCandidate> {
    let moments = peek(moments::list);
    offer(typed, moments.iter().map(|moment| moment.name.as_str()))
}

/// A snapshot.
#[derive(Debug, Serialize, JsonSchema)]
struct SnapshotView {
    name: String,
    /// When it was kept.
    time: Timestamp,
    /// Of which domain alone it was kept; null: of all.
    domain: Option<String>,
    /// Of which instance alone it was kept; null: of all.
    instance: Option<String>,
    /// How many objects it holds.
    objects: i64,
}

impl From<Moment> for SnapshotView {
    fn from(moment: Moment) -> Self {
        let Moment { name, time, domain, instance, objects, .. } = moment;
        Self { name, time, domain, instance, objects }
    }
}

impl View for SnapshotView {
    const SCHEMA: &'static str = "licctl.snapshot/1";
    const COLUMNS: &'static [Column] = &[
        column("SNAPSHOT", "name", Fit::Keep),
        column("TIME", "time", Fit::Keep),
        column("OF", "domain", Fit::Keep),
        column("OBJECTS", "objects", Fit::Number),
    ];
    const TIME: Option<&'static str> = Some("time");

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            self.name.clone().into(),
            look.time(self.time).into(),
            of(self.domain.as_deref(), self.instance.as_deref()).into(),
            self.objects.to_string().into(),
        ]
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

/// Of what a snapshot was kept, for people; empty when of everything.
pub(super) fn of(domain: Option<&str>, instance: Option<&str>) -> String {
    domain.into_iter().chain(instance).collect::<Vec<_>>().join(" ")
}

/// An object of a snapshot.
#[derive(Debug, Serialize, JsonSchema)]
struct ObjectView {
    domain: String,
    /// Empty when it belongs to no instance.
    instance: String,
    /// What it is: `key pack`.
    object: String,
    name: String,
    members: Map<String, Json>,
}

impl From<&Object> for ObjectView {
    fn from(object: &Object) -> Self {
        Self {
            domain: object.domain.clone(),
            instance: object.instance.clone(),
            object: kind(&object.table).to_owned(),
            name: object.label.clone(),
            members: object.members.clone(),
        }
    }
}

/// What a row of a table is, for people.
pub(super) fn kind(table: &str) -> &str {
    let tables = apis::APIS.iter().flat_map(|api| api.tables.objects.iter());
    tables.into_iter().find(|known| known.name == table).map_or(table, |known| known.object)
}

impl View for ObjectView {
    const SCHEMA: &'static str = "licctl.snapshot.object/1";
    const COLUMNS: &'static [Column] = &[
        column("DOMAIN", "domain", Fit::Keep),
        column("INSTANCE", "instance", Fit::Elide),
        column("OBJECT", "object", Fit::Keep),
        column("NAME", "name", Fit::Elide),
        column("WHAT", "members", Fit::Elide),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let held = self.members.iter().filter(|(_, value)| !value.is_null());
        let members: Vec<String> = held.map(|(name, value)| format!("{name} {value}")).collect();
        vec![
            self.domain.clone().into(),
            self.instance.clone().into(),
            self.object.clone().into(),
            self.name.clone().into(),
            members.join(", ").into(),
        ]
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![
        (SnapshotView::SCHEMA, schema_for!(SnapshotView)),
        (ObjectView::SCHEMA, schema_for!(ObjectView)),
    ]
}

/// The snapshot of that name; usage error when there is none.
pub(super) fn find(read: &mut dyn Read, name: &str) -> Outcome<Moment> {
    if let Some(moment) = moments::find(read, name)? {
        return Ok(moment);
    }
    let names: Vec<String> = moments::list(read)?.into_iter().map(|moment| moment.name).collect();
    let near = nearest(name, &names);
    let hint = match (near.is_empty(), names.is_empty()) {
        (false, _) => format!("did you mean {}?", near.join(", ")),
        (true, false) => "`licctl snapshot list` lists them".to_owned(),
        (true, true) => "there is none yet; `licctl snapshot save NAME` keeps one".to_owned(),
    };
    Err(Usage::new(format!("there is no snapshot `{name}`")).hinted(hint).into())
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Save { name, scope, replace } => save(name, scope, *replace, session)?,
        Command::List { scope, list } => {
            session.list::<SnapshotView>(list, |read, _, sink| {
                let moments = moments::list(read)?.into_iter();
                let holds = |moment: &Moment| scope.wanted().within(moment.scope()).is_some();
                sink.rows(moments.filter(holds).map(SnapshotView::from))
            })?;
        }
        Command::Show { name, scope, list } => {
            session.list::<ObjectView>(list, |read, _, sink| {
                let moment = find(read, name)?;
                let mut each = |object: &Object| sink.row(&ObjectView::from(object));
                moments::objects(read, &moment, scope.wanted(), &mut each)
            })?;
        }
        Command::Delete { names, yes } => delete(names, *yes, session)?,
    }
    Ok(Verdict::Yes)
}

fn save(name: &str, scope: &Scope, replace: bool, session: &mut Session) -> Outcome<()> {
    if name.trim().is_empty() {
        return Err(Usage::new("a snapshot needs a name").into());
    }
    if name == NOW {
        let message = format!("`{NOW}` is how `licctl diff` calls the present");
        return Err(Usage::new(message).hinted("give another name").into());
    }
    scope.known(session)?;
    let wanted = scope.wanted();
    let parts = Scope::parts();
    let moment = session.write(|tx, now| {
        if let Some(present) = moments::find(tx.reading(), name)? {
            if !replace {
                let message = format!("there is a snapshot `{}` of {}", present.name, present.time);
                let hint = "`--replace` forgets it, `licctl snapshot delete` too";
                return Err(Usage::new(message).hinted(hint).into());
            }
            moments::delete(tx, &present)?;
        }
        let mut figures = super::status::counted(tx.reading(), now)?;
        figures.retain(|figure| {
            let Figure { domain, instance, .. } = figure;
            wanted.within(Wanted { domain: Some(domain), instance: Some(instance) }).is_some()
        });
        let moment = moments::save(tx, (name, now), &parts, wanted)?;
        figures::keep(tx, &moment, &figures)?;
        Ok(moment)
    })?;
    let of = match of(moment.domain.as_deref(), moment.instance.as_deref()) {
        all if all.is_empty() => all,
        some => format!(" of {some}"),
    };
    let sentence = format!("kept {}{of} as `{name}`", many(moment.objects, "object"));
    session.tell(&SnapshotView::from(moment), &sentence)
}

fn delete(names: &[String], yes: bool, session: &mut Session) -> Outcome<()> {
    let found = session
        .read(|read, _| names.iter().map(|name| find(read, name)).collect::<Outcome<Vec<_>>>())?;
    session.confirm("forgetting a snapshot", yes)?;
    session.write(|tx, _| {
        let names: Vec<String> = found.iter().map(|moment| format!("`{}`", moment.name)).collect();
        tx.summary(format!("{} forgotten", names.join(", ")));
        found.iter().try_for_each(|moment| moments::delete(tx, moment))
    })?;
    if let [moment] = found.as_slice() {
        let sentence = format!("forgot `{}`", moment.name);
        return session.tell(&SnapshotView::from(moment.clone()), &sentence);
    }
    session.list::<SnapshotView>(&ListOptions::default(), |_, _, sink| {
        for moment in found {
            if sink.row(&SnapshotView::from(moment))?.is_break() {
                break;
            }
        }
        Ok(())
    })
}
