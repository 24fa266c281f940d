//! The shape of the sources: who may mention what, how large a file is, that each says what it is for.

use crate::support::root;
use std::path::{Path, PathBuf};

struct Source {
    /// From the root, with slashes: `src/kms/rules/host.rs`.
    name: String,
    text: String,
}

fn sources(folder: &str) -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    let name =
        |path: &Path| path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    found
        .iter()
        .map(|path| Source { name: name(path), text: std::fs::read_to_string(path).unwrap() })
        .collect()
}

/// The lines of a file without its tests and comments, numbered.
fn code(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let end = source.text.find("#[cfg(test)]\nmod tests").unwrap_or(source.text.len());
    source.text[..end]
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn in_room(name: &str, room: &str) -> bool {
    let rooms = apis().into_iter().map(|api| format!("src/{api}/{room}"));
    rooms
        .into_iter()
        .any(|path| name == format!("{path}.rs") || name.starts_with(&format!("{path}/")))
}

fn apis() -> Vec<&'static str> {
    licctl::apis::APIS.iter().map(|api| api.name).collect()
}

fn breaches(of: impl Fn(&str) -> bool, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources("src").iter().filter(|source| of(&source.name)) {
        for (line, text) in code(source) {
            found.extend(
                words
                    .iter()
                    .filter(|word| text.contains(**word))
                    .map(|word| format!("{}:{line}: {word}", source.name)),
            );
        }
    }
    found
}

#[test]
fn pure_rooms_know_no_store_no_screen_no_files_no_clock() {
    let pure = |name: &str| {
        ["catalog", "model", "rules", "report"].iter().any(|room| in_room(name, room))
            && !name.ends_with("tests.rs")
    };
    let words = [
        "clap",
        "serde",
        "anyhow",
        "std::fs",
        "std::env",
        "crate::store",
        "crate::output",
        "crate::session",
        "Timestamp::system",
    ];
    assert_eq!(breaches(pure, &words), Vec::<String>::new());
}

#[test]
fn operations_know_no_command_line_and_print_nothing() {
    assert_eq!(
        breaches(|name| in_room(name, "ops"), &["clap::", "std::fs", "println!", "crate::session"]),
        Vec::<String>::new()
    );
}

#[test]
fn readers_know_no_store_and_no_files() {
    assert_eq!(
        breaches(
            |name| in_room(name, "import"),
            &["crate::store", "std::fs", "crate::session", "Timestamp::system"]
        ),
        Vec::<String>::new()
    );
}

#[test]
fn views_do_not_open_the_store() {
    assert_eq!(
        breaches(|name| in_room(name, "view"), &["crate::store::", "Tx"]),
        Vec::<String>::new()
    );
}

#[test]
fn sql_stands_in_store_rooms_alone_and_the_engine_in_one_file() {
    let elsewhere = |name: &str| !name.starts_with("src/store/") && !in_room(name, "store");
    let words = ["select ", "insert into", "delete from", "create table"];
    let sql: Vec<String> = breaches(elsewhere, &words)
        .into_iter()
        .filter(|breach| !breach.starts_with("src/manual"))
        .collect();
    assert_eq!(sql, Vec::<String>::new());
    assert_eq!(
        breaches(|name| name != "src/store/sqlite.rs", &["rusqlite::"]),
        Vec::<String>::new()
    );
}

#[test]
fn objects_are_written_through_the_journal_alone() {
    let tables = licctl::apis::tables();
    let objects: Vec<&str> =
        tables.iter().flat_map(|tables| tables.objects.iter().map(|table| table.name)).collect();
    let words: Vec<String> = objects
        .iter()
        .flat_map(|name| {
            [
                format!("insert into {name}("),
                format!("update {name} "),
                format!("delete from {name} "),
            ]
        })
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert_eq!(breaches(|name| in_room(name, "store"), &words), Vec::<String>::new());
}

#[test]
fn one_file_prints_one_reads_the_clock_one_reads_the_environment() {
    let prints = ["println!", "eprintln!", "print!(", "std::io::stdout()", "std::io::stderr()"];
    let elsewhere =
        breaches(|name| !name.starts_with("src/output/") && name != "src/session/mod.rs", &prints);
    assert_eq!(elsewhere, Vec::<String>::new());
    assert_eq!(
        breaches(
            |name| name != "src/clock.rs",
            &["SystemTime::now", "jiff::Timestamp::now", "Zoned::now"]
        ),
        Vec::<String>::new()
    );
    assert_eq!(
        breaches(|name| name != "src/session/settings.rs", &["std::env::var"]),
        Vec::<String>::new()
    );
}

#[test]
fn no_api_knows_another_and_the_estate_knows_them_by_their_list() {
    for api in apis() {
        let others: Vec<String> = apis()
            .into_iter()
            .filter(|other| *other != api)
            .map(|other| format!("crate::{other}::"))
            .collect();
        let words: Vec<&str> = others.iter().map(String::as_str).collect();
        assert_eq!(
            breaches(|name| name.starts_with(&format!("src/{api}/")), &words),
            Vec::<String>::new()
        );
        let word = format!("crate::{api}::");
        let spine = |name: &str| !name.starts_with(&format!("src/{api}/")) && name != "src/apis.rs";
        assert_eq!(breaches(spine, &[&word]), Vec::<String>::new());
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_no_larger_than_a_reader_holds() {
    let facts = |name: &str| in_room(name, "catalog");
    let mut wrong = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")).chain(sources("examples")) {
        if !source.text.starts_with("//!") {
            wrong.push(format!("{}: no `//!` at its head", source.name));
        }
        let lines = source.text.lines().count();
        if lines > 700 && !facts(&source.name) {
            wrong.push(format!("{}: {lines} lines", source.name));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_test_file_is_named_in_main() {
    let main = std::fs::read_to_string(root().join("tests/main.rs")).unwrap();
    for source in sources("tests")
        .iter()
        .filter(|source| source.name != "tests/main.rs" && source.name.matches('/').count() == 1)
    {
        let module = source.name.trim_start_matches("tests/").trim_end_matches(".rs");
        assert!(main.contains(&format!("mod {module};")), "{module}");
    }
}

#[test]
fn the_tree_names_no_machine_and_leaves_nothing_for_later() {
    // Put together from halves, so that this file does not find itself.
    let paths: Vec<String> = ["/wo", "/fa", "/ho"]
        .iter()
        .zip(["rk/", "rm/", "me/"])
        .map(|(left, right)| format!("{left}{right}"))
        .collect();
    let later: Vec<String> = ["TO", "FIX", "XX"]
        .iter()
        .zip(["DO", "ME", "X:"])
        .map(|(left, right)| format!("{left}{right}"))
        .collect();
    for source in sources("src").iter().chain(&sources("tests")).chain(&sources("examples")) {
        for word in paths.iter().chain(&later) {
            assert!(!source.text.contains(word.as_str()), "{}: {word}", source.name);
        }
    }
}
