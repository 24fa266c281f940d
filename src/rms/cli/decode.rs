//! `rms decode …`: what encoded numbers and codes say.

use super::files;
use crate::error::{Outcome, Refusal, Usage, Verdict};
use crate::output::ListOptions;
use crate::rms::catalog::codes::{SNTL_LOCK_CODE_INVALID, SNTL_LOCK_SELECTOR_INVALID};
use crate::rms::catalog::versions::numbered;
use crate::rms::rules::locks::selector;
use crate::rms::view::{LockCodeView, LockMaskView, MachineCodeView, VersionView};
use crate::session::Session;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Which version a `licenseVersion` is of; exit 1 when it is not listed
    #[command(
        after_help = "Examples:\n  licctl rms decode license-version 155254784\n  licctl rms decode license-version 0x09500000\n  licctl rms decode license-version v20"
    )]
    LicenseVersion {
        /// The number, decimal or with `0x`; or a version, as `v20`
        #[arg(value_name = "N")]
        number: String,
    },
    /// Which locking criteria a mask holds
    #[command(after_help = "Example:\n  licctl rms decode lock-mask 0x2014")]
    LockMask {
        /// The mask, decimal or with `0x`
        #[arg(value_name = "N", allow_hyphen_values = true)]
        mask: String,
    },
    /// Which criteria a locking code was made by; the rest of it is opaque
    #[command(after_help = "Example:\n  licctl rms decode lock-code '2014-*1AB2CD'")]
    LockCode {
        /// The code, as echoid prints it
        #[arg(value_name = "CODE", allow_hyphen_values = true)]
        code: String,
    },
    /// Which locking codes echoid printed on a machine
    #[command(
        after_help = "Examples:\n  licctl rms decode echoid echoid.txt\n  ssh ws17 echoid | licctl rms decode echoid -"
    )]
    Echoid {
        /// What echoid printed; `-`: the standard input
        #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
        #[command(flatten)]
        list: ListOptions,
    },
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::LicenseVersion { number } => {
            let small = number.strip_prefix(['v', 'V']).and_then(|number| number.parse().ok());
            let encoded = match small {
                Some(small) => numbered(small).map(|row| row.encoded),
                None => selector(number),
            };
            let encoded = encoded.ok_or_else(|| {
                Usage::new(format!("`{number}` is no license version")).hinted(
                    "the number of `licenseVersion`, decimal or with `0x`, or `v7` to `v23`",
                )
            })?;
            let view = VersionView::new(encoded);
            session.show(&view)?;
            return Ok(if view.is_known() { Verdict::Yes } else { Verdict::No });
        }
        Command::LockMask { mask } => {
            let mask = selector(mask).ok_or_else(|| {
                Refusal::new(&SNTL_LOCK_SELECTOR_INVALID, format!("`{mask}` is no lock selector"))
            })?;
            session.show(&LockMaskView::new(mask))?;
        }
        Command::LockCode { code } => {
            let view = LockCodeView::new(code).ok_or_else(|| {
                Refusal::new(&SNTL_LOCK_CODE_INVALID, "the text is no locking code")
            })?;
            session.show(&view)?;
        }
        Command::Echoid { file, list } => {
            let codes = files::echoid(file)?;
            session.printer.list::<MachineCodeView>(list, |sink| {
                sink.rows(codes.iter().filter_map(|code| MachineCodeView::new(code)))
            })?;
        }
    }
    Ok(Verdict::Yes)
}
