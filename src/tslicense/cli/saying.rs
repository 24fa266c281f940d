//! What commands that bring licenses say of the call: purchase numbers, terms, the source.

use super::acting::number;
use crate::artefact::files::read_text;
use crate::error::{Outcome, Usage};
use crate::output::nearest;
use crate::tslicense::catalog::enumerations::PRODUCT_WORDS;
use crate::tslicense::catalog::methods::Program;
use crate::tslicense::catalog::versions::{self, VERSIONS};
use crate::tslicense::rules::typed::Given;
use crate::tslicense::rules::{Controls, Modelled, SourceState};
use crate::wording::many;
use anyhow::Context;
use clap::Args;
use clap_complete::ArgValueCompleter;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The numbers of an Open License.
#[derive(Debug, Args)]
pub(super) struct OpenNumbers {
    /// License number: 8 digits (`sLicenseNumber`)
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "authorization_number",
        required_unless_present = "numbers_file"
    )]
    license_number: Option<String>,
    /// Authorization number: 15 letters or digits (`sAuthorizationNumber`)
    #[arg(long, value_name = "NUMBER", requires = "license_number")]
    authorization_number: Option<String>,
    /// Read both from this file, a line each; `-`: from the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "license_number")]
    numbers_file: Option<PathBuf>,
}

/// The number of an agreement.
#[derive(Debug, Args)]
pub(super) struct AgreementNumbers {
    /// Kind of the agreement: 0 Select, 1 Enterprise, 2 Campus, 3 School, 4 SPLA, 5 other (`AgreementType`)
    #[arg(long, value_name = "TYPE", allow_negative_numbers = true)]
    agreement_type: String,
    /// Number of the agreement or enrolment (`sAgreementNumber`)
    #[arg(long, value_name = "NUMBER", required_unless_present = "numbers_file")]
    agreement_number: Option<String>,
    /// Read the number from this file; `-`: from the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "agreement_number")]
    numbers_file: Option<PathBuf>,
}

/// A license code.
#[derive(Debug, Args)]
pub(super) struct RetailNumbers {
    /// License code: 25 letters or digits (`sLicenseCode`)
    #[arg(long, value_name = "CODE", required_unless_present = "numbers_file")]
    license_code: Option<String>,
    /// Read the code from this file; `-`: from the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "license_code")]
    numbers_file: Option<PathBuf>,
}

/// A key pack ID.
#[derive(Debug, Args)]
pub(super) struct OfflineNumbers {
    /// License key pack ID: 35 letters or digits (`sLicenseKeyPackId`)
    #[arg(long, value_name = "ID", required_unless_present = "numbers_file")]
    license_keypack_id: Option<String>,
    /// Read the ID from this file; `-`: from the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with = "license_keypack_id")]
    numbers_file: Option<PathBuf>,
    /// `KeyPackType` of the pack that the model makes; 2: volume
    #[arg(long, value_name = "TYPE")]
    key_pack_type: Option<u32>,
}

/// Version, product and count.
#[derive(Debug, Args)]
pub(super) struct TermsArguments {
    /// Version of the licenses, by its year or its number (`ProductVersion`)
    #[arg(long, value_name = "VERSION", allow_negative_numbers = true, add = ArgValueCompleter::new(super::complete::versions))]
    product_version: String,
    /// `per-device` or `per-user`, or the number (`ProductType`)
    #[arg(long, value_name = "TYPE", allow_negative_numbers = true)]
    product_type: String,
    /// Number of licenses (`LicenseCount`)
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    count: String,
}

/// Version, product and count, where only the clearinghouse knows them.
#[derive(Debug, Args)]
#[command(next_help_heading = "What the clearinghouse would tell")]
pub(super) struct ModelledArguments {
    /// Version of the licenses, by its year or its number
    #[arg(long, value_name = "VERSION", requires = "product_type", requires = "count", add = ArgValueCompleter::new(super::complete::versions))]
    product_version: Option<String>,
    /// `per-device` or `per-user`
    #[arg(long, value_name = "TYPE", requires = "product_version")]
    product_type: Option<String>,
    /// Number of licenses
    #[arg(long, value_name = "N", requires = "product_version")]
    count: Option<u32>,
}

/// The server that has the licenses now.
#[derive(Debug, Args)]
pub(super) struct SourceArguments {
    /// Its fully qualified name or IP address (`sSourceLSName`)
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(super::complete::servers))]
    source_name: String,
    /// Its license server ID: 35 letters or digits (`sSourceLSProductId`)
    #[arg(long, value_name = "ID")]
    source_id: String,
    /// It is gone for good
    #[arg(long, conflicts_with = "source_unreachable")]
    source_dead: bool,
    /// It cannot be reached now
    #[arg(long)]
    source_unreachable: bool,
    /// Import again what was imported from a server that cannot be asked
    #[arg(long)]
    allow_repeat: bool,
}

/// What a command says of a call.
#[derive(Default)]
pub(super) struct Saying {
    pub(super) given: Vec<(String, Given)>,
    pub(super) controls: Controls,
}

impl Saying {
    fn text(&mut self, name: &str, text: &str) {
        self.given.push((name.to_owned(), Given::Text(text.to_owned())));
    }

    /// Purchase numbers as they were typed, or from a file: a line each, in the order of the parameters.
    fn numbers<const N: usize>(
        &mut self,
        names: [&str; N],
        typed: [Option<&str>; N],
        file: Option<&Path>,
    ) -> Outcome<()> {
        let Some(path) = file else {
            for (name, text) in names.into_iter().zip(typed) {
                self.text(name, text.unwrap_or_default());
            }
            return Ok(());
        };
        let lines = lines(path)?;
        if lines.len() != N {
            let message =
                format!("{} has {} of numbers", path.display(), many(lines.len(), "line"));
            return Err(Usage::new(message)
                .hinted(format!("{N} are wanted: {}", names.join(", ")))
                .into());
        }
        for (name, line) in names.into_iter().zip(&lines) {
            self.text(name, line);
        }
        Ok(())
    }

    fn terms(&mut self, terms: &TermsArguments) -> Outcome<()> {
        let version = product_version(&terms.product_version)?;
        let product = product_type(&terms.product_type)?;
        let count = number("count", &terms.count)?;
        self.given.push(("ProductVersion".to_owned(), version));
        self.given.push(("ProductType".to_owned(), product));
        self.given.push(("LicenseCount".to_owned(), count));
        Ok(())
    }

    fn modelled(&mut self, terms: &ModelledArguments, kind: Option<u32>) -> Outcome<()> {
        let (Some(version), Some(product), Some(count)) =
            (&terms.product_version, &terms.product_type, terms.count)
        else {
            return Ok(());
        };
        let known = |given: Given| match given {
            Given::Number(number) => u32::try_from(number).ok(),
            _ => None,
        };
        let version = known(product_version(version)?).filter(|id| (2..=8).contains(id));
        let product = known(product_type(product)?).filter(|product| *product < 2);
        let (Some(version), Some(product)) = (version, product) else {
            return Err(Usage::new("no pack has such a version or product")
                .hinted("versions are 2008 to 2025, products `per-device` and `per-user`")
                .into());
        };
        if count == 0 || count == u32::MAX {
            return Err(Usage::new("a pack has 1 to 4294967294 licenses").into());
        }
        self.controls.modelled = Some(Modelled { version, product, count, key_pack_type: kind });
        Ok(())
    }

    pub(super) fn source(&mut self, source: &SourceArguments) {
        self.text("sSourceLSName", &source.source_name);
        self.text("sSourceLSProductId", &source.source_id);
        self.controls.allow_repeat = source.allow_repeat;
        self.controls.source = match (source.source_dead, source.source_unreachable) {
            (true, _) => SourceState::Dead,
            (_, true) => SourceState::Unreachable,
            _ => SourceState::AsStored,
        };
    }
}

/// The lines of a file that hold something, as they are.
fn lines(path: &Path) -> Outcome<Vec<String>> {
    let text = read_text(path, Rc::new(|_| ()), |_, input| {
        let mut text = String::new();
        let reading = || format!("reading {}", path.display());
        input.take(LONGEST).read_to_string(&mut text).with_context(reading)?;
        Ok(text)
    })?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect())
}

/// More bytes than any call has numbers.
const LONGEST: u64 = 4096;

/// The numbers that a program wants.
pub(super) trait Numbers {
    const PROGRAM: Program;
    fn say(&self, saying: &mut Saying) -> Outcome<()>;
    fn key_pack_type(&self) -> Option<u32> {
        None
    }
}

impl Numbers for OpenNumbers {
    const PROGRAM: Program = Program::Open;
    fn say(&self, saying: &mut Saying) -> Outcome<()> {
        let typed = [self.license_number.as_deref(), self.authorization_number.as_deref()];
        saying.numbers(
            ["sLicenseNumber", "sAuthorizationNumber"],
            typed,
            self.numbers_file.as_deref(),
        )
    }
}

impl Numbers for AgreementNumbers {
    const PROGRAM: Program = Program::Agreement;
    fn say(&self, saying: &mut Saying) -> Outcome<()> {
        let kind = number("agreement-type", &self.agreement_type)?;
        saying.given.push(("AgreementType".to_owned(), kind));
        let typed = [self.agreement_number.as_deref()];
        saying.numbers(["sAgreementNumber"], typed, self.numbers_file.as_deref())
    }
}

impl Numbers for RetailNumbers {
    const PROGRAM: Program = Program::Retail;
    fn say(&self, saying: &mut Saying) -> Outcome<()> {
        let typed = [self.license_code.as_deref()];
        saying.numbers(["sLicenseCode"], typed, self.numbers_file.as_deref())
    }
}

impl Numbers for OfflineNumbers {
    const PROGRAM: Program = Program::Offline;
    fn say(&self, saying: &mut Saying) -> Outcome<()> {
        let typed = [self.license_keypack_id.as_deref()];
        saying.numbers(["sLicenseKeyPackId"], typed, self.numbers_file.as_deref())
    }
    fn key_pack_type(&self) -> Option<u32> {
        self.key_pack_type
    }
}

/// What a call says of version, product and count.
pub(super) trait Terms {
    fn say(&self, kind: Option<u32>, saying: &mut Saying) -> Outcome<()>;
}

impl Terms for TermsArguments {
    fn say(&self, _: Option<u32>, saying: &mut Saying) -> Outcome<()> {
        saying.terms(self)
    }
}

impl Terms for ModelledArguments {
    fn say(&self, kind: Option<u32>, saying: &mut Saying) -> Outcome<()> {
        saying.modelled(self, kind)
    }
}

/// A product version: a number goes to the API as it is, a name is looked up.
///
/// Usage error for a name that is unknown.
pub(super) fn product_version(text: &str) -> Outcome<Given> {
    if let Some(row) = versions::named(text) {
        return Ok(Given::Number(i128::from(row.id)));
    }
    text.parse().map(Given::Number).map_err(|_| {
        let names: Vec<String> =
            VERSIONS.iter().flat_map(|row| row.words).map(|word| (*word).to_owned()).collect();
        let near = nearest(text, &names);
        let hint = if near.is_empty() { names } else { near };
        Usage::new(format!("`{text}` is no version of licenses"))
            .hinted(format!("there is {}, or a number", hint.join(", ")))
            .into()
    })
}

/// A product type: a number goes to the API as it is, a name is looked up.
///
/// Usage error for a name that is unknown.
pub(super) fn product_type(text: &str) -> Outcome<Given> {
    let named = PRODUCT_WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    if let Some((_, value)) = named {
        return Ok(Given::Number(i128::from(*value)));
    }
    text.parse().map(Given::Number).map_err(|_| {
        Usage::new(format!("`{text}` is no product type"))
            .hinted("there is per-device, per-user, or a number")
            .into()
    })
}
