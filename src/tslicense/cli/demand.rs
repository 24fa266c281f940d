//! The file of `audit --demand`: what will be used instead of what is.

use crate::artefact::files::read_text;
use crate::error::{Complaint, Complaints, Outcome, Place, Stop};
use crate::tslicense::catalog::versions::{self, Tier};
use crate::tslicense::report::audit::Kind;
use anyhow::Context;
use std::io::Read as _;
use std::path::Path;
use std::rc::Rc;

/// Licenses by kind and rank.
pub(super) type Demand = Vec<((Kind, Tier), u64)>;

/// The header that the file begins with.
const HEADER: [&str; 3] = ["type", "version", "count"];

/// More bytes than a demand has.
const LONGEST: u64 = 1 << 20;

/// Reads the file.
///
/// Complains of every line that is none.
pub(super) fn read(path: &Path) -> Outcome<Demand> {
    let text = read_text(path, Rc::new(|_| ()), |_, input| {
        let mut text = String::new();
        let reading = || format!("reading {}", path.display());
        input.take(LONGEST).read_to_string(&mut text).with_context(reading)?;
        Ok(text)
    })?;
    parse(&text).map_err(|wrong| Stop::from(wrong).within(&path.display().to_string()))
}

fn parse(text: &str) -> Result<Demand, Complaints> {
    let mut demand = Demand::new();
    let mut complaints = Complaints::default();
    let mut begun = false;
    for (at, line) in (1_u64..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let fields: Vec<&str> =
            line.split(',').map(|field| field.trim().trim_matches('"')).collect();
        if !begun {
            begun = true;
            if fields != HEADER {
                let wrong =
                    Complaint::new(Place::Line(at), "the header is not `type,version,count`");
                complaints.push(wrong.remedied("begin the file with that line"));
                return Err(complaints);
            }
            continue;
        }
        match row(&fields) {
            Ok(row) => demand.push(row),
            Err(message) => complaints.push(Complaint::new(Place::Line(at), message)),
        }
    }
    if !begun {
        complaints.push(Complaint::new(Place::Whole, "the file is empty"));
    }
    if complaints.is_empty() { Ok(demand) } else { Err(complaints) }
}

fn row(fields: &[&str]) -> Result<((Kind, Tier), u64), String> {
    let [kind, version, count] = fields else {
        return Err(format!("{} fields instead of 3", fields.len()));
    };
    let kind = [Kind::Device, Kind::User]
        .into_iter()
        .find(|known| known.word().eq_ignore_ascii_case(kind))
        .ok_or_else(|| format!("type `{kind}` is neither `device` nor `user`"))?;
    let row = versions::named(version)
        .ok_or_else(|| format!("`{version}` is no version; write one as `2019`"))?;
    let count = count.parse().map_err(|_| format!("`{count}` is no number of licenses"))?;
    Ok(((kind, row.tier), count))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::tslicense::catalog::versions::Tier;
    use crate::tslicense::report::audit::Kind;

    #[test]
    fn a_demand_is_read_and_every_wrong_line_is_told() {
        let read = parse("type,version,count\r\nuser,2019,25\n\n\"device\",\"2022\",\"3\"\n");
        let rows = [((Kind::User, Tier(6)), 25), ((Kind::Device, Tier(7)), 3)];
        assert_eq!(read.ok().unwrap(), rows);
        let wrong =
            parse("type,version,count\nsuite,2019,1\nuser,2021,1\nuser,2019,-1\nuser,2019\n");
        assert_eq!(wrong.err().unwrap().count(), 4);
        assert_eq!(parse("user,2019,25\n").err().unwrap().count(), 1);
        assert_eq!(parse("").err().unwrap().count(), 1);
    }
}
