//! Servers with their packs, loaded and saved; purchase numbers, filed and shown.

use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::store::{Read, Tx, secrets};
use crate::tslicense::catalog::shapes::{Check, ENROLMENT_NUMBER, check};
use crate::tslicense::model::{Argument, Arguments, Filed, Held, Issued, KeyPack, Purchase, Stage};
use crate::tslicense::rules::life;
use crate::tslicense::store::lists::{self, List};
use crate::tslicense::store::{issued, packs, servers, users};

/// A server with its packs as they are stored, and its row's number: what expired since the last change still counts.
pub(super) fn stored(read: &mut dyn Read, name: &str) -> Outcome<(i64, Held)> {
    let found = servers::find(read, name)?;
    let (id, server) = found.ok_or_else(|| Stop::bug("a server that was found is gone"))?;
    Ok((id, Held { packs: packs::of(read, id)?, server }))
}

/// A server with its packs as they are at `now`, and its row's number. Nothing is written.
pub fn load(read: &mut dyn Read, name: &str, now: Timestamp) -> Outcome<(i64, Held)> {
    let (id, held) = stored(read, name)?;
    Ok((id, current(read, (id, held), now)?))
}

/// The servers that a name means, or all, as [`load`] has one: the numbers of their rows and themselves, in the order of the names.
pub fn called(
    read: &mut dyn Read,
    name: Option<&str>,
    now: Timestamp,
) -> Outcome<(Vec<i64>, Vec<Held>)> {
    let (mut ids, mut found) = (Vec::new(), Vec::new());
    for (id, server) in servers::all(read)? {
        if name.is_none_or(|name| server.is_called(name)) {
            let held = Held { packs: packs::of(read, id)?, server };
            found.push(current(read, (id, held), now)?);
            ids.push(id);
        }
    }
    Ok((ids, found))
}

fn current(read: &mut dyn Read, (id, held): (i64, Held), now: Timestamp) -> Outcome<Held> {
    let mut expired = issued::expired_by_pack(read, id, now)?;
    expired.extend(users::expired_by_pack(read, id, now)?);
    Ok(life::swept(held, &expired))
}

/// A server that is to be changed: what expired is taken off it first.
pub(super) fn open(tx: &mut dyn Tx, name: &str, now: Timestamp) -> Outcome<(i64, Held)> {
    let (id, before) = stored(tx.reading(), name)?;
    let mut back = issued::ended_by_pack(tx.reading(), id, now)?;
    let ended = !back.is_empty();
    for license in issued::expired(tx.reading(), id, now)? {
        if !license.is_revoked() {
            back.push((license.pack, 1));
        }
        if license.is_temporary() {
            issued::save(tx, id, &Issued { stage: Stage::Spent, ..license })?;
        } else {
            issued::remove(tx, id, &license)?;
        }
    }
    for license in users::expired(tx.reading(), id, now)? {
        back.push((license.pack, 1));
        users::remove(tx, id, &license.user)?;
    }
    if ended {
        let list = lists::of(tx.reading(), id)?;
        lists::save(tx, id, &List { swept: now, ..list })?;
    }
    let after = life::swept(before.clone(), &back);
    save(tx, id, &before, &after)?;
    Ok((id, after))
}

/// Writes what differs between a server as it was and as it is to be.
pub(super) fn save(tx: &mut dyn Tx, id: i64, before: &Held, after: &Held) -> Outcome<()> {
    if before.server != after.server {
        servers::save(tx, Some(id), &after.server)?;
    }
    for pack in &before.packs {
        if after.pack(pack.id).is_none() {
            packs::remove(tx, id, pack.id)?;
        }
    }
    for pack in &after.packs {
        if before.pack(pack.id) != Some(pack) {
            packs::save(tx, id, pack)?;
        }
    }
    Ok(())
}

/// The server that a name means: its own name or an alias, in whatever case. As it was first written.
pub fn named(read: &mut dyn Read, name: &str) -> Outcome<Option<String>> {
    if let Some((_, server)) = servers::find(read, name)? {
        return Ok(Some(server.name));
    }
    let all = servers::all(read)?;
    let found = all.into_iter().find(|(_, server)| server.is_called(name));
    Ok(found.map(|(_, server)| server.name))
}

/// Files the purchase numbers among the arguments of a call, in signature order.
pub(super) fn file(tx: &mut dyn Tx, arguments: &mut Arguments) -> Outcome<()> {
    let mut filed = Vec::new();
    for (row, value) in &arguments.given {
        let kind = match check(row.name) {
            Check::Shaped(shape) => shape.filed,
            Check::AgreementNumber => ENROLMENT_NUMBER.filed,
            _ => None,
        };
        if let (Some(kind), Argument::Text(text)) = (kind, value) {
            filed.push(number(tx, kind, text)?);
        }
    }
    arguments.filed = filed;
    Ok(())
}

/// Files a purchase number. Codes compare without regard to case, so that they are filed in one.
pub(super) fn number(tx: &mut dyn Tx, kind: &str, text: &str) -> Outcome<Filed> {
    secrets::keep(tx, kind, &text.to_ascii_uppercase()).map(Filed)
}

/// The purchase numbers of a pack in full; `None` for one that was left out of the export that the store was made from.
pub fn numbers(read: &mut dyn Read, purchase: &Purchase) -> Outcome<Vec<Option<String>>> {
    purchase.numbers.iter().map(|number| secrets::reveal(read, number.0)).collect()
}

/// Packs of every server but one under the same numbers, with the server's name.
pub(super) fn elsewhere(
    read: &mut dyn Read,
    server: i64,
    numbers: &[Filed],
) -> Outcome<Vec<(String, KeyPack)>> {
    let Some(first) = numbers.first() else { return Ok(Vec::new()) };
    let names = servers::all(read)?;
    let name = |id: i64| {
        let found = names.iter().find(|(known, _)| *known == id);
        found.map_or_else(String::new, |(_, server)| server.name.clone())
    };
    let found = packs::under(read, *first)?;
    let same = |pack: &KeyPack| pack.purchase.as_ref().is_some_and(|held| held.is_under(numbers));
    Ok(found
        .into_iter()
        .filter(|(id, pack)| *id != server && same(pack))
        .map(|(id, pack)| (name(id), pack))
        .collect())
}
