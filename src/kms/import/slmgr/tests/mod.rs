//! Outputs as slmgr prints them and as people pass them on.

mod english;
mod hostile;
mod languages;
mod samples;

use super::{KIND, read};
use crate::artefact::{Fit, Notes, Sample};
use crate::error::Place;
use crate::kms::import::{Options, Record, Snapshot};
use serde_json::{Map, Value};

/// What an output says: its snapshots with their places, and the notes.
struct Said {
    snapshots: Vec<(Place, Snapshot)>,
    notes: Notes,
}

impl Said {
    fn complaints(&self) -> Vec<(Place, &str)> {
        self.notes.complaints.kept.iter().map(|one| (one.place, one.message.as_str())).collect()
    }

    fn warnings(&self) -> Vec<&str> {
        self.notes.warnings.iter().map(|warning| warning.code).collect()
    }

    fn only(&self) -> &Snapshot {
        assert_eq!(self.complaints(), []);
        assert_eq!(self.snapshots.len(), 1);
        &self.snapshots[0].1
    }

    fn service(&self) -> &Map<String, Value> {
        &self.only().service.as_ref().unwrap().known
    }

    fn product(&self) -> &Map<String, Value> {
        assert_eq!(self.only().products.len(), 1);
        &self.only().products[0].known
    }
}

fn say_bytes(bytes: &[u8], options: &Options) -> Said {
    let (mut snapshots, mut notes) = (Vec::new(), Notes::default());
    let mut each = |place: Place, record: Record<'_>| {
        let Record::Snapshot(snapshot) = record else { panic!("not a snapshot") };
        snapshots.push((place, *snapshot));
        Ok(())
    };
    let mut input = bytes;
    read(&mut input, options, &mut notes, &mut each).unwrap();
    Said { snapshots, notes }
}

fn say(text: &str) -> Said {
    say_bytes(text.as_bytes(), &Options::default())
}

fn say_with(text: &str, ini: &str) -> Said {
    let options = Options { slmgr_ini: Some(ini.to_owned()), ..Options::default() };
    say_bytes(text.as_bytes(), &options)
}

fn fit(text: &str) -> Fit {
    (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text })
}
