use thiserror::Error;

/// Says that a text is not one of the codes of an enumeration.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("unknown {kind} code")]
pub struct CodeError {
    /// Name of the enumeration.
    pub kind: &'static str,
}

/// Defines an enum whose variants have a stable text form, stored and sent as it is.
///
/// Gives `code()`, `ALL`, `Display`, `FromStr` (error: [`CodeError`]) and serde by code.
#[macro_export]
macro_rules! stable_codes {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of the law or of use.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable text stored and sent.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::CodeError;

            fn from_str(text: &str) -> Result<Self, $crate::CodeError> {
                match text {
                    $($code => Ok(Self::$variant),)+
                    _ => Err($crate::CodeError { kind: stringify!($name) }),
                }
            }
        }

        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> $crate::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as $crate::__serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err($crate::__serde::de::Error::custom)
            }
        }
    };
}

stable_codes! {
    /// What an organisation is under the Act.
    pub enum OrganisationKind {
        /// 特別社会基盤事業者 (Act Art. 2(3)).
        Operator = "operator",
        /// 特別社会基盤事業所管大臣, with the Financial Services Agency for finance (Act Arts 4, 74(2)).
        Ministry = "ministry",
        /// A head of a regional office with delegated power (Cabinet Order Art. 3).
        RegionalOffice = "regional_office",
        /// 内閣総理大臣, in practice the Cabinet Office and the National Cybersecurity Office.
        CabinetOffice = "cabinet_office",
        /// サイバー通信情報監理委員会 (Act Art. 46).
        Committee = "committee",
        /// 委託先 of an operator.
        Contractor = "contractor",
    }
}

stable_codes! {
    /// What a person may do for an organisation; the rules stand in `policy`.
    pub enum Role {
        /// Keeps the register and drafts notifications (起案者).
        Compliance = "compliance",
        /// Works on incident cases and may file a prompt report.
        Csirt = "csirt",
        /// Files to the authorities (承認者・提出者).
        Approver = "approver",
        /// Reads everything of the own organisation (閲覧者).
        Viewer = "viewer",
        /// Manages people and settings of the own organisation (管理者); reads no filings.
        OrganisationAdmin = "organisation_admin",
        /// Fills in a delegated part (委託先).
        Contractor = "contractor",
        /// Receives, checks, asks for correction and forwards at a ministry or regional office.
        DeskOfficer = "desk_officer",
        /// Reads the queue of the own desk.
        DeskViewer = "desk_viewer",
        /// Receives reports and forwarded notifications at the Cabinet Office.
        CabinetAnalyst = "cabinet_analyst",
        /// Inspects logs for the committee.
        Auditor = "auditor",
        /// Runs the instance: outbox, jobs, backups; reads no filings.
        InstanceOperator = "instance_operator",
    }
}

stable_codes! {
    /// What a filed document is.
    pub enum FilingKind {
        /// Notification of computers, 様式第一 (Act Art. 4(1), Order Art. 2).
        AssetNotification = "asset_notification",
        /// Change of notified items, 様式第二 (Act Art. 4(3), Order Art. 3).
        AssetChange = "asset_change",
        /// Retirement of a notified computer, a change notification that ends it.
        AssetRetirement = "asset_retirement",
        /// 速報 (Order Art. 4(2)).
        IncidentPrompt = "incident_prompt",
        /// 続報, voluntary.
        IncidentUpdate = "incident_update",
        /// 詳報 (Order Art. 4(2)).
        IncidentFull = "incident_full",
        /// Correction of a filed report (訂正).
        IncidentCorrection = "incident_correction",
        /// Withdrawal of a filed report (取下げ).
        IncidentWithdrawal = "incident_withdrawal",
    }
}

impl FilingKind {
    /// Tells notifications (Act Art. 4) from reports (Act Art. 5).
    pub const fn is_notification(self) -> bool {
        match self {
            Self::AssetNotification | Self::AssetChange | Self::AssetRetirement => true,
            Self::IncidentPrompt
            | Self::IncidentUpdate
            | Self::IncidentFull
            | Self::IncidentCorrection
            | Self::IncidentWithdrawal => false,
        }
    }

    /// Letters in front of a receipt number: TD 届出, HN 変更, HK 報告.
    pub const fn number_prefix(self) -> &'static str {
        match self {
            Self::AssetNotification => "TD",
            Self::AssetChange | Self::AssetRetirement => "HN",
            Self::IncidentPrompt
            | Self::IncidentUpdate
            | Self::IncidentFull
            | Self::IncidentCorrection
            | Self::IncidentWithdrawal => "HK",
        }
    }
}

stable_codes! {
    /// What an authority may direct under Act Arts 6, 7, 9 and 10.
    pub enum DirectiveKind {
        /// 命令: the Minister orders to notify, report or correct, with a deadline (Act Art. 6).
        Order = "order",
        /// 意見: the Prime Minister tells the Minister that an order should be issued (Act Art. 7).
        Opinion = "opinion",
        /// 報告又は資料の提出の求め: the Minister demands a report or materials (Act Art. 9).
        Demand = "demand",
        /// 指導及び助言 (Act Art. 10).
        Guidance = "guidance",
    }
}

impl DirectiveKind {
    /// Letters in front of its number: ME 命令, IK 意見, MO 求め, SD 指導.
    pub const fn number_prefix(self) -> &'static str {
        match self {
            Self::Order => "ME",
            Self::Opinion => "IK",
            Self::Demand => "MO",
            Self::Guidance => "SD",
        }
    }
}

stable_codes! {
    /// Which duty a directive is about.
    pub enum DirectiveDuty {
        /// Notification of computers (Act Art. 4(1)).
        Notification = "notification",
        /// Notification of changes (Act Art. 4(3)).
        Change = "change",
        /// Report of incidents (Act Art. 5).
        Report = "report",
    }
}

stable_codes! {
    /// How a directive ended.
    pub enum DirectiveOutcome {
        /// What was asked for was done.
        Fulfilled = "fulfilled",
        /// It was not done.
        NotFulfilled = "not_fulfilled",
        /// The authority took it back.
        Withdrawn = "withdrawn",
    }
}

stable_codes! {
    /// Where a filing stands on its way to one addressee.
    pub enum DeliveryState {
        /// Recorded and waiting in the outbox.
        Pending = "pending",
        /// In the addressee's queue.
        Delivered = "delivered",
        /// Opened by a person there.
        Opened = "opened",
        /// Given up after the last attempt; a person must act.
        Dead = "dead",
    }
}

stable_codes! {
    /// How surely a session is the person it says.
    pub enum Assurance {
        /// Password only; may do nothing but enrol or enter the second factor.
        Password = "password",
        /// Password and second factor.
        SecondFactor = "second_factor",
        /// An API token.
        Token = "token",
    }
}

stable_codes! {
    /// What an API token may be used for; always within the roles of its owner.
    pub enum TokenScope {
        /// Read what the owner may read.
        Read = "read",
        /// Draft: registers, cases, attachments.
        Write = "write",
        /// File to the authorities.
        File = "file",
    }
}

#[cfg(test)]
mod tests {
    use super::{FilingKind, Role};

    #[test]
    fn every_code_reads_back_as_its_value() {
        for role in Role::ALL {
            assert_eq!(role.code().parse(), Ok(*role));
        }
        for kind in FilingKind::ALL {
            assert_eq!(kind.code().parse(), Ok(*kind));
        }
    }

    #[test]
    fn a_code_in_other_case_is_refused() {
        assert!("Auditor".parse::<Role>().is_err());
    }
}
