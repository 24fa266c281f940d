//! `kms product …`: the products of a machine.

use super::acting::{Acting, Target, show_object, tell};
use crate::error::{Outcome, Verdict};
use crate::kms::model::Product;
use crate::kms::ops::call::{Called, Ended};
use crate::kms::ops::machines::{Held, Scene};
use crate::kms::ops::{activation, call, products};
use crate::kms::rules::read;
use crate::kms::store::pools::Clients;
use crate::kms::view::{ProductDetailView, ProductView};
use crate::output::ListOptions;
use crate::session::Session;
use crate::store::Tx;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the products with a key
    #[command(
        after_help = "Examples:\n  licctl kms product list\n  licctl kms product list --all --machine kms03 -o csv"
    )]
    List {
        /// Those without a key too
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Show every property of one product
    #[command(
        after_help = "Example:\n  licctl kms product show 2de67392-b7a7-462a-b1ca-108dd189f588 --machine ws-0931 -o json"
    )]
    Show {
        /// Its Activation ID or name; default: the primary Windows product
        #[arg(value_name = "ID|NAME")]
        product: Option<String>,
        #[command(flatten)]
        target: Target,
    },
    /// Activate a product (Activate); nothing is contacted
    ///
    /// A KMS client asks its host among the stored machines: the one it was told, the one it remembers, or one that publishes in
    /// its domain. Any other key is looked up in the ledger of activations.
    #[command(
        after_help = "Examples:\n  licctl kms product activate --machine kms03\n  licctl kms product activate 2de67392-b7a7-462a-b1ca-108dd189f588 --machine ws-0931"
    )]
    Activate(One),
    /// Rearm a product, at once (`ReArmSku`)
    #[command(
        after_help = "Example:\n  licctl kms product rearm 2de67392-b7a7-462a-b1ca-108dd189f588 --machine ws-0931"
    )]
    Rearm(One),
    /// Rearm every product of an application, at once (`ReArmApp`)
    #[command(
        after_help = "Example:\n  licctl kms product rearm-app 0ff1ce15-a989-479d-af46-f275c6370663"
    )]
    RearmApp {
        /// ApplicationID, a GUID
        #[arg(value_name = "APPID")]
        application: String,
        #[command(flatten)]
        acting: Acting,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct One {
    /// Its Activation ID or name; default: the primary Windows product
    #[arg(value_name = "ID|NAME")]
    product: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

impl One {
    /// Does something to the product as one change, and tells that it was done.
    fn call(
        &self,
        session: &mut Session,
        did: &str,
        work: impl FnOnce(&mut dyn Tx, &Scene, &str) -> Outcome<Ended<(Called, Product)>>,
    ) -> Outcome<Verdict> {
        let (name, scene) = (self.acting.name(session)?, self.acting.scene(session));
        let mut of = String::new();
        let ended = session.write(|tx, _| {
            Ok(work(tx, &scene, &name)?.map(|(called, product)| {
                of = product.name;
                called
            }))
        })?;
        tell(session, ended, &format!("{did} `{of}` on `{name}`"))
    }
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { all, target, list } => {
            let name = target.name(session)?;
            session.list::<ProductView>(list, |read, now, sink| {
                let held = Held::load(read, &name, now)?;
                let wanted = held.state.products.iter();
                let wanted = wanted.filter(|product| *all || product.key.is_some());
                sink.rows::<ProductView>(wanted.map(|product| ProductView::new(product, now)))
            })?;
            Ok(Verdict::Yes)
        }
        Command::Show { product, target } => show(product.as_deref(), target, session),
        Command::Activate(one) => one.call(session, "activated", |tx, scene, name| {
            activation::activate(tx, scene, name, one.product.as_deref())
        }),
        Command::Rearm(one) => one.call(session, "rearmed", |tx, scene, name| {
            products::call(tx, scene, (name, one.product.as_deref()), "ReArmSku")
        }),
        Command::RearmApp { application, acting } => {
            let given = [("ApplicationId", application.as_str())];
            acting.call(
                session,
                |name| format!("rearmed the products of {application} on `{name}`"),
                |tx, scene, name| call::call(tx, scene, (name, None), "ReArmApp", &given),
            )
        }
    }
}

fn show(product: Option<&str>, target: &Target, session: &mut Session) -> Outcome<Verdict> {
    let name = target.name(session)?;
    let secrets = session.printer.look.secrets;
    let (view, warnings) = session.read(|read, now| {
        let held = Held::load(read, &name, now)?;
        let pools = held.pools(read, Clients::All)?;
        let product = products::meant(&held.state, product, now)?;
        let properties = read::product(&held.state, product, &pools, now);
        Ok((ProductDetailView::new(properties, secrets), held.warnings))
    })?;
    for warning in warnings {
        session.warn(warning);
    }
    show_object(session, &view, view.lines())?;
    Ok(Verdict::Yes)
}
