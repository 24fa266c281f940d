//! The elements of SyncML that are told apart, where they may stand, and in which order.

/// An element by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    SyncMl,
    SyncHdr,
    SyncBody,
    VerDtd,
    VerProto,
    SessionId,
    MsgId,
    RespUri,
    Target,
    Source,
    LocUri,
    LocName,
    NoResp,
    Cred,
    Meta,
    Format,
    Type,
    CmdId,
    MsgRef,
    CmdRef,
    Cmd,
    TargetRef,
    SourceRef,
    Chal,
    Correlator,
    Item,
    Data,
    MoreData,
    Final,
    /// Add, Replace, Delete, Get, Copy: any number of items.
    Plain,
    Exec,
    /// Atomic, Sequence.
    Group,
    Alert,
    Status,
    Results,
    Other,
}

/// What a local name stands for.
///
/// A table would be searched ten times a command, which is most of what reading takes.
pub(super) fn element(name: &str) -> Element {
    match name {
        "Item" => Element::Item,
        "Target" => Element::Target,
        "LocURI" => Element::LocUri,
        "Data" => Element::Data,
        "CmdID" => Element::CmdId,
        "Meta" => Element::Meta,
        "Format" => Element::Format,
        "Type" => Element::Type,
        "Source" => Element::Source,
        "Replace" | "Get" | "Add" | "Delete" | "Copy" => Element::Plain,
        "Status" => Element::Status,
        "CmdRef" => Element::CmdRef,
        "MsgRef" => Element::MsgRef,
        "Cmd" => Element::Cmd,
        "Results" => Element::Results,
        "Exec" => Element::Exec,
        "Atomic" | "Sequence" => Element::Group,
        "TargetRef" => Element::TargetRef,
        "SourceRef" => Element::SourceRef,
        "Alert" => Element::Alert,
        "NoResp" => Element::NoResp,
        "Final" => Element::Final,
        "SyncML" => Element::SyncMl,
        "SyncHdr" => Element::SyncHdr,
        "SyncBody" => Element::SyncBody,
        "VerDTD" => Element::VerDtd,
        "VerProto" => Element::VerProto,
        "SessionID" => Element::SessionId,
        "MsgID" => Element::MsgId,
        "RespURI" => Element::RespUri,
        "LocName" => Element::LocName,
        "Cred" => Element::Cred,
        "Chal" => Element::Chal,
        "Correlator" => Element::Correlator,
        "MoreData" => Element::MoreData,
        _ => Element::Other,
    }
}

impl Element {
    /// Whether it may stand at the top of a document without a root.
    pub(super) fn is_bare(self) -> bool {
        matches!(self, Self::Plain | Self::Exec | Self::Group)
    }

    /// The children of this element in the order of the OMA SyncML DTD; what is not listed may stand
    /// anywhere.
    fn order(self) -> &'static [Self] {
        match self {
            Self::SyncHdr => &HEADER,
            Self::Item => &ITEM,
            Self::Plain | Self::Exec => &COMMAND,
            Self::Group => &GROUP,
            Self::Alert => &ALERT,
            Self::Status => &STATUS,
            Self::Results => &RESULTS,
            _ => &[],
        }
    }

    /// The place of a child among its siblings, counted from 1; 0 when it may stand anywhere.
    pub(super) fn rank(self, child: Self) -> u8 {
        let place = self.order().iter().position(|listed| *listed == child);
        place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or(0)
    }

    /// Whether the element may stand several times in its parent.
    pub(super) fn repeats(self) -> bool {
        matches!(self, Self::Item | Self::TargetRef | Self::SourceRef)
    }
}

static HEADER: [Element; 10] = [
    Element::VerDtd,
    Element::VerProto,
    Element::SessionId,
    Element::MsgId,
    Element::Target,
    Element::Source,
    Element::RespUri,
    Element::NoResp,
    Element::Cred,
    Element::Meta,
];
static COMMAND: [Element; 6] = [
    Element::CmdId,
    Element::NoResp,
    Element::Cred,
    // Of an Exec alone.
    Element::Correlator,
    Element::Meta,
    Element::Item,
];
static GROUP: [Element; 3] = [Element::CmdId, Element::NoResp, Element::Meta];
static ALERT: [Element; 6] = [
    Element::CmdId,
    Element::NoResp,
    Element::Cred,
    Element::Data,
    Element::Correlator,
    Element::Item,
];
static STATUS: [Element; 10] = [
    Element::CmdId,
    Element::MsgRef,
    Element::CmdRef,
    Element::Cmd,
    Element::TargetRef,
    Element::SourceRef,
    Element::Cred,
    Element::Chal,
    Element::Data,
    Element::Item,
];
static RESULTS: [Element; 7] = [
    Element::CmdId,
    Element::MsgRef,
    Element::CmdRef,
    Element::Meta,
    Element::TargetRef,
    Element::SourceRef,
    Element::Item,
];
static ITEM: [Element; 5] =
    [Element::Target, Element::Source, Element::Meta, Element::Data, Element::MoreData];
