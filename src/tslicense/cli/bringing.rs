//! Commands that bring licenses: `keypack import-…`, `install-…`, `reinstall-…`.

use super::acting::{Acting, Made, make, tell};
use super::saying::{
    AgreementNumbers, ModelledArguments, Numbers, OfflineNumbers, OpenNumbers, RetailNumbers,
    Saying, SourceArguments, Terms, TermsArguments,
};
use crate::error::{Outcome, Stop, Verdict};
use crate::session::Session;
use crate::tslicense::catalog::methods::{Act, Program, of};
use crate::tslicense::ops::call::Called;
use crate::tslicense::rules::typed::Given;
use crate::tslicense::rules::{call, shapes};
use crate::wording::many;
use clap::Args;

/// How the call is made.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// Take hyphens and blanks out of numbers and codes before the call
    #[arg(long)]
    normalize: bool,
    #[command(flatten)]
    acting: Acting,
}

macro_rules! arguments {
    ($($name:ident { $($field:ident: $type:ty),* $(,)? } = $example:literal)*) => {$(
        #[derive(Debug, Args)]
        #[command(after_help = concat!("Example:\n  licctl tslicense keypack ", $example))]
        pub(super) struct $name {
            $(#[command(flatten)] $field: $type,)*
            #[command(flatten)]
            common: Common,
        }
    )*};
}

arguments! {
    ImportOpen { numbers: OpenNumbers, terms: TermsArguments, source: SourceArguments } =
        "import-open --license-number 12345678 --authorization-number TEST0AUTH000001 --product-version 2019 --product-type per-user --count 20 --source-name ls-a.corp.example --source-id AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG"
    ImportAgreement { numbers: AgreementNumbers, terms: TermsArguments, source: SourceArguments } =
        "import-agreement --agreement-type 1 --agreement-number 1234567 --product-version 2022 --product-type per-device --count 10 --source-name ls-a.corp.example --source-id AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG"
    ImportRetail { numbers: RetailNumbers, terms: ModelledArguments, source: SourceArguments } =
        "import-retail --license-code AAAAABBBBBCCCCCDDDDDEEEEE --source-name ls-a.corp.example --source-id AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG"
    ImportOffline { numbers: OfflineNumbers, terms: ModelledArguments, source: SourceArguments } =
        "import-offline --license-keypack-id AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG --source-name 10.1.2.3 --source-id HHHHHJJJJJKKKKKLLLLLMMMMMNNNNNPPPPP"
    InstallOpen { numbers: OpenNumbers, terms: TermsArguments } =
        "install-open --license-number 12345678 --authorization-number TEST0AUTH000001 --product-version 2019 --product-type per-user --count 50"
    InstallAgreement { numbers: AgreementNumbers, terms: TermsArguments } =
        "install-agreement --agreement-type 4 --agreement-number 1234567 --product-version 2022 --product-type per-user --count 100"
    InstallRetail { numbers: RetailNumbers, terms: ModelledArguments } =
        "install-retail --license-code AAAAABBBBBCCCCCDDDDDEEEEE --product-version 2019 --product-type per-device --count 5"
    InstallOffline { numbers: OfflineNumbers, terms: ModelledArguments } =
        "install-offline --license-keypack-id AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG --product-version 2019 --product-type per-device --count 5"
}

/// How the licenses come: a method for each program.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Import,
    Install,
    Reinstall,
}

impl How {
    fn act(self, program: Program) -> Act {
        match self {
            Self::Import => Act::Import(program),
            Self::Install => Act::Install(program),
            Self::Reinstall => Act::Reinstall(program),
        }
    }
}

/// A command that brings licenses.
pub(super) trait Brings {
    fn run(&self, how: How, session: &mut Session) -> Outcome<Verdict>;
}

macro_rules! brings {
    ($($name:ident $(: $source:ident)?),* $(,)?) => {$(
        impl Brings for $name {
            fn run(&self, how: How, session: &mut Session) -> Outcome<Verdict> {
                let source = None $(.or(Some(&self.$source)))?;
                bring(how, (&self.numbers, &self.terms, source), &self.common, session)
            }
        }
    )*};
}

brings!(
    ImportOpen: source,
    ImportAgreement: source,
    ImportRetail: source,
    ImportOffline: source,
    InstallOpen,
    InstallAgreement,
    InstallRetail,
    InstallOffline,
);

fn bring<N: Numbers>(
    how: How,
    (numbers, terms, source): (&N, &impl Terms, Option<&SourceArguments>),
    common: &Common,
    session: &mut Session,
) -> Outcome<Verdict> {
    let act = how.act(N::PROGRAM);
    let method = of(act).ok_or_else(|| Stop::bug("a method without a row"))?;
    let mut saying = Saying { controls: common.acting.controls(), ..Saying::default() };
    numbers.say(&mut saying)?;
    terms.say(numbers.key_pack_type(), &mut saying)?;
    if let Some(source) = source {
        saying.source(source);
    }
    super::acting::conceal(session, method, &saying.given);
    if common.normalize {
        normalize(session, &mut saying.given);
    }
    let made =
        Made { method, key: None, license: None, given: saying.given, controls: saying.controls };
    if let Some((server, called)) = make(&common.acting, session, made)? {
        let sentence = sentence(how, &server, &called);
        tell(session, &called, &sentence)?;
    }
    Ok(Verdict::Yes)
}

/// The parameters that are codes: what `--normalize` takes hyphens and blanks out of.
static CODES: [&str; 5] = [
    "sLicenseNumber",
    "sAuthorizationNumber",
    "sLicenseCode",
    "sLicenseKeyPackId",
    "sSourceLSProductId",
];

fn normalize(session: &mut Session, given: &mut [(String, Given)]) {
    for (name, value) in given.iter_mut().filter(|(name, _)| CODES.contains(&name.as_str())) {
        let Given::Text(text) = value else { continue };
        let bare = shapes::bare(text);
        if bare != *text {
            session.printer.note(&format!("note: took hyphens and blanks out of `{name}`"));
            *text = bare;
        }
    }
}

fn sentence(how: How, server: &str, called: &Called) -> String {
    let verb = match how {
        How::Import => "imported",
        How::Install => "installed",
        How::Reinstall => "reinstalled",
    };
    let pack = called.answer.key_pack.and_then(|id| called.target.pack(id));
    let Some(pack) = pack else { return format!("{verb} licenses on `{server}`") };
    let taken = called.answer.moved.as_ref().filter(|moved| moved.calls.is_empty());
    let from =
        taken.map_or_else(String::new, |moved| format!(", and took them off `{}`", moved.name));
    format!(
        "{verb} {} {} as key pack {} of `{server}`{from}",
        many(pack.total, "license"),
        call::licenses(pack.product, pack.version),
        pack.id.0
    )
}
