//! Makes example data: the estate `examples/contoso`, and any number of events for the benches. Needs nothing but std.
//!
//! - `generate contoso DIR [--check]` writes the estate into DIR, or says which files of DIR differ from it.
//! - `generate events N FORMAT [SEED]` writes N KMS requests to stdout.
//!
//! The machines are simulated by the rules of the KMS documents, apart from the crate: what the crate says about
//! these files can be held against how they came about.

mod bench;
mod calendar;
mod cim;
mod contoso;
mod csv;
mod encoding;
mod estate;
mod event;
mod evtx;
mod headquarters;
mod host;
mod json;
mod machine;
mod product;
mod random;
mod simulate;
mod slmgr;
mod template;
mod xml;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["contoso", folder] => put(Path::new(folder)),
        ["contoso", folder, "--check"] => compare(Path::new(folder)),
        ["events", count, format] => events(count, format, "1"),
        ["events", count, format, seed] => events(count, format, seed),
        _ => Err(io::Error::other(format!(
            "usage: generate contoso DIR [--check] | generate events N {} [SEED]",
            bench::FORMATS
        ))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When stderr is closed, too, only the status is left to say it.
            let _unheard = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn put(folder: &Path) -> io::Result<()> {
    for file in contoso::files()? {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::File::create(&path)?.write_all(&file.bytes)?;
    }
    Ok(())
}

fn compare(folder: &Path) -> io::Result<()> {
    let same = |file: &contoso::File| {
        fs::read(folder.join(&file.path)).is_ok_and(|found| found == file.bytes)
    };
    let differing: Vec<String> =
        contoso::files()?.into_iter().filter(|file| !same(file)).map(|file| file.path).collect();
    if differing.is_empty() {
        Ok(())
    } else {
        Err(io::Error::other(format!("missing or different: {}", differing.join(", "))))
    }
}

fn events(count: &str, format: &str, seed: &str) -> io::Result<()> {
    let number =
        |text: &str| text.parse().map_err(|error| io::Error::other(format!("`{text}`: {error}")));
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    bench::write(number(count)?, format, number(seed)?, &mut out)?;
    out.flush()
}
