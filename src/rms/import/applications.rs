//! Files that tell which features make up an application: `feature,version:application`, one line each, `*` and `?` in the patterns.

use super::lines::Lines;
use crate::artefact::Notes;
use crate::artefact::trouble::excerpt;
use crate::error::{Outcome, Place, Stop};
use crate::rms::model::application::{Applications, Member};
use crate::rms::model::glob::Glob;
use std::io::BufRead;

/// Reads a file; lines that begin with `#` are comments.
///
/// Complains of every line that is none.
pub fn read(input: &mut dyn BufRead) -> Outcome<Applications> {
    let mut lines = Lines::new(input);
    let (mut members, mut notes) = (Vec::new(), Notes::default());
    while let Some(line) = lines.settled(&mut notes)? {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match member(line) {
            Some(member) => members.push(member),
            None => notes.complain_with(
                Place::Line(lines.number()),
                format!("`{}` names no feature with its application", excerpt(line)),
                "a line is `feature:application` or `feature,version:application`",
            ),
        }
    }
    if notes.complaints.is_empty() {
        return Ok(Applications(members));
    }
    Err(Stop::from(notes.complaints))
}

fn member(line: &str) -> Option<Member> {
    let glob = |text: &str| {
        let Ok(glob) = text.trim().parse::<Glob>();
        glob
    };
    let (feature, application) = line.rsplit_once(':')?;
    let (feature, version) = match feature.split_once(',') {
        Some((feature, version)) => (feature, Some(glob(version))),
        None => (feature, None),
    };
    let application = application.trim();
    let whole = !feature.trim().is_empty() && !application.is_empty();
    whole.then(|| Member { feature: glob(feature), version, application: application.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::error::Stop;
    use crate::rms::model::license::FeatureKey;

    #[test]
    fn a_feature_is_of_the_application_of_the_first_line_that_matches() {
        let text = "# products\nCAD,7.*:CAD 7\n\nCAD*: CAD, others \nC?M:CAM\n";
        let applications = read(&mut text.as_bytes()).unwrap();
        let of = |name: &str, version: &str| {
            applications.of(&FeatureKey { name: name.into(), version: version.into() })
        };
        assert_eq!(of("CAD", "7.1"), Some("CAD 7"));
        assert_eq!(of("CAD", "8.0"), Some("CAD, others"));
        assert_eq!(of("CADX", ""), Some("CAD, others"));
        assert_eq!(of("CAM", ""), Some("CAM"));
        assert_eq!(of("DRAW", ""), None);
    }

    #[test]
    fn a_line_without_an_application_is_told_with_its_number() {
        match read(&mut "A:B\nCAD\n:X\nCAD:\n".as_bytes()) {
            Err(Stop::BadArtefact(complaints)) => {
                let places: Vec<String> =
                    complaints.kept.iter().map(|one| one.place.to_string()).collect();
                assert_eq!(places, ["line 2", "line 3", "line 4"]);
            }
            other => panic!("{other:?}"),
        }
    }
}
