//! `licctl help [TOPIC|COMMAND…]`.

use crate::error::{Outcome, Usage, Verdict};
use crate::output::nearest;
use crate::session::Session;
use crate::{cli, manual};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A topic, or the words of a command
    #[arg(value_name = "TOPIC")]
    words: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    if let [topic] = arguments.words.as_slice()
        && let Some(text) = manual::topic(topic)
    {
        session.printer.artefact(text)?;
        return Ok(Verdict::Yes);
    }
    let mut at = cli::command();
    at.build();
    for word in &arguments.words {
        let Some(next) = at.find_subcommand(word) else {
            let topics = manual::TOPICS.iter().map(|(name, _)| (*name).to_owned());
            let names: Vec<String> = at
                .get_subcommands()
                .map(|command| command.get_name().to_owned())
                .chain(topics)
                .collect();
            let near = nearest(word, &names);
            let hint = if near.is_empty() {
                format!("there is {}", names.join(", "))
            } else {
                format!("did you mean {}?", near.join(", "))
            };
            return Err(Usage::new(format!("there is no command or topic `{word}`"))
                .hinted(hint)
                .into());
        };
        at = next.clone();
    }
    let text = at.render_long_help().to_string();
    session.printer.artefact(&text)?;
    Ok(Verdict::Yes)
}

#[cfg(test)]
mod tests {
    use crate::{apis, config, manual};

    #[test]
    fn the_topic_of_the_environment_names_every_variable() {
        let text = manual::topic("environment").unwrap();
        let of_spine = config::SETTINGS.iter().map(|setting| setting.environment);
        let of_domains = apis::APIS.iter().map(|api| api.instance.environment);
        for name in of_spine.chain(of_domains) {
            assert!(text.contains(name), "{name} is missing");
        }
    }
}
