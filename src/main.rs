//! licctl: parse, run, exit status. Nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(licctl::cli::main())
}
