//! Lists of editions that a user has: a table with Activation IDs and names under any headers, and optionally pools and counts.

use crate::artefact::csv::{Header, Row, Table};
use crate::artefact::trouble::{Next, Trouble, excerpt};
use crate::artefact::{Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::catalog::skus::{Pool, REQUIRED_CLIENT, REQUIRED_SERVER};
use crate::kms::model::OwnEdition;
use std::collections::BTreeMap;
use std::io::BufRead;
use uuid::Uuid;

// Headers by which a column is known; without one of them a column is told by what stands in it.
const ID: &[&str] = &["ActivationID", "SkuId", "Sku ID", "Guid", "ID"];
const NAME: &[&str] =
    &["Name", "ProductName", "Product", "Edition", "LicenseName", "DisplayName", "Description"];
const POOL: &[&str] = &["Pool", "ApplicationID", "Application"];
const REQUIRED: &[&str] = &["RequiredClientCount", "N", "Required", "MinimumCount"];

/// How many editions a list may have.
const MOST: usize = 100_000;

/// Whether the file is a table at all.
#[must_use]
pub fn is_table(sample: &Sample<'_>) -> bool {
    Header::of(sample).is_some()
}

/// Reads a list; an Activation ID that stands there twice is taken as it stands last, with a complaint when the two differ.
///
/// A row without a pool belongs to that of its name, one without a count needs what its kind needs: 25 for clients of Windows,
/// else 5.
pub fn read(input: &mut dyn BufRead, notes: &mut Notes) -> Outcome<Vec<OwnEdition>> {
    let mut editions = BTreeMap::new();
    if let Err(trouble) = rows(input, notes, &mut editions) {
        trouble.settle(notes)?;
    }
    if editions.is_empty() && notes.complaints.is_empty() {
        notes.complain(Place::Whole, "the table holds no edition");
    }
    Ok(editions.into_values().collect())
}

fn rows(
    input: &mut dyn BufRead,
    notes: &mut Notes,
    editions: &mut BTreeMap<Uuid, OwnEdition>,
) -> Result<(), Trouble> {
    let mut table = Table::open(input)?;
    let header = table.header().clone();
    let mut columns: Option<Columns> = None;
    loop {
        let row = match table.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(()),
            Err(trouble @ Trouble::Skip(..)) => {
                if trouble.settle(notes).is_ok_and(|next| next == Next::Piece) {
                    continue;
                }
                return Ok(());
            }
            Err(trouble) => return Err(trouble),
        };
        let place = Place::Line(row.line);
        let columns = match &columns {
            Some(columns) => columns,
            None => match Columns::of(&header, row) {
                Ok(found) => columns.insert(found),
                Err(missing) => {
                    return Err(Trouble::End(place, format!("no column has {missing}")));
                }
            },
        };
        match columns.edition(row) {
            Ok(edition) => {
                let before = editions.insert(edition.activation, edition.clone());
                if before.is_some_and(|before| before != edition) {
                    let message = format!("{} stands twice, differently", edition.activation);
                    notes.complain(place, message);
                }
            }
            Err(wrong) => notes.complain(place, wrong),
        }
        if editions.len() > MOST {
            return Err(Trouble::End(place, format!("the list has more than {MOST} editions")));
        }
    }
}

/// Which column has what.
struct Columns {
    id: usize,
    name: usize,
    pool: Option<usize>,
    required: Option<usize>,
}

fn guid(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text.trim().trim_matches(['{', '}'])).ok()
}

/// An `ApplicationID` is a GUID too, but names no edition.
fn is_activation(text: &str) -> bool {
    guid(text).is_some_and(|id| Pool::of_application(id) == Pool::Unknown)
}

impl Columns {
    /// The columns by their headers, else by the first row; an error is what none of them has.
    fn of(header: &Header, first: Row<'_>) -> Result<Self, &'static str> {
        let all = 0..header.width();
        let named = header.column(ID).filter(|column| is_activation(first.get(*column)));
        let id = named
            .or_else(|| all.clone().find(|column| is_activation(first.get(*column))))
            .ok_or("Activation IDs")?;
        let (pool, required) = (header.column(POOL), header.column(REQUIRED));
        let words = |column: &usize| {
            let text = first.get(*column).trim();
            let other = *column == id || Some(*column) == pool || Some(*column) == required;
            !other && guid(text).is_none() && text.contains(char::is_alphabetic)
        };
        let name = header.column(NAME).filter(|column| *column != id);
        let name = name.or_else(|| all.clone().find(words)).ok_or("names")?;
        Ok(Self { id, name, pool, required })
    }

    fn edition(&self, row: Row<'_>) -> Result<OwnEdition, String> {
        let text = |column: usize| row.get(column).trim();
        let id = text(self.id);
        let activation = guid(id)
            .filter(|_| is_activation(id))
            .ok_or_else(|| format!("`{}` is no Activation ID", excerpt(id)))?;
        let name = text(self.name);
        if name.is_empty() {
            return Err(format!("{activation} has no name"));
        }
        let told = self.pool.map(text).filter(|told| !told.is_empty());
        let pool = match told {
            Some(told) => pool_told(told).ok_or_else(|| {
                format!("`{}` is no pool; there is windows, office14, office15+", excerpt(told))
            })?,
            None => pool_of_name(name).ok_or_else(|| {
                format!("the pool of `{}` is not told: give a column `Pool`", excerpt(name))
            })?,
        };
        let told = self.required.map(text).filter(|told| !told.is_empty());
        let required = match told {
            Some(told) => told
                .parse()
                .ok()
                .filter(|required| (1..u32::MAX).contains(required))
                .ok_or_else(|| format!("`{}` is no count of clients", excerpt(told)))?,
            None => usual(pool, name),
        };
        Ok(OwnEdition { activation, name: name.to_owned(), pool, required })
    }
}

/// The pool of its word, or of an `ApplicationID`.
fn pool_told(told: &str) -> Option<Pool> {
    let of_word = || {
        let is = |pool: &Pool| pool.word().eq_ignore_ascii_case(told);
        Pool::ALL.into_iter().find(is)
    };
    let pool = guid(told).map(Pool::of_application).or_else(of_word);
    pool.filter(|pool| *pool != Pool::Unknown)
}

/// The pool that the names of the built-in table would have.
fn pool_of_name(name: &str) -> Option<Pool> {
    let name = name.to_lowercase();
    let office_14 = ["office 2010", "office 14", "office14"];
    let office = ["office", "visio", "project"];
    if name.contains("windows") {
        Some(Pool::Windows)
    } else if office_14.iter().any(|word| name.contains(word)) {
        Some(Pool::Office14)
    } else {
        office.iter().any(|word| name.contains(word)).then_some(Pool::Office15)
    }
}

fn usual(pool: Pool, name: &str) -> u32 {
    let client = pool == Pool::Windows && !name.to_lowercase().contains("server");
    if client { REQUIRED_CLIENT } else { REQUIRED_SERVER }
}

#[cfg(test)]
mod tests {
    use super::{OwnEdition, Pool, read};
    use crate::artefact::Notes;
    use uuid::Uuid;

    const A: &str = "9caad000-0000-4000-8000-00000000000a";
    const B: &str = "9caad000-0000-4000-8000-00000000000b";

    fn list(text: &str) -> (Vec<OwnEdition>, Vec<String>) {
        let mut notes = Notes::default();
        let editions = read(&mut text.as_bytes(), &mut notes).unwrap();
        let told = notes.complaints.kept.iter();
        (editions, told.map(|one| format!("{}: {}", one.place, one.message)).collect())
    }

    fn edition(id: &str, name: &str, pool: Pool, required: u32) -> OwnEdition {
        OwnEdition {
            activation: Uuid::parse_str(id).unwrap(),
            name: name.to_owned(),
            pool,
            required,
        }
    }

    #[test]
    fn ids_and_names_are_found_under_any_header() {
        let app = "55c92734-d682-4d71-983e-d6ec3f16059f";
        let expected = [edition(A, "Windows Server 2031 ServerStandard", Pool::Windows, 5)];
        for text in [
            format!("ActivationID,Name\n{A},Windows Server 2031 ServerStandard\n"),
            format!("Beschreibung;Kennung\nWindows Server 2031 ServerStandard;{{{A}}}\n"),
            format!("app,what,x\n{app},Windows Server 2031 ServerStandard,{}\n", A.to_uppercase()),
            format!(
                "ID,Name\n\"{A}\",\"Windows Server 2031 ServerStandard\"\n{A},Windows Server 2031 ServerStandard\n"
            ),
        ] {
            assert_eq!(list(&text), (expected.to_vec(), Vec::new()), "{text}");
        }
    }

    #[test]
    fn the_pool_and_the_count_are_taken_or_those_of_the_name() {
        let text = format!(
            "ActivationID,Name,Pool,RequiredClientCount\n{A},Visio 2031,Office14,9\n{B},Windows 15 Enterprise,,\n"
        );
        let expected = [
            edition(A, "Visio 2031", Pool::Office14, 9),
            edition(B, "Windows 15 Enterprise", Pool::Windows, 25),
        ];
        assert_eq!(list(&text), (expected.to_vec(), Vec::new()));
        let office = format!("id,name,ApplicationID\n{A},x,0ff1ce15-a989-479d-af46-f275c6370663\n");
        assert_eq!(list(&office).0, [edition(A, "x", Pool::Office15, 5)]);
    }

    #[test]
    fn every_row_that_is_wrong_is_told_with_its_line() {
        let text = format!(
            "ID,Name,Pool,N\n{A},Windows 15,,\nhello,x,,\n{B},,,\n{B},Wonder,,\n{B},Windows 16,moon,\n{B},Windows 16,,many\n{A},Windows 17,,\n"
        );
        let (_, told) = list(&text);
        assert_eq!(
            told,
            [
                "line 3: `hello` is no Activation ID".to_owned(),
                format!("line 4: {B} has no name"),
                "line 5: the pool of `Wonder` is not told: give a column `Pool`".to_owned(),
                "line 6: `moon` is no pool; there is windows, office14, office15+".to_owned(),
                "line 7: `many` is no count of clients".to_owned(),
                format!("line 8: {A} stands twice, differently"),
            ]
        );
        assert_eq!(list("a,b\nx,y\n").1, ["line 2: no column has Activation IDs"]);
        assert_eq!(list(&format!("a,b\n{A},{B}\n")).1, ["line 2: no column has names"]);
        assert_eq!(list("a,b\n").1, [": the table holds no edition"]);
    }
}
