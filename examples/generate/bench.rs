//! Any number of requests in any form, for measuring: the same bytes for the same arguments.
//!
//! A quarter as many clients as requests, drawn with a skew; 90 days up to the estate's present; 1 % of the requests fail.

use crate::calendar::{DAY, Moment, SECOND};
use crate::csv;
use crate::encoding::utf16;
use crate::estate::NOW;
use crate::event::{Event, Layout};
use crate::evtx;
use crate::host::{ID_MISMATCH, INVALID_TIMESTAMP, Request};
use crate::json::{self, Shell};
use crate::product::{ENTERPRISE, OFFICE, OFFICE_2010, PROFESSIONAL, Product};
use crate::random::{Guid, Random, mix};
use crate::xml;
use std::io::{self, Write};

const COMPUTER: &str = "kms01.corp.contoso.example";
const SPAN: i64 = 90 * DAY;

/// The forms, as they are named on the command line.
pub(crate) const FORMATS: &str = "csv|info|jsonl|xml|evtx|winevent-json|raw";

/// An endless supply of requests in the order of time.
struct Requests {
    random: Random,
    seed: u64,
    clients: u64,
    /// Twice the mean distance of two requests, milliseconds.
    longest_gap: u64,
    time: Moment,
    record: u64,
}

/// Picks from a row of choices; the row is not empty.
fn pick<T: Copy>(choices: &[T], number: u64, default: T) -> T {
    let length = u64::try_from(choices.len()).unwrap_or(1).max(1);
    usize::try_from(number % length).ok().and_then(|at| choices.get(at)).copied().unwrap_or(default)
}

impl Requests {
    fn new(count: u64, seed: u64) -> Self {
        let span = u64::try_from(SPAN).unwrap_or(0);
        Self {
            random: Random::new(seed),
            seed,
            clients: (count / 4).max(1),
            longest_gap: (2 * span / count.max(1)).max(1),
            time: NOW.minus(SPAN),
            record: 0,
        }
    }
}

impl Iterator for Requests {
    type Item = Request;

    fn next(&mut self) -> Option<Request> {
        let gap = i64::try_from(self.random.below(self.longest_gap)).unwrap_or(0);
        // Chance may overshoot the end of the span.
        self.time = self.time.plus(gap).min(NOW.minus(SECOND));
        self.record += 1;
        // The lower of two draws: some clients ask often, many seldom.
        let client = self.random.below(self.clients).min(self.random.below(self.clients));
        let (one, other) = (mix(client ^ self.seed << 40), mix((client + 77) ^ self.seed << 41));
        let site = pick(&["ams", "fra", "lon", "nyc", "sin", "syd"], other, "ams");
        let products: [&'static Product; 4] = [&ENTERPRISE, &OFFICE, &PROFESSIONAL, &OFFICE_2010];
        let product = pick(&products, one, &ENTERPRISE);
        let status = pick(&[1, 1, 1, 1, 1, 1, 2, 2, 0, 5], self.random.next(), 1);
        let left = u32::try_from(one % 10_000).unwrap_or(0);
        let fails = self.random.chance(1);
        Some(Request {
            record: self.record,
            time: self.time,
            hresult: if fails { pick(&[ID_MISMATCH, INVALID_TIMESTAMP], other, 0) } else { 0 },
            required: product.required,
            name: format!("ws-{client:06}.{site}.corp.contoso.example"),
            cmid: Guid::of(one, other),
            client_time: self.time,
            is_virtual: client % 2 == 1,
            status,
            minutes: match status {
                1 => 259_200 - left,
                2 => 43_200 - left,
                _ => 0,
            },
            activation: product.activation,
            count: 0,
        })
    }
}

/// Writes `count` requests in the form `format`. Fails when there is no such form.
pub(crate) fn write(count: u64, format: &str, seed: u64, out: &mut impl Write) -> io::Result<()> {
    let length = usize::try_from(count).map_err(io::Error::other)?;
    let requests = Requests::new(count, seed).take(length);
    let listed = |request: &Request| Event::processed(request, COMPUTER, Layout::Documented);
    match format {
        "raw" => write_lines(out, "time,fqdn,cmid,status,activation,error\n", requests, raw),
        "info" => write_lines(out, "TimeCreated,RecordId,Info\n", requests, info),
        "csv" => write_lines(out, csv::HEAD, requests, |request| csv::record(&listed(request))),
        "jsonl" => write_lines(out, "", requests, |request| json::dumped(&listed(request)) + "\n"),
        "xml" => {
            let line = |request: &Request| xml::element(&listed(request), "") + "\n";
            write_lines(out, "<Events>\n", requests, line)?;
            out.write_all(b"</Events>\n")
        }
        // The file begins with the number of its chunks, so it is held until the end.
        "evtx" => {
            let mut log = evtx::Log::default();
            requests.for_each(|request| log.add(&listed(&request)));
            out.write_all(&log.finish())
        }
        "winevent-json" => write_json(out, requests),
        other => Err(io::Error::other(format!("no form `{other}`; there are {FORMATS}"))),
    }
}

fn write_lines(
    out: &mut impl Write,
    head: &str,
    requests: impl Iterator<Item = Request>,
    line: impl Fn(&Request) -> String,
) -> io::Result<()> {
    out.write_all(head.as_bytes())?;
    for request in requests {
        out.write_all(line(&request).as_bytes())?;
    }
    Ok(())
}

/// The array of `ConvertTo-Json` in Windows PowerShell, in UTF-16, written piece by piece.
fn write_json(out: &mut impl Write, requests: impl Iterator<Item = Request>) -> io::Result<()> {
    let mut text = String::from('[');
    let mut is_first = true;
    for request in requests {
        text.push_str(if is_first { "\r\n    " } else { ",\r\n    " });
        let event = Event::processed(&request, COMPUTER, Layout::Modern);
        json::write(&json::win_event(&event), Shell::Windows, 4, &mut text);
        write_utf16(out, &text, is_first)?;
        text.clear();
        is_first = false;
    }
    text.push_str("\r\n]\r\n");
    write_utf16(out, &text, is_first)
}

fn write_utf16(out: &mut impl Write, text: &str, with_mark: bool) -> io::Result<()> {
    let bytes = utf16(text);
    let skip = if with_mark { 0 } else { 2 };
    out.write_all(bytes.get(skip..).unwrap_or_default())
}

/// Normalised columns, which a shell can load as they are.
fn raw(request: &Request) -> String {
    format!(
        "{},{},{},{},{},{}\n",
        request.time.iso(),
        request.name,
        request.cmid,
        request.status,
        request.activation,
        request.hresult
    )
}

/// The leanest table that says all: time, record, and the comma list of event 12290.
fn info(request: &Request) -> String {
    format!("{},{},\"{}\"\n", request.time.iso(), request.record, request.info())
}
