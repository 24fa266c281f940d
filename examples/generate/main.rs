//! Makes example data: the estate `examples/contoso`, and any number of events for the benches. Needs nothing but std.
//!
//! - `generate contoso DIR [--check]` writes the estate into DIR, or says which files of DIR differ from it.
//! - `generate events N FORMAT [SEED]` writes N KMS requests to stdout.
//! - `generate syncml N` writes an OMA-DM message of N commands, `generate devices N` an inventory of N devices.
//! - `generate licenses N` writes N issued licenses of Remote Desktop license servers, `generate keypacks N` the key packs of those servers.
//!
//! The machines are simulated by the rules of the KMS documents, apart from the crate: what the crate says about
//! these files can be held against how they came about.

mod bench;
mod calendar;
mod cim;
mod contoso;
mod csp;
mod csv;
mod element;
mod encoding;
mod estate;
mod event;
mod evtx;
mod forms;
mod golden;
mod graph;
mod headquarters;
mod host;
mod json;
mod machine;
mod managed;
mod product;
mod random;
mod rms;
mod simulate;
mod slmgr;
mod stream;
mod syncml;
mod template;
mod tslicense;
mod vsphere;
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
        ["syncml", count] => printed(|out| syncml::write_message(number(count)?, out)),
        ["licenses", count] => printed(|out| tslicense::write_licenses(number(count)?, out)),
        ["keypacks", count] => printed(|out| tslicense::write_packs(number(count)?, out)),
        ["devices", count] => printed(|out| graph::write_devices(number(count)?, out)),
        _ => Err(io::Error::other(format!(
            "usage: generate contoso DIR [--check] | generate events N {} [SEED] | generate syncml N | generate devices N | generate licenses N | generate keypacks N",
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
    printed(|out| bench::write(number(count)?, format, number(seed)?, out))
}

fn number(text: &str) -> io::Result<u64> {
    text.parse().map_err(|error| io::Error::other(format!("`{text}`: {error}")))
}

/// Runs `write` on stdout, through a buffer.
fn printed(
    write: impl FnOnce(&mut BufWriter<io::StdoutLock<'_>>) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    write(&mut out)?;
    out.flush()
}
