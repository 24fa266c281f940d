//! Text of `vim-cmd vimsvc/license` in the shell of `ESXi`: what a host itself says of its licenses.
//!
//! Prompts, banners and cut-outs around it are passed over. A block begins at its `serial:`.

use super::record::{LicenseSaid, Part, Parts, Record, Said};
use super::{Each, Options, told};
use crate::api::Source;
use crate::artefact::{Fit, Kind, LONGEST, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::vsphere::catalog::properties::{self as known, Holds};
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::{AnyValue, KeyAnyValue, KeyValue, Width};
use anyhow::Context;
use std::io::{BufRead as _, Read as _};

pub(super) static KIND: Kind = Kind {
    name: "vsphere.vim-cmd",
    title: "Text of `vim-cmd vimsvc/license --show`",
    binary: false,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let has = |head: &str| sample.text.lines().any(|line| line.trim_start().starts_with(head));
    if has("serial:") && (has("vmodl key:") || has("unit:") || has("Properties:") || has("total:"))
    {
        return Fit::Yes(8);
    }
    if has("vmodl key:") || sample.text.contains("Sending request for installed licenses") {
        return Fit::Near("it has no serial line");
    }
    Fit::No
}

/// Reads a file; each block is a view of the host on one of its licenses. Evaluations come last: a host that has a license beside
/// one runs on the license.
///
/// Complains of a text without a serial line, and of numbers that are none.
pub(super) fn read(
    source: Source<'_>,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let input = source.text()?;
    let mut line = String::new();
    let mut number = 0;
    let mut block: Option<Block> = None;
    let (mut any, mut host) = (false, None);
    let mut evaluations = Vec::new();
    let mut end = |block: Block, each: &mut Each<'_>| {
        if block.info.license_key.is_evaluation() {
            evaluations.push(block);
            return Ok(());
        }
        block.end(each)
    };
    loop {
        line.clear();
        let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        let read = (&mut *input).take(limit).read_line(&mut line).context("reading the text")?;
        number += 1;
        let text = line.trim();
        if let (true, Some(serial)) = (read > 0, text.strip_prefix("serial:")) {
            any = true;
            let next = Block::new(Place::Line(number), serial.trim(), host.clone());
            if let Some(block) = block.replace(next) {
                end(block, each)?;
            }
            continue;
        }
        if let Some(name) = prompt(text) {
            host = Some(name);
        }
        // A report ends at a blank line behind its properties, and at what the shell says next.
        let over = read == 0
            || text.starts_with('[') && !text.contains("] = ")
            || text.starts_with("Result:")
            || text.is_empty() && block.as_ref().is_some_and(|block| block.in_properties);
        if over {
            if let Some(block) = block.take() {
                end(block, each)?;
            }
        } else if let Some(block) = &mut block {
            block.line(text, Place::Line(number), notes);
        }
        if read == 0 {
            break;
        }
    }
    for block in evaluations {
        block.end(each)?;
    }
    if !any {
        notes.complain_with(
            Place::Whole,
            "no serial line",
            "`vim-cmd vimsvc/license --show` prints one for each license",
        );
    }
    Ok(())
}

/// A license as far as its block was read.
struct Block {
    place: Place,
    host: Option<String>,
    info: LicenseInfo,
    lacks: Parts,
    in_properties: bool,
    sound: bool,
}

impl Block {
    fn new(place: Place, serial: &str, host: Option<String>) -> Self {
        let lacks = Parts::all().without(Part::Properties);
        let info = LicenseInfo::of_key(serial);
        Self { place, host, info, lacks, in_properties: false, sound: true }
    }

    fn line(&mut self, text: &str, place: Place, notes: &mut Notes) {
        if text == "Properties:" {
            self.in_properties = true;
            return;
        }
        if let Some((key, value)) = text.strip_prefix('[').and_then(|rest| rest.split_once("] = "))
        {
            self.info.properties.extend(property(key, value));
            return;
        }
        let Some((name, value)) = text.split_once(':') else { return };
        let value = value.trim();
        match name {
            "vmodl key" => {
                value.clone_into(&mut self.info.edition_key);
                self.lacks = self.lacks.without(Part::EditionKey);
            }
            "name" => {
                value.clone_into(&mut self.info.name);
                self.lacks = self.lacks.without(Part::Name);
            }
            "unit" => {
                value.clone_into(&mut self.info.cost_unit);
                self.lacks = self.lacks.without(Part::CostUnit);
            }
            "total" => {
                self.info.total = self.number("total", value, place, notes);
                self.lacks = self.lacks.without(Part::Total);
            }
            "used" => {
                self.info.used = Some(self.number("used", value, place, notes));
                self.lacks = self.lacks.without(Part::Used);
            }
            _ => {}
        }
    }

    fn number(&mut self, name: &str, text: &str, place: Place, notes: &mut Notes) -> i32 {
        if let Ok(number) = text.parse() {
            return number;
        }
        self.sound = false;
        let wrong = match text.parse::<i64>() {
            Ok(_) => format!("`{name}` exceeds int32"),
            Err(_) => format!("`{name}` is no number: `{}`", told(text)),
        };
        notes.complain(place, wrong);
        0
    }

    fn end(mut self, each: &mut Each<'_>) -> Outcome<()> {
        if !self.sound {
            return Ok(());
        }
        if self.info.license_key.is_evaluation() {
            self.info.used = None;
        }
        let said = LicenseSaid { info: self.info, lacks: self.lacks };
        each(self.place, Record::new(Said::HostView(self.host, Box::new(said))))
    }
}

/// The host whose shell asks for a command: `[root@esx01:~] vim-cmd …`.
fn prompt(text: &str) -> Option<String> {
    let (inside, _) = text.strip_prefix('[')?.split_once(']')?;
    let (_, name) = inside.split_once('@')?;
    let name = name.split(':').next().unwrap_or(name);
    (!name.is_empty() && !name.contains(' ')).then(|| name.to_owned())
}

/// A property by its text; `None` for what the shell cannot print.
fn property(key: &str, value: &str) -> Option<KeyAnyValue> {
    if value.starts_with("<Not supported type") {
        return None;
    }
    let holds = known::find(key).map(|property| property.holds);
    let whole = |width: Width| {
        value
            .parse()
            .ok()
            .filter(|number| width.holds(*number))
            .map(|number| AnyValue::Whole(width, number))
    };
    let typed = match holds {
        Some(Holds::Long) => whole(Width::Long),
        Some(Holds::Int) => whole(Width::Int),
        Some(Holds::Instant) => {
            crate::clock::Timestamp::parse(value).map(|_| AnyValue::Instant(value.to_owned()))
        }
        _ => None,
    };
    let pair = || {
        let (word, rest) = value.split_once(" (\"")?;
        let text = rest.strip_suffix("\")")?;
        (!word.contains(' ')).then(|| AnyValue::Pair(KeyValue::new(word, text)))
    };
    let value = typed.or_else(pair).unwrap_or_else(|| AnyValue::Text(value.to_owned()));
    Some(KeyAnyValue::new(key, value))
}

#[cfg(test)]
mod tests {
    use super::{KIND, read};
    use crate::artefact::{Fit, Sample};
    use crate::clock::Timestamp;
    use crate::vsphere::import::record::{LicenseSaid, Said};
    use crate::vsphere::import::testing::records_of;
    use crate::vsphere::model::value::AnyValue;
    use crate::vsphere::rules::expiry;

    const SHOWN: &str = "[200] Sending request for installed licenses...[200] Complete, result is:\n   serial: AAAAA-AAAAA-AAAAA-AAAAA-AAAA1\n   vmodl key: esx.enterprisePlus.cpuPackageCoreLimited\n   name: vSphere 8 Enterprise Plus\n   total: 10\n   used:  4\n   unit: cpuPackage:32core\n   Properties:\n     [ProductName] = VMware ESX Server\n     [ProductVersion] = 8.0\n     [expirationHours] = 1439\n     [expirationMinutes] = 5\n     [feature] = vsmp:0 (\"Unlimited virtual SMP\")\n     [Localized] = <Not supported type for value: 0x1f2b8ce0>\n\n[200] End of report.\n";

    fn views(text: &str) -> Vec<LicenseSaid> {
        let (found, notes) = records_of(read, text);
        assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
        found
            .into_iter()
            .map(|said| match said {
                Said::HostView(_, view) => *view,
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn a_block_is_read_with_the_types_of_its_properties() {
        let [view] = views(SHOWN).try_into().unwrap();
        assert_eq!((view.info.total, view.info.used), (10, Some(4)));
        assert_eq!(view.info.properties.len(), 5);
        assert!(
            matches!(&view.info.properties[4].value, AnyValue::Pair(pair) if pair.key == "vsmp:0")
        );
    }

    #[test]
    fn one_blank_or_two_behind_the_colon_and_several_blocks_in_a_shell() {
        let text = format!(
            "~ # vim-cmd vimsvc/license --show\n{}{}",
            SHOWN.replace("used:  4", "used: 4"),
            SHOWN
        );
        let views = views(&text);
        assert_eq!(views.iter().map(|view| view.info.used).collect::<Vec<_>>(), [Some(4), Some(4)]);
    }

    #[test]
    fn the_prompt_of_a_shell_names_the_host() {
        let text = format!("[root@esx07:~] vim-cmd vimsvc/license --show\n{SHOWN}");
        let (found, _) = records_of(read, &text);
        assert!(matches!(&found[0], Said::HostView(Some(name), _) if name == "esx07"), "{found:?}");
        let (found, _) = records_of(read, SHOWN);
        assert!(matches!(&found[0], Said::HostView(None, _)));
    }

    #[test]
    fn hours_and_minutes_of_a_host_are_never_taken_for_minutes_alone() {
        let now = Timestamp::parse("2015-07-19T09:27:29Z").unwrap();
        let [old] = views(SHOWN).try_into().unwrap();
        let (end, _) = expiry::derived(&old.info.properties, now).unwrap();
        assert_eq!(end.since(now), ((59 * 24 + 23) * 60 + 5) * 60_000);
        let new = SHOWN.replace("= 1439", "= 2042").replace("= 5", "= 122520");
        let [new] = views(&new).try_into().unwrap();
        let (end, _) = expiry::derived(&new.info.properties, now).unwrap();
        assert_eq!(end.since(now), ((85 * 24) + 2) * 3_600_000);
    }

    #[test]
    fn a_text_without_a_serial_line_is_refused() {
        let cut = SHOWN.replace("serial:", "number:");
        let (found, notes) = records_of(read, &cut);
        assert!(found.is_empty());
        assert_eq!(notes.complaints.kept[0].message, "no serial line");
        let fit = |text: &str| (KIND.sniff)(&Sample { name: "", bytes: text.as_bytes(), text });
        assert_eq!(fit(SHOWN), Fit::Yes(8));
        assert!(matches!(fit(&cut), Fit::Near(_)));
        let (_, notes) = records_of(read, &SHOWN.replace("total: 10", "total: 2147483648"));
        assert_eq!(notes.complaints.kept[0].message, "`total` exceeds int32");
    }
}
