//! Which features a question is about, and which application each belongs to.

use crate::artefact::files::read_text;
use crate::error::Outcome;
use crate::rms::import::applications;
use crate::rms::model::application::Applications;
use crate::rms::model::glob::Glob;
use crate::rms::model::license::FeatureKey;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;
use std::rc::Rc;

#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// Only features of this name; `*` stands for any letters, `?` for one
    #[arg(long, value_name = "GLOB", add = ArgValueCompleter::new(super::complete::features))]
    feature: Option<Glob>,
    /// Only features of this version; `*` and `?` as in `--feature`
    #[arg(long, value_name = "GLOB")]
    version: Option<Glob>,
    /// Tell the application of each feature: a file with a line `FEATURE:APPLICATION` or `FEATURE,VERSION:APPLICATION` for each, with
    /// `*` and `?`
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    group: Option<PathBuf>,
}

/// The features that are meant.
#[derive(Debug)]
pub(super) struct Picked {
    feature: Option<Glob>,
    version: Option<Glob>,
    applications: Applications,
}

impl Which {
    /// Complains of a file of applications that is none.
    pub(super) fn picked(&self) -> Outcome<Picked> {
        let applications = match &self.group {
            Some(path) => read_text(path, Rc::new(|_| ()), |_, input| applications::read(input))?,
            None => Applications::default(),
        };
        Ok(Picked { feature: self.feature.clone(), version: self.version.clone(), applications })
    }
}

impl Picked {
    pub(super) fn has(&self, key: &FeatureKey) -> bool {
        let fits =
            |glob: &Option<Glob>, text: &str| glob.as_ref().is_none_or(|glob| glob.matches(text));
        fits(&self.feature, &key.name) && fits(&self.version, &key.version)
    }

    /// The name, when features of one name alone are meant.
    pub(super) fn name(&self) -> Option<&str> {
        self.feature.as_ref().and_then(Glob::name)
    }

    /// `None` when no file tells it.
    pub(super) fn application(&self, key: &FeatureKey) -> Option<String> {
        self.applications.of(key).map(str::to_owned)
    }
}
