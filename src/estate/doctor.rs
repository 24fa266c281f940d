//! `licctl doctor`: is all well with the store, its file, the clock and the settings? Each trouble comes with its fix.

use super::{in_a_line, settings};
use crate::clock::Timestamp;
use crate::config::Files;
use crate::error::{Outcome, Verdict};
use crate::finding::Level;
use crate::output::{Cell, Column, Fit, ListOptions, Look, View, column, nearest};
use crate::session::{Session, strange_variables};
use crate::store::journal;
use crate::store::schema as layout;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use std::io::{ErrorKind, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

/// Bytes that the smallest change writes, a page of the store.
const PAGE: usize = 4096;

/// What a store begins with.
const ENGINE: &[u8; 16] = b"SQLite format 3\0";

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl doctor                 # exit 1 when something must be mended\n  licctl doctor -o json --jq '.items[] | select(.level != null) | .fix'"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    list: ListOptions,
}

/// One thing that was looked at.
#[derive(Debug, Serialize, JsonSchema)]
struct HealthView {
    /// What was looked at: `permissions`.
    check: &'static str,
    /// Null when all is well.
    level: Option<Level>,
    message: String,
    /// What mends it; null when nothing has to be.
    fix: Option<String>,
}

impl HealthView {
    fn well(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, level: None, message: message.into(), fix: None }
    }

    fn ill(
        check: &'static str,
        level: Level,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { check, level: Some(level), message: message.into(), fix: Some(fix.into()) }
    }
}

impl View for HealthView {
    const SCHEMA: &'static str = "licctl.health/1";
    const COLUMNS: &'static [Column] = &[
        column("CHECK", "check", Fit::Keep),
        column("STATE", "level", Fit::Keep),
        column("WHAT", "message", Fit::Wrap),
        column("FIX", "fix", Fit::Wrap),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.check.into(),
            super::status::level(self.level),
            self.message.clone().into(),
            self.fix.clone().unwrap_or_default().into(),
        ]
    }

    fn name(&self) -> String {
        self.check.to_owned()
    }
}

pub(super) fn shapes() -> Vec<(&'static str, Schema)> {
    vec![(HealthView::SCHEMA, schema_for!(HealthView))]
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let mut views = vec![];
    let path = {
        let (store, _) = session.store();
        store.path().map(Path::to_owned)
    };
    if let Some(path) = path
        && file(&path, &mut views)
    {
        history(session, &path, &mut views);
        unfinished(session, &mut views);
        left_behind(&path, &mut views);
    }
    clock(session, &mut views);
    configuration(session, &mut views);
    let ill = views.iter().any(|view| view.level == Some(Level::Error));
    session.printer.rows::<HealthView>(&arguments.list, &views)?;
    Ok(if ill { Verdict::No } else { Verdict::Yes })
}

/// The store's file: whether it is there, and what this user may do with it. Returns whether there is something to read in it.
fn file(path: &Path, views: &mut Vec<HealthView>) -> bool {
    let shown = path.display();
    let ill = |level, message: String, fix: &str| HealthView::ill("store", level, message, fix);
    let data = match std::fs::metadata(path) {
        Ok(data) => data,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let fix = "`licctl import PATH` makes it";
            views.push(ill(Level::Info, format!("there is no store at {shown} yet"), fix));
            return false;
        }
        Err(error) => {
            let fix = "let this user read the file and its folder, or give `--store`";
            views.push(ill(Level::Error, format!("{shown} cannot be looked at: {error}"), fix));
            return false;
        }
    };
    if !data.is_file() {
        let fix = "name a file with `--store`";
        views.push(ill(Level::Error, format!("{shown} is no file"), fix));
        return false;
    }
    if let Err(error) = std::fs::File::open(path) {
        let fix = "let this user read the file, or give `--store`";
        views.push(ill(Level::Error, format!("{shown} cannot be read: {error}"), fix));
        return false;
    }
    if data.len() == 0 {
        let fix = "`licctl import PATH` makes it a store";
        views.push(ill(Level::Info, format!("{shown} is empty"), fix));
        return false;
    }
    views.push(HealthView::well("store", format!("{shown}, {} bytes", data.len())));
    views.push(writing(path));
    #[cfg(unix)]
    views.push(open_to_others(&data));
    true
}

/// Whether this user may change the store: its file, and its folder, where the journal of a change stands while it is made.
fn writing(path: &Path) -> HealthView {
    let ill = |message: String, fix: &str| HealthView::ill("writing", Level::Warning, message, fix);
    if let Err(error) = std::fs::OpenOptions::new().append(true).open(path) {
        let fix = "let this user write the file; questions need no more than reading";
        return ill(format!("the file may only be read: {error}"), fix);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let room = tempfile::tempfile_in(folder).and_then(|mut file| file.write_all(&[0; PAGE]));
    match room {
        Ok(()) => HealthView::well("writing", "file and folder take changes"),
        Err(error) if error.kind() == ErrorKind::StorageFull => {
            let message = format!("there is no room left on the disk of {}", folder.display());
            ill(message, "make room; questions need no more than reading")
        }
        Err(error) => {
            let message = format!("nothing can be written in {}: {error}", folder.display());
            ill(message, "let this user write in the folder; questions need no more than reading")
        }
    }
}

/// Who else may read the file, where the system has modes.
#[cfg(unix)]
fn open_to_others(data: &std::fs::Metadata) -> HealthView {
    let mode = std::os::unix::fs::PermissionsExt::mode(&data.permissions()) & 0o777;
    let (check, shown) = ("permissions", format!("{mode:04o}"));
    if mode & 0o022 != 0 {
        let message = format!("others may write the store: mode {shown}");
        HealthView::ill(check, Level::Error, message, "`chmod 600` on the store file")
    } else if mode & 0o004 != 0 {
        let message = format!("everybody on this machine may read the store: mode {shown}");
        HealthView::ill(check, Level::Warning, message, "`chmod 600` or `640` on the store file")
    } else {
        HealthView::well(check, format!("mode {shown}"))
    }
}

/// The layout, damage, and the newest change.
fn history(session: &mut Session, path: &Path, views: &mut Vec<HealthView>) {
    let newest = session.read(|read, _| {
        let mut newest: Option<Timestamp> = None;
        journal::log(read, &mut |entry| {
            newest = Some(entry.time);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(newest)
    });
    let newest = match newest {
        Ok(newest) => newest,
        Err(stop) => {
            views.push(HealthView::ill("layout", Level::Error, in_a_line(&stop), unread(path)));
            return;
        }
    };
    views.push(HealthView::well("layout", format!("{}, the present one", layout::present())));
    let now = session.now;
    match newest {
        Some(newest) if newest > now => {
            let message =
                format!("the newest change is of {newest}, which is later than now, {now}");
            let fix = "set the clock; with `--now` later changes would come before earlier ones";
            views.push(HealthView::ill("history", Level::Warning, message, fix));
        }
        Some(newest) => {
            views.push(HealthView::well("history", format!("the newest change is of {newest}")));
        }
        None => views.push(HealthView::well("history", "nothing was changed yet")),
    }
    let (store, _) = session.store();
    match store.check() {
        Ok(damages) if damages.is_empty() => {
            views.push(HealthView::well("damage", "none: pages, references and totals are right"));
        }
        Ok(damages) => {
            let first = damages.first().map(|damage| damage.message.clone()).unwrap_or_default();
            let message = format!("{} in all: {first}", damages.len());
            let fix = "`licctl store check` lists all; `licctl store restore` brings a backup in";
            views.push(HealthView::ill("damage", Level::Error, message, fix));
        }
        Err(stop) => {
            let fix = "`licctl store restore` brings a backup in";
            views.push(HealthView::ill("damage", Level::Error, in_a_line(&stop), fix));
        }
    }
}

/// What an import left that was killed, or that found no room: nobody sees it, but it takes room.
fn unfinished(session: &mut Session, views: &mut Vec<HealthView>) {
    let (store, _) = session.store();
    // A store that cannot be read was told of already.
    let Ok(Some(found)) = store.unfinished() else { return };
    views.push(if found.lives {
        let message = format!("one is under way, {} rows so far", found.rows);
        HealthView::ill("imports", Level::Info, message, "wait for it; nobody sees its rows before")
    } else {
        let message = format!(
            "one did not end and left {} rows, which nobody sees and which take room",
            found.rows
        );
        let fix = "see that the disk has room: the next command that writes removes them";
        HealthView::ill("imports", Level::Warning, message, fix)
    });
}

/// What helps when a store cannot be read.
fn unread(path: &Path) -> &'static str {
    let mut head = [0; ENGINE.len()];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    if read.is_ok() && head == *ENGINE {
        "`licctl store restore BACKUP` puts a backup in its place; `licctl store check` lists what is wrong"
    } else {
        "this is another kind of file: name the store with `--store`"
    }
}

/// Files beside the store that an older layout or a killed process left.
fn left_behind(path: &Path, views: &mut Vec<HealthView>) {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    if std::fs::metadata(&journal).is_ok_and(|data| data.len() > 0) {
        let message = format!(
            "{} is there: a change is being made, or its command was killed",
            Path::new(&journal).display()
        );
        let fix = "leave it: the next command that may write brings the store back to before it";
        views.push(HealthView::ill("journal", Level::Info, message, fix));
    }
    let (Some(folder), Some(stem)) = (path.parent(), path.file_stem()) else { return };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let stem = format!("{}.v", stem.to_string_lossy());
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let backups: Vec<String> =
        names.filter(|name| name.starts_with(&stem) && name.ends_with(".backup")).collect();
    if !backups.is_empty() {
        let message =
            format!("copies from before a new layout are still there: {}", backups.join(", "));
        let fix = "delete them once all is well";
        views.push(HealthView::ill("backups", Level::Info, message, fix));
    }
}

/// Whether the command's clock is the system's.
fn clock(session: &Session, views: &mut Vec<HealthView>) {
    let set = session.settings.iter().find(|setting| setting.key == "now");
    let set = set.filter(|setting| setting.origin != crate::config::Origin::Default);
    views.push(match set {
        Some(setting) if !matches!(setting.origin, crate::config::Origin::Flag) => {
            let message = format!("the clock stands at {}: {}", setting.value, setting.origin);
            let fix = "take the setting out, unless everything is to be seen as of then";
            HealthView::ill("clock", Level::Warning, message, fix)
        }
        _ => HealthView::well("clock", session.now.to_string()),
    });
}

/// Settings and variables that nothing reads.
fn configuration(session: &Session, views: &mut Vec<HealthView>) {
    let before = views.len();
    for broken in &session.broken {
        let fix = "mend the file or the variable: other commands stop there";
        views.push(HealthView::ill("settings", Level::Error, in_a_line(broken), fix));
    }
    let keys = settings::keys();
    let (files, _) = Files::known(session.config.as_deref());
    let known = |key: &str| keys.iter().any(|known| known == key);
    for (path, key) in files.strangers(&known) {
        let near = nearest(&key, &keys);
        let fix = match near.first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => "take it out; `licctl config show` lists what there is".to_owned(),
        };
        let message = format!("{} sets `{key}`, which is no setting", path.display());
        views.push(HealthView::ill("settings", Level::Warning, message, fix));
    }
    for name in strange_variables() {
        let message = format!("the environment sets {name}, which nothing reads");
        let fix = "`licctl help environment` lists the variables";
        views.push(HealthView::ill("settings", Level::Warning, message, fix));
    }
    if views.len() == before {
        let paths: Vec<String> = files.paths().map(|path| path.display().to_string()).collect();
        let message = if paths.is_empty() {
            "no file".to_owned()
        } else {
            format!("of {}", paths.join(", "))
        };
        views.push(HealthView::well("settings", message));
    }
}
