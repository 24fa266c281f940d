//! What an element is, by where it stands.

use super::super::grammar::Element;
use super::{Done, Draft, Flaw, Frame, Owner, Place};
use crate::artefact::trouble::excerpt;
use crate::artefact::xml::Tag;
use crate::csp::model::message::Form;

impl Draft {
    /// What an element at the top is.
    pub(super) fn root(&mut self, element: Element, tag: &Tag<'_>) -> Result<(Place, Done), Flaw> {
        let form = match (element, self.form) {
            (Element::SyncMl | Element::SyncBody, Some(_)) => {
                return Err(Flaw::Several);
            }
            (Element::SyncMl, None) => {
                (self.namespace, self.root_line) = (self.scope.namespace(tag.prefix()), tag.line);
                return Ok((Place::Message, Done::Nothing));
            }
            (Element::SyncBody, None) => Form::Body,
            (element, None | Some(Form::Bare)) if element.is_bare() => Form::Bare,
            (Element::Final, Some(Form::Bare)) => return Ok((Place::Final, Done::Nothing)),
            _ => {
                let name = excerpt(tag.name);
                return Err(format!(
                    "`<{name}>` at the top is no SyncML: expected `SyncML`, `SyncBody`, or commands"
                )
                .into());
            }
        };
        let started = self.form.replace(form).is_some();
        if !started {
            self.root_line = tag.line;
        }
        let done = if started { Done::Nothing } else { Done::Start(form) };
        if form == Form::Body {
            self.namespace = self.scope.namespace(tag.prefix());
            self.bodies = 1;
            return Ok((Place::Body, done));
        }
        Ok((Place::Command, done))
    }

    /// What an element inside of another is.
    pub(super) fn child(
        &mut self,
        parent: Frame,
        element: Element,
        tag: &Tag<'_>,
    ) -> Result<(Place, Done), Flaw> {
        let place = match parent.place {
            Place::Message => return self.part(element, tag),
            Place::Header => match element {
                Element::VerDtd | Element::VerProto | Element::SessionId | Element::MsgId => {
                    Place::Leaf
                }
                Element::Target | Element::Source => Place::Party(element),
                Element::NoResp => {
                    self.header().no_response = true;
                    Place::Passed
                }
                _ => Place::Passed,
            },
            Place::Party(_) if matches!(element, Element::LocUri | Element::LocName) => Place::Leaf,
            Place::Body if element == Element::Final => Place::Final,
            Place::Body => Place::Command,
            Place::Command => self.inside_command(parent.element, element),
            Place::Item => match element {
                Element::Target | Element::Source => Place::Address(element),
                Element::Meta => Place::Meta(Owner::Item),
                Element::Data => Place::Data(Owner::Item),
                Element::MoreData => {
                    self.item.more = true;
                    Place::Passed
                }
                _ => Place::Passed,
            },
            Place::Address(_) if element == Element::LocUri => Place::Leaf,
            Place::Meta(owner) => {
                if !self.scope.is_metinf(tag.prefix()) {
                    let line = tag.line;
                    self.meta(owner).get_or_insert_default().foreign.get_or_insert(line);
                }
                match element {
                    Element::Format | Element::Type => Place::Leaf,
                    _ => Place::Passed,
                }
            }
            Place::Leaf | Place::Data(_) | Place::Markup => {
                self.markup = true;
                Place::Markup
            }
            Place::Party(_) | Place::Address(_) | Place::Final | Place::Passed => Place::Passed,
        };
        Ok((place, Done::Nothing))
    }

    /// What a child of `SyncML` is.
    fn part(&mut self, element: Element, tag: &Tag<'_>) -> Result<(Place, Done), Flaw> {
        match (element, self.form) {
            (Element::SyncHdr, None) => {
                self.form = Some(Form::Message);
                Ok((Place::Header, Done::Start(Form::Message)))
            }
            (Element::SyncHdr, Some(_)) => Err("`SyncHdr` stands once, before `SyncBody`".into()),
            (Element::SyncBody, form) if self.bodies == 0 => {
                self.bodies = 1;
                self.form = form.or(Some(Form::Body));
                let done = if form.is_none() { Done::Start(Form::Body) } else { Done::Nothing };
                Ok((Place::Body, done))
            }
            (Element::SyncBody, _) => Err("`SyncBody` stands once in a message".into()),
            _ => Err(format!(
                "`<{}>` stands right below `SyncML`: commands stand in `SyncBody`",
                excerpt(tag.name)
            )
            .into()),
        }
    }

    /// What a child of a command is.
    fn inside_command(&mut self, command: Element, element: Element) -> Place {
        match (command, element) {
            (_, Element::CmdId)
            | (
                Element::Status | Element::Results,
                Element::MsgRef | Element::CmdRef | Element::Cmd | Element::TargetRef,
            ) => Place::Leaf,
            (_, Element::NoResp) => {
                self.command.no_response = true;
                Place::Passed
            }
            (_, Element::Meta) => Place::Meta(Owner::Command),
            (_, Element::Cred) => Place::Passed,
            (Element::Group, _) => Place::Command,
            (_, Element::Data) => Place::Data(Owner::Command),
            (_, Element::Item) => Place::Item,
            _ => Place::Passed,
        }
    }
}
