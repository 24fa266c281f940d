//! What the commands share: which License Manager is meant, and how an artefact is handed over.

use super::API;
use crate::error::Outcome;
use crate::rms::model::server::NO_NET;
use crate::session::Session;
use crate::store::named;
use anyhow::Context;
use clap_complete::ArgValueCompleter;
use std::path::Path;

/// Which License Manager is meant.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Server {
    /// The License Manager; default: `LICCTL_RMS_SERVER`, else the only one. `no-net`: the licenses on a client itself
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
    pub(super) server: Option<String>,
}

impl Server {
    /// The License Manager that is meant, as it was first written.
    ///
    /// Usage error when there is none of that name, or several and none is named.
    pub(super) fn name(&self, session: &mut Session) -> Outcome<String> {
        let given = self.given(session)?;
        session.instance(&API, given.as_deref())
    }

    /// As [`Server::name`]; `None` when the store has none and none is named.
    pub(super) fn name_if_any(&self, session: &mut Session) -> Outcome<Option<String>> {
        let given = self.given(session)?;
        let table = API.instance.table;
        if given.is_none()
            && session.read(|read, _| Ok(named::from(read, table, "", 1)?.is_empty()))?
        {
            return Ok(None);
        }
        session.instance(&API, given.as_deref()).map(Some)
    }

    /// As [`Server::name`]; where the store has several and none is said, the first of `names` that it has.
    pub(super) fn name_among(&self, names: &[String], session: &mut Session) -> Outcome<String> {
        let table = API.instance.table;
        let among = match self.given(session)? {
            Some(_) => None,
            None => session.read(|read, _| {
                if named::from(read, table, "", 2)?.len() < 2 {
                    return Ok(None);
                }
                for name in names {
                    if let Some(found) = named::find(read, table, name)? {
                        return Ok(Some(found));
                    }
                }
                Ok(None)
            })?,
        };
        among.map_or_else(|| self.name(session), Ok)
    }

    /// What was named, else the only License Manager: the licenses on a client itself are meant only when they are named.
    fn given(&self, session: &mut Session) -> Outcome<Option<String>> {
        if let Some(given) = session.instance_setting(&API, self.server.as_deref())? {
            return Ok(Some(given));
        }
        session.read(|read, _| {
            let mut names = named::from(read, API.instance.table, "", 3)?;
            let all = names.len();
            names.retain(|name| !name.eq_ignore_ascii_case(NO_NET));
            Ok(if all == 2 && names.len() == 1 { names.pop() } else { None })
        })
    }
}

/// Writes an artefact: to the standard output, or whole into a file.
pub(super) fn hand_over(
    session: &mut Session,
    into: Option<&Path>,
    fill: impl FnOnce(&mut dyn crate::store::Read, &mut dyn std::io::Write) -> Outcome<()>,
) -> Outcome<()> {
    let rehearses = session.rehearses();
    let (store, printer) = session.store();
    let Some(path) = into else {
        printer.artefact("")?;
        let out = printer.writer()?;
        return store.read(|read| fill(read, out));
    };
    if rehearses {
        store.read(|read| fill(read, &mut std::io::sink()))?;
        printer.note(&format!("dry run: {} was not written", path.display()));
        return Ok(());
    }
    store.read(|read| crate::artefact::write::streamed(path, |out| fill(read, out)))?;
    printer.note(&format!("wrote {}", path.display()));
    Ok(())
}

/// Writes a piece of an artefact.
pub(super) fn put(out: &mut dyn std::io::Write, text: &str) -> Outcome<()> {
    out.write_all(text.as_bytes()).context("writing the answer").map_err(Into::into)
}
