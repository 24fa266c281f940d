//! License usage reports: made, fetched, deleted.

use super::held;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop};
use crate::store::{Flow, Read, Tx};
use crate::tslicense::catalog::codes::WBEM_E_NOT_FOUND;
use crate::tslicense::catalog::enumerations::{PRODUCT_PER_DEVICE, PRODUCT_PER_USER};
use crate::tslicense::catalog::methods::{Act, ReportAct, WmiMethod, of};
use crate::tslicense::model::report::{Class, Entry, Report};
use crate::tslicense::model::{Failure, Held};
use crate::tslicense::rules::reports::{self, page};
use crate::tslicense::rules::typed;
use crate::tslicense::store::issued::Wanted;
use crate::tslicense::store::{failures, issued, reports as rows, users};

fn row(act: ReportAct) -> Outcome<&'static WmiMethod> {
    of(Act::Report(act)).ok_or_else(|| Stop::bug("a method without a row"))
}

/// Freezes a report of now; with a scope as servers before 2012 do it.
///
/// Refuses with `WBEM_E_INVALID_METHOD`, `WBEM_E_NOT_SUPPORTED`, `WBEM_E_INVALID_PARAMETER`.
pub fn generate(
    tx: &mut dyn Tx,
    server: &str,
    scope: Option<(u32, String)>,
    now: Timestamp,
) -> Outcome<Report> {
    let (id, held) = held::open(tx, server, now)?;
    let act = if scope.is_some() { ReportAct::Generate } else { ReportAct::GenerateEx };
    let method = row(act)?;
    typed::on_release(method, &held.server.name, held.server.os)?;
    if let Some((kind, value)) = &scope {
        reports::scope(*kind, value).map_err(|refusal| {
            let code = refusal.code.native.number();
            refusal
                .of(method.method.name)
                .answering("ReturnValue", code)
                .answering("FileName", None)
        })?;
    }
    let known = rows::all(tx.reading(), id)?;
    let taken = |name: &str| known.iter().any(|report| report.name.eq_ignore_ascii_case(name));
    let name = reports::name(now, &taken);
    let report = Report { name, made: now, scope, entries: tx.change() };
    for class in Class::ALL {
        let entries = entries(tx.reading(), (id, &held), class, now)?;
        rows::add(tx, id, (&report.name, class), &entries)?;
    }
    rows::save(tx, id, &report)?;
    tx.call(method.method.name, &format!("server={}", held.server.name));
    Ok(report)
}

/// What a report of now has of a class, in the order of users and computers.
fn entries(
    read: &mut dyn Read,
    (id, held): (i64, &Held),
    class: Class,
    now: Timestamp,
) -> Outcome<Vec<Entry>> {
    let mut found = Vec::new();
    match class {
        Class::User => users::each(read, id, now, &mut |license| {
            found.push(Entry {
                name: license.user,
                time: Some(license.expires),
                version: license.version,
                product: PRODUCT_PER_USER,
                ..Entry::default()
            });
            Ok(Flow::Continue(()))
        })?,
        Class::Device => issued::each(read, id, &Wanted::default(), now, &mut |license| {
            let pack = held.pack(license.pack);
            if !license.is_revoked() {
                found.push(Entry {
                    name: license.computer,
                    hardware: license.hardware,
                    time: Some(license.expires),
                    version: pack.map_or(0, |pack| pack.version),
                    product: pack.map_or(PRODUCT_PER_DEVICE, |pack| pack.product),
                    ..Entry::default()
                });
            }
            Ok(Flow::Continue(()))
        })?,
        Class::Failed => found.extend(failed(read, id, now)?.into_iter().map(|failure| Entry {
            name: failure.user,
            time: Some(failure.tried),
            version: failure.version,
            product: PRODUCT_PER_USER,
            ..Entry::default()
        })),
        Class::FailedSummary => found = reports::failed_summary(&failed(read, id, now)?),
        Class::Summary => return Ok(reports::summary(held)),
    }
    found.sort_by_cached_key(|entry| (entry.name.to_lowercase(), entry.hardware.clone()));
    Ok(found)
}

fn failed(read: &mut dyn Read, id: i64, now: Timestamp) -> Outcome<Vec<Failure>> {
    let mut found = Vec::new();
    failures::each(read, id, now, &mut |failure| {
        found.push(failure);
        Ok(Flow::Continue(()))
    })?;
    Ok(found)
}

/// The report of that name, with the number of its server's row.
///
/// Refuses with `WBEM_E_NOT_FOUND`.
pub fn known(read: &mut dyn Read, server: &str, name: &str) -> Outcome<(i64, Report)> {
    let (id, held) = held::stored(read, server)?;
    let found = rows::find(read, id, name)?;
    let report = found.ok_or_else(|| {
        let message = format!("`{}` has no report `{name}`", held.server.name);
        let hint =
            format!("`licctl tslicense report list --server {}` shows them", held.server.name);
        Stop::from(Refusal::new(&WBEM_E_NOT_FOUND, message).hinted(hint))
    })?;
    Ok((id, report))
}

/// The object that a method is called on; without it the provider answers that there is none.
fn object(
    read: &mut dyn Read,
    server: &str,
    name: &str,
    method: &'static WmiMethod,
) -> Outcome<(i64, Report)> {
    known(read, server, name).map_err(|stop| match stop {
        Stop::Refused(refusal) => {
            let code = refusal.code.native.number();
            let refusal = refusal.of(method.method.name).answering("ReturnValue", code);
            method.handed().fold(refusal, |refusal, row| refusal.answering(row.name, None)).into()
        }
        other => other,
    })
}

/// Deletes a report.
///
/// Refuses with `WBEM_E_NOT_FOUND`.
pub fn delete(tx: &mut dyn Tx, server: &str, name: &str) -> Outcome<Report> {
    let method = row(ReportAct::Delete)?;
    let (id, report) = object(tx.reading(), server, name, method)?;
    rows::remove(tx, id, &report.name)?;
    tx.call(method.method.name, &format!("server={server}, FileName={}", report.name));
    Ok(report)
}

/// Fetches a page of a class; `None` behind the last entry.
///
/// Refuses with `WBEM_E_INVALID_METHOD`, `WBEM_E_NOT_FOUND`.
pub fn fetch(
    read: &mut dyn Read,
    (server, name): (&str, &str),
    class: Class,
    (start, count): (u32, u32),
) -> Outcome<Option<Vec<Entry>>> {
    let (_, held) = held::stored(read, server)?;
    let method = row(ReportAct::Fetch(class))?;
    typed::on_release(method, &held.server.name, held.server.os)?;
    let (id, report) = object(read, server, name, method)?;
    let total = rows::total(read, id, &report, class)?;
    let Some(range) = page(total, start, count) else { return Ok(None) };
    let mut entries = Vec::new();
    rows::each(read, (id, &report), class, range, &mut |entry| {
        entries.push(entry);
        Ok(Flow::Continue(()))
    })?;
    Ok(Some(entries))
}
