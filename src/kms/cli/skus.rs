//! `kms sku …`: the products that are activated through KMS, those of the built-in table and those that a user imported.

use crate::artefact::Notes;
use crate::artefact::files::read_text;
use crate::error::{Complaint, Outcome, Place, Usage, Verdict, Warning};
use crate::kms::catalog::skus::Pool;
use crate::kms::model::{Editions, Listed, OwnEdition};
use crate::kms::ops::editions;
use crate::kms::view::{LearnedView, SkuView};
use crate::kms::{import, store};
use crate::output::{ListOptions, nearest};
use crate::session::Session;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use clap_complete::ArgValueCompleter;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use uuid::Uuid;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the products that are activated through KMS
    #[command(
        after_help = "Examples:\n  licctl kms sku list --pool windows\n  licctl kms sku list --filter 'name~2019'\n  licctl kms sku list --filter 'source=imported'"
    )]
    List {
        /// Only this pool
        #[arg(long, value_name = "POOL", value_parser = PossibleValuesParser::new(Pool::ALL.map(Pool::word)))]
        pool: Option<String>,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Show the product of an Activation ID or a name
    #[command(
        visible_alias = "lookup",
        after_help = "Examples:\n  licctl kms sku show 2de67392-b7a7-462a-b1ca-108dd189f588\n  licctl kms sku show 'Windows 10 Professional'"
    )]
    Show {
        /// Activation ID, with or without braces, or the name
        #[arg(value_name = "ID|NAME", add = ArgValueCompleter::new(super::complete::editions))]
        product: String,
    },
    /// Make products known that are younger than the built-in table
    ///
    /// The file is a table with Activation IDs and names under any headers. The columns `Pool` (windows, office14, office15+, or
    /// an ApplicationID) and `RequiredClientCount` may be left out: the name then says them. Reports count the clients of these
    /// products in their pool from then on. `licctl undo` takes it back.
    #[command(
        after_help = "Examples:\n  licctl kms sku import editions.csv\n  printf 'ActivationID,Name\\n6c4de1b8-24bb-4c17-9a77-7b939414c298,Windows Server 2031 ServerStandard\\n' | licctl kms sku import -"
    )]
    Import {
        /// The file; `-`: the standard input
        #[arg(value_name = "FILE|-", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    if let Command::Import { file } = command {
        return learn(file, session);
    }
    // The built-in table needs no store.
    let known = if session.has_store() {
        session.read(|read, _| store::editions::all(read))?
    } else {
        Editions::default()
    };
    match command {
        Command::List { pool, list } => {
            let pool = pool.as_deref().and_then(super::questions::pool_named);
            let all = known.all().into_iter();
            let listed = all.filter(|edition| pool.is_none_or(|pool| edition.pool == pool));
            session.printer.rows::<SkuView>(list, listed.map(SkuView::from))?;
        }
        Command::Show { product } => session.show(&SkuView::from(found(product, &known)?))?,
        Command::Import { .. } => {}
    }
    Ok(Verdict::Yes)
}

fn learn(file: &Path, session: &mut Session) -> Outcome<Verdict> {
    let list = read(file)?;
    let (learned, kept) = session.write(|tx, _| editions::learn(tx, &list))?;
    for id in kept {
        let message = format!("{id} is in the built-in table, which stays as it is");
        session.warn(Warning::new("built-in", message));
    }
    let counted = |count: u64, what: &str| format!("{count} {what}");
    let sentence = [
        counted(learned.added, "new"),
        counted(learned.changed, "changed"),
        counted(learned.unchanged, "known already"),
    ];
    session.tell(
        &LearnedView::from(&learned),
        &format!("imported editions: {}", sentence.join(", ")),
    )?;
    Ok(Verdict::Yes)
}

fn read(file: &Path) -> Outcome<Vec<OwnEdition>> {
    read_text(file, Rc::new(|_| ()), |sample, input| {
        if !import::editions::is_table(sample) {
            let complaint = Complaint::new(Place::Whole, "the file is no table");
            return Err(complaint.remedied("give a CSV file with a header").into());
        }
        let mut notes = Notes::default();
        let list = import::editions::read(input, &mut notes)?;
        if notes.complaints.is_empty() { Ok(list) } else { Err(notes.complaints.into()) }
    })
}

fn found<'a>(product: &str, known: &'a Editions) -> Outcome<Listed<'a>> {
    let id = Uuid::try_parse(product).ok();
    let listed = match id {
        Some(id) => known.get(id),
        None => known.named(product),
    };
    listed.ok_or_else(|| {
        let usage = Usage::new(format!("no product `{product}` is known"));
        let names: Vec<String> =
            known.all().iter().map(|edition| edition.name.to_owned()).collect();
        let near = nearest(product, &names);
        let usage = match (id, near.is_empty()) {
            (Some(_), _) => usage.hinted(
                "its requests are counted in the pool `unknown`; `licctl kms sku import` tells of it",
            ),
            (None, true) => usage.hinted("`licctl kms sku list` shows them"),
            (None, false) => usage.hinted(format!("did you mean {}?", near.join(", "))),
        };
        usage.into()
    })
}

#[cfg(test)]
mod tests {
    use super::{Editions, found};

    #[test]
    fn a_product_is_found_by_its_id_in_any_notation_and_by_its_name() {
        let known = Editions::default();
        for text in [
            "2de67392-b7a7-462a-b1ca-108dd189f588",
            "{2DE67392-B7A7-462A-B1CA-108DD189F588}",
            "windows 10 professional",
        ] {
            assert_eq!(found(text, &known).unwrap().name, "Windows 10 Professional", "{text}");
        }
        let status = |text| found(text, &known).unwrap_err().status();
        assert_eq!(status("00000000-0000-4000-8000-000000000001"), 2);
        assert_eq!(status("Windows 95"), 2);
    }
}
