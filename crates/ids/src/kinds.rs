use crate::id::{Id, IdKind};

macro_rules! kinds {
    ($($(#[$doc:meta])* $alias:ident = $kind:ident, $name:literal;)*) => {$(
        $(#[$doc])*
        pub type $alias = Id<marker::$kind>;

        impl IdKind for marker::$kind {
            const NAME: &'static str = $name;
        }
    )*

        mod marker {
            $(#[derive(Debug)] pub enum $kind {})*
        }
    };
}

kinds! {
    /// An operator, a ministry, a regional office, the Cabinet Office or the committee.
    OrganisationId = Organisation, "organisation";
    /// A person with an account.
    PersonId = Person, "person";
    /// One login, from password to logout.
    SessionId = Session, "session";
    /// A token for the API.
    ApiTokenId = ApiToken, "api_token";
    /// Specified essential facility (特定重要設備, ESPA Art. 50(1)).
    FacilityId = Facility, "facility";
    /// Specified important computer (特定重要電子計算機, Act Art. 2(3)).
    ComputerId = Computer, "computer";
    /// One version of what is known of a computer.
    RevisionId = Revision, "revision";
    /// A document that has been filed (Act Arts 4 and 5).
    FilingId = Filing, "filing";
    /// An incident case: near misses and incidents that belong together (Act Art. 5).
    CaseId = Case, "case";
    /// One moment of becoming aware (認知).
    AwarenessId = Awareness, "awareness";
    /// A recorded decision not to report.
    DecisionId = Decision, "decision";
    /// The way of one filing to one addressee.
    DeliveryId = Delivery, "delivery";
    /// A desk's check of formal requirements (行政手続法 Art. 37).
    FormalCheckId = FormalCheck, "formal_check";
    /// A request for correction (補正依頼).
    CorrectionId = Correction, "correction";
    /// That somebody at a desk handles a filing, or nobody any more.
    AssignmentId = Assignment, "assignment";
    /// That one desk gave a filing to another desk of the same Minister (回付).
    TransferId = Transfer, "transfer";
    /// A report that a desk takes down for an operator, until it is filed.
    EntryId = Entry, "entry";
    /// What a person wants to see of a queue, kept by name.
    SavedFilterId = SavedFilter, "saved_filter";
    /// The passing on by the Minister to the Prime Minister (Act Art. 4(2)).
    ForwardingId = Forwarding, "forwarding";
    /// An order, opinion, demand or guidance of an authority (Act Arts 6, 7, 9, 10).
    DirectiveId = Directive, "directive";
    /// An answer to one.
    DirectiveReplyId = DirectiveReply, "directive_reply";
    /// Something begun and not yet filed.
    DraftId = Draft, "draft";
    /// A bulk import of computers.
    ImportId = Import, "import";
    /// A difference between the register and what it is compared with.
    ReconciliationTaskId = ReconciliationTask, "reconciliation_task";
    /// A commitment in a log.
    LeafId = Leaf, "leaf";
    /// A rule pack from outside the program.
    RulePackId = RulePack, "rule_pack";
    /// A limit that moved because the rule book changed.
    LimitChangeId = LimitChange, "limit_change";
    /// What a written name means, as someone confirmed.
    LearnedNameId = LearnedName, "learned_name";
    /// A file of published vulnerability information.
    AdvisoryFileId = AdvisoryFile, "advisory_file";
    /// A published piece of vulnerability information.
    AdvisoryId = Advisory, "advisory";
    /// One that may concern a computer.
    AdvisoryCandidateId = AdvisoryCandidate, "advisory_candidate";
    /// A way that a document takes inside an organisation before it is filed (決裁経路).
    ApprovalRouteId = ApprovalRoute, "approval_route";
    /// A request for approval (決裁の依頼).
    ApprovalId = Approval, "approval";
    /// Something done with a request for approval.
    ApprovalStepId = ApprovalStep, "approval_step";
    /// A person who stands in for another (代理).
    DeputyId = Deputy, "deputy";
    /// What a contractor may see and fill in (委託).
    DelegationId = Delegation, "delegation";
    /// What was handed to one more addressee of a case (提出).
    SubmissionId = Submission, "submission";
    /// What became of it.
    SubmissionEventId = SubmissionEvent, "submission_event";
    /// What a person was reminded of.
    NoticeId = Notice, "notice";
    /// A mail that says that something is due.
    ReminderMailId = ReminderMail, "reminder_mail";
    /// A unit of background work.
    JobId = Job, "job";
}
