//! Stable codes of the contract.

use ids::stable_codes;

stable_codes! {
    /// Which way a communication goes, by the addresses of its two ends (Act Art. 2(8)(i)).
    ///
    /// An end that is private, special, disputed or in no table makes the packet
    /// [`DropReason::Undetermined`]; it is never taken for foreign.
    pub enum Direction {
        /// 外内通信: from abroad into the country.
        Inbound = "soto_uchi",
        /// 内外通信: from the country abroad.
        Outbound = "uchi_soto",
        /// 外外通信: between two foreign ends, through the country.
        Transit = "soto_soto",
        /// 内内通信: within the country; never an object of a measure.
        Domestic = "uchi_uchi",
    }
}

impl Direction {
    /// The term of the law.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Inbound => "外内通信",
            Self::Outbound => "内外通信",
            Self::Transit => "外外通信",
            Self::Domestic => "内内通信",
        }
    }
}

stable_codes! {
    /// What the committee approved (Act Chapters 3, 4 and 6; not in force).
    pub enum MeasureKind {
        /// 当事者協定 (Act Arts 11 to 16).
        Agreement = "agreement",
        /// 外外通信目的送信措置 (Act Art. 17).
        ForeignTransit = "foreign_transit",
        /// 特定外内通信目的送信措置 (Act Art. 32).
        SpecificInbound = "specific_inbound",
        /// 特定内外通信目的送信措置 (Act Art. 33).
        SpecificOutbound = "specific_outbound",
    }
}

impl MeasureKind {
    /// The term of the law.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Agreement => "当事者協定",
            Self::ForeignTransit => "外外通信目的送信措置",
            Self::SpecificInbound => "特定外内通信目的送信措置",
            Self::SpecificOutbound => "特定内外通信目的送信措置",
        }
    }
}

stable_codes! {
    /// What a selection criterion looks at, cheapest first (Act Art. 22(2); not in force).
    pub enum CriterionKind {
        /// One address.
        Address = "address",
        /// A range of addresses.
        Prefix = "prefix",
        /// Protocol and port.
        Port = "port",
        /// A name asked for in the domain name system, or a suffix of one.
        DnsName = "dns_name",
        /// The server name of a TLS or QUIC handshake, or a suffix of one.
        ServerName = "server_name",
        /// A JA4 fingerprint of a TLS client.
        Ja4 = "ja4",
        /// Bytes of a command to malware (指令情報, Act Art. 2(8)(ii)).
        Signature = "signature",
        /// A mail address in an SMTP envelope.
        Mail = "mail",
    }
}

stable_codes! {
    /// What a record may hold besides times, direction and counts; a warrant names what it allows.
    pub enum InformationKind {
        /// Addresses of both ends.
        Addresses = "addresses",
        /// Ports and protocol.
        Ports = "ports",
        /// TCP flags.
        Flags = "flags",
        /// Names asked for in the domain name system.
        DnsNames = "dns_names",
        /// Server names of TLS and QUIC handshakes.
        ServerNames = "server_names",
        /// JA4 fingerprints.
        Fingerprints = "fingerprints",
        /// Which byte signature stood where.
        Signatures = "signatures",
        /// Mail addresses of SMTP envelopes, pseudonymised.
        MailAddresses = "mail_addresses",
    }
}

stable_codes! {
    /// Why a packet was examined and dropped.
    pub enum DropReason {
        /// No criterion is met.
        NoCriterion = "no_criterion",
        /// 内内通信.
        Domestic = "domestic",
        /// An end of it is private, special, disputed or in no table.
        Undetermined = "undetermined",
        /// The warrant does not cover its direction.
        OtherDirection = "other_direction",
        /// It is stamped outside the warrant's period.
        OutsidePeriod = "outside_period",
        /// The limit of the warrant on how much may be kept was reached.
        OverLimit = "over_limit",
        /// It is not of a kind the decoder knows, such as ARP or another link type.
        NotDecoded = "not_decoded",
        /// A length or field in it is impossible, or it ends too early.
        Malformed = "malformed",
        /// It wraps more tunnels than are opened.
        TooDeep = "too_deep",
    }
}

stable_codes! {
    /// Why a packet was not examined to the end.
    pub enum LossReason {
        /// The kernel dropped it before the engine could read it.
        Kernel = "kernel",
        /// The ring or queue between kernel and engine overran.
        Ring = "ring",
        /// The flow table was full and its flow had to go undecided.
        FlowTable = "flow_table",
        /// The bounded memory for starts of streams was full.
        Reassembly = "reassembly",
        /// A fragment whose first part did not come, or came too late.
        Fragment = "fragment",
        /// The capture cut it short of what had to be looked at.
        Truncated = "truncated",
        /// The template of the flow record was not known (IPFIX, NetFlow v9).
        NoTemplate = "no_template",
        /// The run ended before its flow was decided.
        Stopped = "stopped",
        /// It was to be kept, and the output could not be written.
        Output = "output",
    }
}
