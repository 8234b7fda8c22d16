use ids::stable_codes;

stable_codes! {
    /// What differs from what, when a register is compared with what was notified and with lists (照合).
    pub enum DiscrepancyKind {
        /// In the register, and to be notified for the first time (Act Art. 4(1)).
        NotNotified = "not_notified",
        /// A notified item reads otherwise in the register (Act Art. 4(3)).
        Changed = "changed",
        /// Notified, and no longer in use (Act Art. 4(3)).
        Ended = "ended",
        /// In the list of what there is, and not in the register.
        InventoryOnly = "inventory_only",
        /// In the register, and not in the list of what there is.
        InventoryMissing = "inventory_missing",
        /// The list of what there is says something else.
        InventoryDiffers = "inventory_differs",
        /// In what was filed under the Economic Security Promotion Act, and not in the register.
        EspaOnly = "espa_only",
        /// Part of the facility, or said to be substituted, and not in what was filed there (Order Art. 2(4)).
        EspaMissing = "espa_missing",
        /// What was filed there names another product or supplier (Order Art. 2(4)).
        EspaDiffers = "espa_differs",
        /// Two computers of the register that may be one.
        Twice = "twice",
    }
}

impl DiscrepancyKind {
    /// Whether it comes from a list of the operator.
    pub const fn of_list(self) -> bool {
        match self {
            Self::InventoryOnly
            | Self::InventoryMissing
            | Self::InventoryDiffers
            | Self::EspaOnly
            | Self::EspaMissing
            | Self::EspaDiffers => true,
            Self::NotNotified | Self::Changed | Self::Ended | Self::Twice => false,
        }
    }
}

stable_codes! {
    /// What the limit of a difference counts by.
    pub enum CountsBy {
        /// What is to be notified of the computer itself.
        Duty = "duty",
        /// The notification of an introduction (Act Art. 4(1), Order Art. 2).
        Introduction = "introduction",
        /// The notification of a change (Act Art. 4(3), Order Art. 3(1)).
        Change = "change",
    }
}

stable_codes! {
    /// Where the task of a difference stands.
    pub enum TaskState {
        /// To be looked at.
        Open = "open",
        /// A person said why nothing is to be done.
        SetAside = "set_aside",
        /// The difference is no more.
        Closed = "closed",
    }
}

stable_codes! {
    /// Why the task of a difference was closed by itself.
    pub enum ClosedWhy {
        /// It was notified.
        Notified = "notified",
        /// The computer need not be notified.
        Exempt = "exempt",
        /// The computer is no longer in use.
        OutOfUse = "out_of_use",
        /// Another difference took its place.
        ChangedAgain = "changed_again",
        /// The list is no longer compared with.
        SourceChanged = "source_changed",
        /// Both agree now.
        Agrees = "agrees",
    }
}
