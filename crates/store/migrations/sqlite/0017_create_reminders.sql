-- How a person wants to be reminded. Quiet hours are minutes of the day in Japan; none means never quiet.
CREATE TABLE reminder_preference (
  person_id BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
  quiet_from INTEGER,
  quiet_until INTEGER,
  mail TEXT,
  changed_at INTEGER NOT NULL,
  CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
) STRICT;

-- Mails that say that something is due, and nothing more. Kept until they are sent or given up.
CREATE TABLE reminder_mail (
  id BLOB NOT NULL PRIMARY KEY,
  person_id BLOB NOT NULL REFERENCES person (id),
  address TEXT NOT NULL,
  due_at INTEGER,
  legal INTEGER NOT NULL CHECK (legal IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'given_up')),
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  settled_at INTEGER,
  CHECK ((state = 'waiting') = (next_attempt_at IS NOT NULL)),
  CHECK ((state = 'waiting') = (settled_at IS NULL))
) STRICT;

CREATE INDEX reminder_mail_state ON reminder_mail (state, next_attempt_at);

-- What a person was reminded of. One row for each moment of each limit and person, whatever happens in between.
CREATE TABLE reminder_notice (
  id BLOB NOT NULL PRIMARY KEY,
  person_id BLOB NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  anchor TEXT NOT NULL CHECK (anchor IN ('start', 'limit')),
  anchor_at INTEGER NOT NULL,
  hours INTEGER NOT NULL,
  legal INTEGER NOT NULL CHECK (legal IN (0, 1)),
  sight TEXT NOT NULL CHECK (sight IN ('open', 'blind')),
  hour TEXT NOT NULL CHECK (hour IN ('ordinary', 'quiet')),
  created_at INTEGER NOT NULL,
  read_at INTEGER,
  mail_id BLOB REFERENCES reminder_mail (id),
  UNIQUE (person_id, kind, subject, anchor, anchor_at, hours)
) STRICT;

CREATE INDEX reminder_notice_person ON reminder_notice (person_id, created_at, id);
CREATE INDEX reminder_notice_unread ON reminder_notice (person_id) WHERE read_at IS NULL;

-- The address under which a calendar program fetches the limits of a person.
CREATE TABLE calendar_feed (
  person_id BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
  secret_hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  fetched_at INTEGER
) STRICT;

-- How each limit was last told to a calendar program, so that a change is told as a change.
CREATE TABLE calendar_event (
  person_id BLOB NOT NULL REFERENCES person (id),
  uid TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, uid)
) STRICT;
