//! Moments of the estate: the objects of every domain as they were, kept under a name, and compared.
//!
//! An object is a row of a table that a domain registers, or still stands in bulk as it was imported; events, evidence and kept totals
//! are no objects. Rows of one store keep their keys and names, so that two moments of it are compared by both.

use super::{Flow, Read, Row, Table, Tables, Tx, Value};
use crate::clock::Timestamp;
use crate::error::{Outcome, Stop};
use crate::wording::many;
use serde_json::{Map, Value as Json};

/// What a moment holds of one domain.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// The domain's name.
    pub domain: &'static str,
    pub tables: &'static Tables,
    /// Its table of instances: key `id`, and `name`.
    pub instances: &'static str,
}

/// A moment that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub number: i64,
    pub name: String,
    pub time: Timestamp,
    /// Of what it was kept; `None` for everything.
    pub domain: Option<String>,
    pub instance: Option<String>,
    /// How many objects it holds.
    pub objects: i64,
}

impl Moment {
    /// Of what it was kept.
    #[must_use]
    pub fn scope(&self) -> Wanted<'_> {
        Wanted { domain: self.domain.as_deref(), instance: self.instance.as_deref() }
    }
}

/// An object of a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    pub domain: String,
    pub table: String,
    /// The instance that it belongs to; empty when it belongs to none.
    pub instance: String,
    /// Its name to people.
    pub label: String,
    pub members: Map<String, Json>,
}

/// An object that two moments do not hold alike. `before` and `after` have the members that differ; all of them when it was added
/// or removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub domain: String,
    pub table: String,
    pub instance: String,
    pub label: String,
    /// `None` when it was added.
    pub before: Option<Map<String, Json>>,
    /// `None` when it was removed.
    pub after: Option<Map<String, Json>>,
}

/// Which objects are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    pub domain: Option<&'a str>,
    pub instance: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    /// What is asked for of what `other` holds; `None` when it holds nothing of that.
    #[must_use]
    pub fn within(self, other: Self) -> Option<Self> {
        let both = |one: Option<&'a str>, other: Option<&'a str>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other).then_some(Some(one)),
            (one, other) => Some(one.or(other)),
        };
        Some(Self {
            domain: both(self.domain, other.domain)?,
            instance: both(self.instance, other.instance)?,
        })
    }
}

/// Keeps the present, as far as it is wanted, under a name; the moment.
pub fn save(
    tx: &mut dyn Tx,
    (name, now): (&str, Timestamp),
    parts: &[Part],
    wanted: Wanted<'_>,
) -> Outcome<Moment> {
    let newest = "select coalesce(max(number), 0) + 1 from snapshots";
    let number = tx.reading().one(newest, &[], |row| row.int(0))?.unwrap_or(1);
    let sql =
        "insert into snapshots(number, name, time_ms, domain, instance) values(?1, ?2, ?3, ?4, ?5)";
    let Wanted { domain, instance } = wanted;
    tx.exec(sql, &[number.into(), name.into(), now.into(), domain.into(), instance.into()])?;
    let mut objects = 0;
    for part in parts.iter().filter(|part| domain.is_none_or(|domain| part.domain == domain)) {
        for present in all_present(tx.reading(), part)? {
            let sql = format!(
                "insert into snapshot_rows select * from (select {number}, {present}) \
                 where ?1 is null or instance = ?1 collate nocase"
            );
            objects += tx.exec(&sql, &[instance.into()])?;
        }
    }
    tx.call("snapshot.save", name);
    tx.summary(format!("{} kept as `{name}`", many(objects, "object")));
    Ok(Moment {
        number,
        name: name.to_owned(),
        time: now,
        domain: domain.map(str::to_owned),
        instance: instance.map(str::to_owned),
        objects: i64::try_from(objects).unwrap_or(i64::MAX),
    })
}

const MOMENT: &str = "select number, name, time_ms, domain, instance, \
    (select count(*) from snapshot_rows where snapshot = number) from snapshots";

fn moment(row: &dyn Row) -> Outcome<Moment> {
    Ok(Moment {
        number: row.int(0)?,
        name: row.text(1)?.to_owned(),
        time: row.time(2)?,
        domain: row.text_or_null(3)?.map(str::to_owned),
        instance: row.text_or_null(4)?.map(str::to_owned),
        objects: row.int(5)?,
    })
}

/// Every kept moment, newest first.
pub fn list(read: &mut dyn Read) -> Outcome<Vec<Moment>> {
    read.all(&format!("{MOMENT} order by time_ms desc, number desc"), &[], moment)
}

/// The moment of that name, any case.
pub fn find(read: &mut dyn Read, name: &str) -> Outcome<Option<Moment>> {
    read.one(&format!("{MOMENT} where name = ?1"), &[name.into()], moment)
}

/// Forgets a moment.
pub fn delete(tx: &mut dyn Tx, moment: &Moment) -> Outcome<()> {
    super::figures::forget(tx, moment)?;
    tx.exec("delete from snapshot_rows where snapshot = ?1", &[moment.number.into()])?;
    tx.exec("delete from snapshots where number = ?1", &[moment.number.into()])?;
    tx.call("snapshot.delete", &moment.name);
    Ok(())
}

/// Hands out the objects of a moment, by domain and instance.
pub fn objects(
    read: &mut dyn Read,
    moment: &Moment,
    wanted: Wanted<'_>,
    each: &mut dyn FnMut(&Object) -> Outcome<Flow>,
) -> Outcome<()> {
    let sql = "select domain, \"table\", instance, label, row from snapshot_rows where snapshot = ?1 \
        and (?2 is null or domain = ?2) and (?3 is null or instance = ?3 collate nocase) \
        order by domain, instance, \"table\", key";
    let values = [moment.number.into(), wanted.domain.into(), wanted.instance.into()];
    read.each(sql, &values, &mut |row| {
        each(&Object {
            domain: row.text(0)?.to_owned(),
            table: row.text(1)?.to_owned(),
            instance: row.text(2)?.to_owned(),
            label: row.text(3)?.to_owned(),
            members: members(row.text(4)?)?,
        })
    })
}

/// What is compared: a kept moment, or how the store is now.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    Kept(&'a Moment),
    Present(&'a [Part]),
}

/// How many rows are written at once.
const ROWS: usize = 500;
/// Columns of `snapshot_rows` behind `snapshot`.
const WIDTH: usize = 6;

/// Copies a moment out of one store into a scratch store, as moment `number` of it.
pub fn copy(
    read: &mut dyn Read,
    source: Source<'_>,
    scratch: &mut dyn Tx,
    number: i64,
) -> Outcome<()> {
    let name = number.to_string();
    let sql = "insert into snapshots(number, name, time_ms) values(?1, ?2, 0)";
    scratch.exec(sql, &[number.into(), (&name).into()])?;
    // A change that makes none of these calls and brings no journalled row is not kept.
    scratch.call("snapshot.save", &name);
    let mut selects: Vec<String> = Vec::new();
    if let Source::Present(parts) = source {
        for part in parts {
            selects.extend(all_present(read, part)?);
        }
    }
    let mut one = |sql: &str, values: &[Value<'_>]| -> Outcome<()> {
        let mut held: Vec<String> = Vec::with_capacity(ROWS * WIDTH);
        read.each(sql, values, &mut |row| {
            for column in 0..WIDTH {
                held.push(row.text(column)?.to_owned());
            }
            if held.len() >= ROWS * WIDTH {
                flush(scratch, number, &mut held)?;
            }
            Ok(Flow::Continue(()))
        })?;
        flush(scratch, number, &mut held)
    };
    match source {
        Source::Kept(moment) => one(
            "select domain, \"table\", key, instance, label, row from snapshot_rows where snapshot = ?1",
            &[moment.number.into()],
        ),
        Source::Present(_) => {
            selects.iter().try_for_each(|present| one(&format!("select {present}"), &[]))
        }
    }
}

fn flush(scratch: &mut dyn Tx, number: i64, held: &mut Vec<String>) -> Outcome<()> {
    let sql = "insert into snapshot_rows values(?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let rows = held.chunks(WIDTH).flat_map(|row| {
        std::iter::once(Value::Int(number)).chain(row.iter().map(|text| Value::Text(text)))
    });
    let values: Vec<Value<'_>> = rows.collect();
    if !values.is_empty() {
        scratch.exec_many(sql, WIDTH + 1, &values)?;
    }
    drop(values);
    held.clear();
    Ok(())
}

/// Hands out what differs between moments `before` and `after` of a store, by domain, instance and object.
pub fn compare(
    read: &mut dyn Read,
    (before, after): (i64, i64),
    wanted: Wanted<'_>,
    each: &mut dyn FnMut(&Difference) -> Outcome<Flow>,
) -> Outcome<()> {
    let side = |number: usize| {
        format!(
            "(select domain, \"table\" as kind, key, instance, label, row from snapshot_rows where snapshot = ?{number})"
        )
    };
    // The newer side tells the names: an instance may have been renamed in between.
    let sql = format!(
        "select * from (select domain, kind, coalesce(b.instance, a.instance) as instance, coalesce(b.label, a.label), \
         a.row, b.row, key from {} a full join {} b using(domain, kind, key) where a.row is not b.row) \
         where (?3 is null or domain = ?3) and (?4 is null or instance = ?4 collate nocase) \
         order by domain, instance, kind, key",
        side(1),
        side(2)
    );
    let values = [before.into(), after.into(), wanted.domain.into(), wanted.instance.into()];
    read.each(&sql, &values, &mut |row| {
        let (before, after) = differing(
            row.text_or_null(4)?.map(members).transpose()?,
            row.text_or_null(5)?.map(members).transpose()?,
        );
        if before.as_ref().is_some_and(Map::is_empty) && after.as_ref().is_some_and(Map::is_empty) {
            return Ok(Flow::Continue(()));
        }
        each(&Difference {
            domain: row.text(0)?.to_owned(),
            table: row.text(1)?.to_owned(),
            instance: row.text(2)?.to_owned(),
            label: row.text(3)?.to_owned(),
            before,
            after,
        })
    })
}

type Members = Option<Map<String, Json>>;

/// The members that differ. A member that one side does not have was kept by another layout of the store, and says nothing.
fn differing(before: Members, after: Members) -> (Members, Members) {
    let (Some(mut before), Some(mut after)) = (before.clone(), after.clone()) else {
        return (before, after);
    };
    let alike = |name: &String, one: &Json, other: &Map<String, Json>| {
        other.get(name).is_none_or(|value| value == one)
    };
    let (old, new) = (before.clone(), after.clone());
    before.retain(|name, value| !alike(name, value, &new));
    after.retain(|name, value| !alike(name, value, &old));
    (Some(before), Some(after))
}

/// An object's members as people and scripts read them: parts as JSON, instants as RFC 3339.
fn members(text: &str) -> Outcome<Map<String, Json>> {
    let row: Map<String, Json> = serde_json::from_str(text).map_err(|_| {
        Stop::Fault(anyhow::anyhow!("the store is damaged: an object of a snapshot is unreadable"))
    })?;
    Ok(row.iter().map(|(column, value)| member(column, value)).collect())
}

/// A column of an object as a member: a part of it as JSON, an instant as RFC 3339 under the name without `_ms`.
#[must_use]
pub fn member(column: &str, value: &Json) -> (String, Json) {
    let instant = column.strip_suffix("_ms").and_then(|name| {
        let at = value.as_i64().and_then(Timestamp::from_ms);
        match (value, at) {
            (Json::Null, _) => Some((name.to_owned(), Json::Null)),
            (_, Some(at)) => Some((name.to_owned(), Json::from(at.to_string()))),
            _ => None,
        }
    });
    instant.unwrap_or_else(|| {
        let text = value.as_str().filter(|text| text.starts_with(['{', '[']) || *text == "null");
        let part = text.and_then(|text| serde_json::from_str(text).ok());
        (column.to_owned(), part.unwrap_or_else(|| value.clone()))
    })
}

/// The columns `domain, table, key, instance, label, row` of every object of a domain as they are now: a select for each table.
fn all_present(read: &mut dyn Read, part: &Part) -> Outcome<Vec<String>> {
    let mut selects = Vec::new();
    for table in part.tables.objects {
        if read.is_laid(table.name)? {
            selects.push(present(part, table, table.name));
        }
    }
    for loaded in part.tables.loaded {
        if read.is_laid(loaded.bulk)? {
            selects.push(present(part, loaded.table, &format!("({})", loaded.rows)));
        }
    }
    Ok(selects)
}

/// As [`all_present`], of one table, whose rows are those of `from`.
fn present(part: &Part, table: &Table, from: &str) -> String {
    let value = |column: &str| {
        format!(
            "case typeof(t.{column}) when 'blob' then lower(hex(t.{column})) else t.{column} end"
        )
    };
    let first = table.columns.first().copied().unwrap_or("rowid");
    let members: Vec<String> =
        table.columns.iter().map(|column| format!("'{column}', {}", value(column))).collect();
    let parents = std::iter::successors(Some(table.name), |name| {
        part.tables.objects.iter().find(|table| table.name == *name)?.parent
    });
    let belongs = parents.last() == Some(part.instances);
    let instance = if belongs {
        // The key of an instance is the head of the key of all that belongs to it.
        format!("coalesce((select r.name from {} r where r.id = t.{first}), '')", part.instances)
    } else {
        "''".to_owned()
    };
    let label = match (table.parent, table.label.strip_prefix("parent.")) {
        (Some(parent), Some(column)) => {
            format!("coalesce((select p.{column} from {parent} p where p.id = t.{first}), '')")
        }
        _ => format!("cast(coalesce({}, '') as text)", value(table.label)),
    };
    // Numbers are given anew once their object is gone: names stand before them, so that another object is no changed one.
    let own = table.columns.iter().take(table.key).skip(usize::from(belongs));
    let keys: Vec<String> = [instance.clone(), label.clone()]
        .into_iter()
        .chain(own.map(|column| value(column)))
        .collect();
    format!(
        "'{domain}', '{name}', json_array({}), {instance} as instance, {label}, json_object({}) from {from} t",
        keys.join(", "),
        members.join(", "),
        domain = part.domain,
        name = table.name
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Json) -> Map<String, Json> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn instants_and_parts_are_told_as_what_they_are() {
        assert_eq!(
            member("issued_ms", &json!(0)),
            ("issued".into(), json!("1970-01-01T00:00:00Z"))
        );
        assert_eq!(member("issued_ms", &Json::Null), ("issued".into(), Json::Null));
        assert_eq!(member("detail", &json!("{\"a\":1}")), ("detail".into(), json!({"a": 1})));
        assert_eq!(member("name", &json!("kms01")), ("name".into(), json!("kms01")));
    }

    #[test]
    fn only_the_members_that_differ_are_told() {
        let (before, after) =
            differing(Some(map(json!({"a": 1, "b": 2}))), Some(map(json!({"a": 1, "b": 3}))));
        assert_eq!(before, Some(map(json!({"b": 2}))));
        assert_eq!(after, Some(map(json!({"b": 3}))));
    }

    #[test]
    fn a_member_that_an_older_layout_did_not_have_is_no_difference() {
        let (before, after) =
            differing(Some(map(json!({"a": 1}))), Some(map(json!({"a": 1, "new": 5}))));
        assert_eq!((before, after), (Some(Map::new()), Some(Map::new())));
    }

    #[test]
    fn what_two_moments_both_hold_is_the_narrower_of_each() {
        let of = |domain, instance| Wanted { domain, instance };
        let told = |one: Wanted<'static>, other| {
            one.within(other).map(|wanted| (wanted.domain, wanted.instance))
        };
        let kms = of(Some("kms"), None);
        assert_eq!(told(of(None, None), kms), Some((Some("kms"), None)));
        assert_eq!(told(kms, of(None, Some("kms01"))), Some((Some("kms"), Some("kms01"))));
        assert_eq!(
            told(of(None, Some("KMS01")), of(None, Some("kms01"))),
            Some((None, Some("KMS01")))
        );
        assert_eq!(told(kms, of(Some("csp"), None)), None);
        assert_eq!(told(of(Some("kms"), Some("kms01")), of(None, Some("kms02"))), None);
    }

    #[test]
    fn what_was_added_is_told_whole() {
        let (before, after) = differing(None, Some(map(json!({"a": 1}))));
        assert_eq!((before, after), (None, Some(map(json!({"a": 1})))));
    }
}
