// People of an organisation with an account in use, and how they want to be reminded.
pub(crate) const PEOPLE: &str = "
    SELECT p.id, f.quiet_from, f.quiet_until, f.mail
    FROM person p
    LEFT JOIN reminder_preference f ON f.person_id = p.id
    WHERE p.organisation_id = $1 AND p.enabled = 1
    ORDER BY p.id";

pub(crate) const PREFERENCE: &str = "
    SELECT p.id, f.quiet_from, f.quiet_until, f.mail
    FROM person p
    LEFT JOIN reminder_preference f ON f.person_id = p.id
    WHERE p.id = $1";

pub(crate) const SET_PREFERENCE: &str = "
    INSERT INTO reminder_preference (person_id, quiet_from, quiet_until, mail, changed_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (person_id) DO UPDATE
    SET quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, mail = excluded.mail,
        changed_at = excluded.changed_at";

pub(crate) const INSERT_NOTICE: &str = "
    INSERT INTO reminder_notice (id, person_id, kind, subject, anchor, anchor_at, hours, legal, sight, hour, created_at,
        read_at, mail_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, $12)
    ON CONFLICT (person_id, kind, subject, anchor, anchor_at, hours) DO NOTHING";

pub(crate) const IS_NOTICED: &str = "
    SELECT COUNT(*)
    FROM reminder_notice
    WHERE person_id = $1 AND kind = $2 AND subject = $3 AND anchor = $4 AND anchor_at = $5 AND hours = $6";

pub(crate) const NOTICES: &str = "
    SELECT id, person_id, kind, subject, anchor, anchor_at, hours, legal, sight, hour, created_at, read_at, mail_id
    FROM reminder_notice
    WHERE person_id = $1 AND ((created_at, id) < ($2, $3) OR $2 IS NULL)
    ORDER BY created_at DESC, id DESC
    LIMIT $4";

pub(crate) const COUNT_UNREAD: &str = "
    SELECT COUNT(*)
    FROM reminder_notice
    WHERE person_id = $1 AND read_at IS NULL";

pub(crate) const READ_NOTICE: &str = "
    UPDATE reminder_notice
    SET read_at = $3
    WHERE person_id = $1 AND id = $2 AND read_at IS NULL";

pub(crate) const READ_ALL_NOTICES: &str = "
    UPDATE reminder_notice
    SET read_at = $3
    WHERE person_id = $1 AND created_at <= $2 AND read_at IS NULL";

pub(crate) const INSERT_MAIL: &str = "
    INSERT INTO reminder_mail (id, person_id, address, due_at, legal, state, attempts, next_attempt_at, last_error,
        created_at, settled_at)
    VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, NULL, $6, NULL)";

pub(crate) const MAILS_DUE: &str = "
    SELECT id, person_id, address, due_at, legal, state, attempts, next_attempt_at, last_error, created_at, settled_at
    FROM reminder_mail
    WHERE state = 'waiting' AND next_attempt_at <= $1
    ORDER BY next_attempt_at, id
    LIMIT $2";

// Whoever moves the next attempt makes this one.
pub(crate) const CLAIM_MAIL: &str = "
    UPDATE reminder_mail
    SET attempts = attempts + 1, next_attempt_at = $4
    WHERE id = $1 AND state = 'waiting' AND attempts = $2 AND next_attempt_at = $3";

pub(crate) const SETTLE_MAIL: &str = "
    UPDATE reminder_mail
    SET state = $2, next_attempt_at = $3, last_error = $4, settled_at = $5
    WHERE id = $1 AND state = 'waiting'";

pub(crate) const MAILS: &str = "
    SELECT id, person_id, address, due_at, legal, state, attempts, next_attempt_at, last_error, created_at, settled_at
    FROM reminder_mail
    WHERE state = $1
    ORDER BY created_at DESC, id DESC
    LIMIT $2";

pub(crate) const COUNT_MAILS: &str = "
    SELECT COUNT(*)
    FROM reminder_mail
    WHERE state = $1";

// Last days of what an operator has to notify, the first first.
pub(crate) const DUE_DAYS: &str = "
    SELECT DISTINCT due_on
    FROM computer
    WHERE owner_id = $1 AND due_on IS NOT NULL AND phase IN ('draft', 'changed_since_notified', 'retirement_due')
    ORDER BY due_on
    LIMIT $2";

pub(crate) const FEED: &str = "
    SELECT person_id, created_at, fetched_at
    FROM calendar_feed
    WHERE person_id = $1";

pub(crate) const SET_FEED: &str = "
    INSERT INTO calendar_feed (person_id, secret_hash, created_at, fetched_at)
    VALUES ($1, $2, $3, NULL)
    ON CONFLICT (person_id) DO UPDATE
    SET secret_hash = excluded.secret_hash, created_at = excluded.created_at, fetched_at = NULL";

pub(crate) const REMOVE_FEED: &str = "
    DELETE FROM calendar_feed
    WHERE person_id = $1";

pub(crate) const FEED_BY_SECRET: &str = "
    SELECT person_id, created_at, fetched_at
    FROM calendar_feed
    WHERE secret_hash = $1";

pub(crate) const FEED_FETCHED: &str = "
    UPDATE calendar_feed
    SET fetched_at = $2
    WHERE person_id = $1";

pub(crate) const EVENTS: &str = "
    SELECT uid, due_at, sequence, changed_at
    FROM calendar_event
    WHERE person_id = $1
    ORDER BY uid";

pub(crate) const INSERT_EVENT: &str = "
    INSERT INTO calendar_event (person_id, uid, due_at, sequence, changed_at)
    VALUES ($1, $2, $3, 0, $4)
    ON CONFLICT (person_id, uid) DO NOTHING";

pub(crate) const UPDATE_EVENT: &str = "
    UPDATE calendar_event
    SET due_at = $3, sequence = $4, changed_at = $5
    WHERE person_id = $1 AND uid = $2";

pub(crate) const REMOVE_EVENT: &str = "
    DELETE FROM calendar_event
    WHERE person_id = $1 AND uid = $2";
