use ids::stable_codes;

stable_codes! {
    /// What a person may be allowed to do; the codes are the action names in the policies.
    pub enum Action {
        /// Know the own organisation: name, settings, people as a number.
        ViewOrganisation = "view_organisation",
        /// Read the register of computers (Act Art. 4).
        ViewRegister = "view_register",
        /// Add and change computers in the register.
        EditRegister = "edit_register",
        /// Read an incident case.
        ViewCase = "view_case",
        /// Open and change an incident case.
        EditCase = "edit_case",
        /// Record that an event is not reported, and why (Order Art. 4(2)(i)-(iii)).
        DecideNotToReport = "decide_not_to_report",
        /// Say what further addressees must know, and record what was handed to them (提出).
        RecordSubmission = "record_submission",
        /// Send it out of the house.
        SendSubmission = "send_submission",
        /// Read what is begun and not yet filed.
        ViewDraft = "view_draft",
        /// Begin and change a draft, also of an answer to a request for correction.
        EditDraft = "edit_draft",
        /// File a notification, change or retirement (Act Art. 4(1), (3)).
        FileNotification = "file_notification",
        /// File any stage of a report: prompt, update, full, correction, withdrawal (Act Art. 5).
        FileReport = "file_report",
        /// File the prompt stage only (Order Art. 4(2)).
        FilePrompt = "file_prompt",
        /// File the prompt stage without the approvals that the own route asks for, to be ratified afterwards (追認).
        FileInEmergency = "file_in_emergency",
        /// Ask for approval of what is about to be filed (決裁の依頼).
        RequestApproval = "request_approval",
        /// Read a request for approval with the document as it was frozen.
        ViewApproval = "view_approval",
        /// Pass a stage or send the document back.
        DecideApproval = "decide_approval",
        /// Take one's request back (引戻し).
        PullBackApproval = "pull_back_approval",
        /// Say something about a request without deciding.
        CommentApproval = "comment_approval",
        /// Say which stages a kind of document passes in the own organisation.
        SetApprovalRoute = "set_approval_route",
        /// Give and end what people of a contractor may see and fill in (委託).
        ManageDelegation = "manage_delegation",
        /// Know of a delegation that one holds.
        ViewDelegation = "view_delegation",
        /// Read an item of a report that was delegated.
        ViewDelegated = "view_delegated",
        /// Fill in an item of a report that was delegated.
        FillDelegated = "fill_delegated",
        /// Know who stands in for whom.
        ViewDeputy = "view_deputy",
        /// Name who stands in for a person (代理), or end it.
        SetDeputy = "set_deputy",
        /// Read a filed document.
        ViewFiling = "view_filing",
        /// Read and download the receipt of a filing.
        ViewReceipt = "view_receipt",
        /// Read who has read the own filing.
        ViewReadLog = "view_read_log",
        /// Read what happened in a case or to a filing, in order.
        ViewTimeline = "view_timeline",
        /// Search and list filings.
        SearchFilings = "search_filings",
        /// Take copies of filings out of the program.
        ExportFilings = "export_filings",
        /// Check formal requirements (Administrative Procedure Act Art. 37).
        CheckForm = "check_form",
        /// Say who at the own desk handles a filing (担当者).
        AssignFiling = "assign_filing",
        /// Give a filing to another desk of the same Minister (回付; Act Art. 74, Cabinet Order Art. 3).
        TransferFiling = "transfer_filing",
        /// Take down for an operator what it told by telephone, on paper or by mail.
        WriteEntry = "write_entry",
        /// File what was taken down.
        FileEntry = "file_entry",
        /// Say whether what a desk took down is what the own organisation told.
        AnswerEntry = "answer_entry",
        /// Ask the filer for a correction (補正依頼).
        RequestCorrection = "request_correction",
        /// Answer a request for correction.
        AnswerCorrection = "answer_correction",
        /// Pass notified items to the Prime Minister (Act Art. 4(2)).
        ForwardToPrimeMinister = "forward_to_prime_minister",
        /// Read an order, opinion, demand or guidance (Act Arts 6, 7, 9, 10).
        ViewDirective = "view_directive",
        /// Issue one.
        IssueDirective = "issue_directive",
        /// Answer one.
        ReplyToDirective = "reply_to_directive",
        /// End one: fulfilled, not fulfilled, taken back.
        CloseDirective = "close_directive",
        /// Read the queue of a desk.
        ViewQueue = "view_queue",
        /// Read the entries of a log.
        ViewLog = "view_log",
        /// Verify a log.
        VerifyLog = "verify_log",
        /// Read the state of deliveries, never their content.
        ViewOutbox = "view_outbox",
        /// Start a delivery again.
        RetryDelivery = "retry_delivery",
        /// Look at the rule packs of this instance.
        ViewRuleBook = "view_rule_book",
        /// Bring in a signed rule pack, for approval by another person.
        ProposeRulePack = "propose_rule_pack",
        /// Put a rule pack in force that another person proposed.
        ApproveRulePack = "approve_rule_pack",
        /// Invite, disable and list the people of the own organisation.
        ManagePeople = "manage_people",
        /// Give or take a role; never one's own.
        GrantRole = "grant_role",
        /// Set up the second factor of a colleague anew; never one's own.
        ResetSecondFactor = "reset_second_factor",
        /// See the own account and end its sessions and tokens.
        ManageOwnAccount = "manage_own_account",
        /// Change the own password, second factor and recovery codes.
        ChangeOwnSecrets = "change_own_secrets",
        /// Issue an API token for oneself.
        IssueToken = "issue_token",
    }
}
