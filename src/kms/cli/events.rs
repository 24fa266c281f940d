//! `kms event …`: the requests in the host logs.

use crate::clock::Timestamp;
use crate::error::{Outcome, Usage, Verdict};
use crate::kms::ops::questions;
use crate::kms::store::evidence::each_request;
use crate::kms::view::RequestView;
use crate::output::ListOptions;
use crate::session::Session;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List requests (event 12290)
    #[command(
        after_help = "Examples:\n  licctl kms event list --since 7d --filter 'HResult!=0'\n  licctl kms event list --host kms01 -o jsonl"
    )]
    List {
        /// Only requests to this host
        #[arg(long, value_name = "NAME")]
        host: Option<String>,
        /// Only requests at or after this time
        #[arg(long, value_name = "RFC3339")]
        from: Option<String>,
        /// Only requests at or before this time
        #[arg(long, value_name = "RFC3339")]
        to: Option<String>,
        #[command(flatten)]
        list: ListOptions,
    },
}

fn instant(flag: &str, text: Option<&String>) -> Outcome<Option<Timestamp>> {
    text.map(|text| {
        Timestamp::parse(text)
            .ok_or_else(|| Usage::new(format!("`{flag} {text}` is no RFC 3339 time")).into())
    })
    .transpose()
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    let Command::List { host, from, to, list } = command;
    let (from, until) = (instant("--from", from.as_ref())?, instant("--to", to.as_ref())?);
    // `--since` narrows what is read, not only what is shown.
    let since = list.since.map(|span| session.now.plus_ms(-span.ms()));
    session.list::<RequestView>(list, |read, _, sink| {
        let (names, wanted) = questions::wanted(read, host.as_deref(), (from.max(since), until))?;
        each_request(read, &names, &wanted, &mut |request| sink.row(&RequestView::from(request)))
    })?;
    Ok(Verdict::Yes)
}
